package mcpadapter

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

// Bounds of a filter, which may come from outside.
const (
	maxFilterEntries = 256 // more than the operations of most APIs
	maxGlobBytes     = 256
)

// Filter bounds which operations are listed and may be called. Each part that is set narrows; the zero value permits
// every operation.
//
// Of several filters an operation must pass each: that of [WithFilter] holds for every call, those of [Adapter.Narrow]
// for the calls of a context. None can permit what another one does not.
type Filter struct {
	// Toolsets permits the operations of these toolsets alone.
	Toolsets []string
	// Allow permits the operations whose name one of these globs matches. In a glob * stands for any characters, dots
	// too, ? for one, and [abc] for one of those, as in [path.Match]. Names are operationIds, in no other [NameStyle].
	Allow []string
	// Deny forbids the operations whose name one of these globs matches, whatever else permits them.
	Deny []string
	// ReadOnly permits only operations that change nothing, by [Annotations].
	ReadOnly bool
	// Sources names what sets each part, for those who are refused.
	Sources FilterSources
}

// FilterSources names what sets the parts of a [Filter] in a program: a flag, an environment variable, a header. A part
// without a name is called by that of its field.
type FilterSources struct{ Toolsets, Allow, Deny, ReadOnly string }

// WithFilter sets the filter that holds for every call. New fails if it names a toolset that does not exist, has a glob
// that no operation matches, or leaves no operation at all. Where the option is given several times, all the filters
// hold.
func WithFilter(f Filter) Option {
	return func(o *options) error {
		if !f.permitsAll() {
			o.filters = append(o.filters, f.clone())
		}
		return nil
	}
}

// filtersOf is the key of the filters that a context brings to the calls of one adapter.
type filtersOf struct{ engine *engine }

// Narrow returns a context whose calls the filter bounds too, beside those that hold already. The error is a
// [FilterError] if the filter is not sound; a context without the filter must then not be used in its place.
func (a *Adapter) Narrow(ctx context.Context, f Filter) (context.Context, error) {
	if err := a.check(&f); err != nil {
		return nil, err
	}
	if f.permitsAll() {
		return ctx, nil
	}
	key := filtersOf{a.engine}
	before, _ := ctx.Value(key).([]Filter)
	return context.WithValue(ctx, key, append(slices.Clip(before), f.clone())), nil
}

// Permitted reports whether the filters that hold for a call permit the tool. A tool of [Adapter.DynamicTools] is
// permitted unless it calls operations and none that it could call is.
func (t Tool) Permitted(ctx context.Context) bool {
	filters := t.engine.filtersIn(ctx)
	if t.dynamic != nil {
		return !t.dynamic.isIdle(filters)
	}
	return passes(filters, t.tool)
}

// Filtered returns the failure that a call of the tool gets because a filter does not permit it, or nil. Those of
// [Adapter.DynamicTools] are always called, and refuse operations themselves.
func (t Tool) Filtered(ctx context.Context) *Failure { return t.filtered(ctx) }

func (t *tool) filtered(ctx context.Context) *Failure {
	if t.dynamic != nil {
		return nil
	}
	var why, remedies []string
	for _, f := range t.engine.filtersIn(ctx) {
		for _, b := range f.bars(t) {
			why, remedies = append(why, b.reason), append(remedies, b.remedy)
		}
	}
	if why == nil {
		return nil
	}
	return &Failure{
		Code:    CodeFiltered,
		Message: t.name + " is filtered and nothing was sent: " + strings.Join(why, "; "),
		Advice: "To permit it, whoever set up this server or client has to " + strings.Join(remedies, " and ") +
			". Tell the user; do not look for another way to the same end.",
	}
}

// filtersIn lists the filters that hold for a call.
func (e *engine) filtersIn(ctx context.Context) []Filter {
	narrowed, _ := ctx.Value(filtersOf{e}).([]Filter)
	return append(slices.Clip(e.filters), narrowed...)
}

func passes(filters []Filter, t *tool) bool {
	return !slices.ContainsFunc(filters, func(f Filter) bool { return len(f.bars(t)) > 0 })
}

// bar is what keeps a tool from passing a filter, and what would let it.
type bar struct{ reason, remedy string }

func (f *Filter) bars(t *tool) []bar {
	var bars []bar
	sources := f.sources()
	if f.ReadOnly && !t.annotations.ReadOnly {
		bars = append(bars, bar{sources.ReadOnly + " permits only what changes nothing", "turn off " + sources.ReadOnly})
	}
	if len(f.Toolsets) > 0 && !slices.Contains(f.Toolsets, t.toolset) {
		bars = append(bars, bar{
			sources.Toolsets + " permits nothing of the toolset " + t.toolset,
			"add " + t.toolset + " to " + sources.Toolsets,
		})
	}
	if len(f.Allow) > 0 && matching(f.Allow, t.name) == "" {
		bars = append(bars, bar{sources.Allow + " does not name it", "add " + t.name + " to " + sources.Allow})
	}
	if glob := matching(f.Deny, t.name); glob != "" {
		bars = append(bars, bar{sources.Deny + " has " + glob, "take " + glob + " out of " + sources.Deny})
	}
	return bars
}

// rules says in words what the filter permits.
func (f *Filter) rules() []string {
	const most = 8 // entries of a list, as the rules are for a model to read
	short := func(entries []string) string {
		if len(entries) > most {
			entries = append(slices.Clone(entries[:most]), fmt.Sprintf("%d more", len(entries)-most))
		}
		return strings.Join(entries, ", ")
	}
	var rules []string
	sources := f.sources()
	if f.ReadOnly {
		rules = append(rules, "only what changes nothing ("+sources.ReadOnly+")")
	}
	if len(f.Toolsets) > 0 {
		rules = append(rules, "only the toolsets "+short(f.Toolsets)+" ("+sources.Toolsets+")")
	}
	if len(f.Allow) > 0 {
		rules = append(rules, "only "+short(f.Allow)+" ("+sources.Allow+")")
	}
	if len(f.Deny) > 0 {
		rules = append(rules, "not "+short(f.Deny)+" ("+sources.Deny+")")
	}
	return rules
}

func (f *Filter) sources() FilterSources {
	s := f.Sources
	for _, part := range []struct {
		source *string
		name   string
	}{
		{&s.Toolsets, "Filter.Toolsets"},
		{&s.Allow, "Filter.Allow"},
		{&s.Deny, "Filter.Deny"},
		{&s.ReadOnly, "Filter.ReadOnly"},
	} {
		if *part.source == "" {
			*part.source = part.name
		}
	}
	return s
}

// permitsAll tells whether no part of the filter is set.
func (f *Filter) permitsAll() bool {
	return f.Toolsets == nil && f.Allow == nil && f.Deny == nil && !f.ReadOnly
}

func (f *Filter) clone() Filter {
	c := *f
	c.Toolsets, c.Allow, c.Deny = slices.Clone(f.Toolsets), slices.Clone(f.Allow), slices.Clone(f.Deny)
	return c
}

// matching returns the first of the globs that matches a name, or "".
func matching(globs []string, name string) string {
	for _, glob := range globs {
		if ok, err := path.Match(glob, name); ok && err == nil {
			return glob
		}
	}
	return ""
}

// FilterError is returned for a filter that is not sound: it names what there is not, or leaves nothing.
type FilterError struct {
	Source  string   // what set the part, as in [FilterSources]; "": several
	Entry   string   // the toolset or glob; "": the part as a whole
	Problem string   // what is wrong with it
	Nearest []string // what may be meant, best first; possibly nothing
}

func (e *FilterError) Error() string {
	text := e.Problem
	if e.Entry != "" {
		text = strconv.Quote(phrase.Preview(e.Entry)) + " " + text
	}
	if e.Source != "" {
		text = e.Source + ": " + text
	}
	if len(e.Nearest) > 0 {
		text += "; did you mean " + strings.Join(e.Nearest, " or ") + "?"
	}
	return text
}

// check finds what the filter names in vain.
func (a *Adapter) check(f *Filter) error {
	sources := f.sources()
	for _, part := range []struct {
		source  string
		entries []string
		check   func(source, entry string) error
	}{
		{sources.Toolsets, f.Toolsets, a.checkToolset},
		{sources.Allow, f.Allow, a.checkGlob},
		{sources.Deny, f.Deny, a.checkGlob},
	} {
		if part.entries != nil && len(part.entries) == 0 {
			return &FilterError{Source: part.source, Problem: "is set and names nothing"}
		}
		if len(part.entries) > maxFilterEntries {
			return &FilterError{Source: part.source, Problem: fmt.Sprintf("has more than %d entries", maxFilterEntries)}
		}
		for _, entry := range part.entries {
			if entry == "" {
				return &FilterError{Source: part.source, Problem: "has an empty entry"}
			}
			if err := part.check(part.source, entry); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *Adapter) checkToolset(source, name string) error {
	sets := toolsetsOf(a.tools)
	if slices.Contains(sets, name) {
		return nil
	}
	e := &FilterError{Source: source, Entry: name, Problem: "is no toolset", Nearest: phrase.Nearest(name, sets, 1)}
	if e.Nearest == nil {
		e.Problem += "; there are " + strings.Join(sets, ", ")
	}
	return e
}

func (a *Adapter) checkGlob(source, glob string) error {
	if len(glob) > maxGlobBytes {
		return &FilterError{Source: source, Entry: glob, Problem: fmt.Sprintf("has more than %d bytes", maxGlobBytes)}
	}
	if _, err := path.Match(glob, ""); err != nil {
		return &FilterError{Source: source, Entry: glob, Problem: "is no glob: a [ or a \\ is not complete"}
	}
	if slices.ContainsFunc(a.tools, func(t *tool) bool { return matching([]string{glob}, t.name) != "" }) {
		return nil
	}
	return &FilterError{
		Source: source, Entry: glob, Problem: "matches no operation", Nearest: phrase.Nearest(glob, a.globs(glob), 1),
	}
}

// globs lists what a glob may be meant to be: all names or, if it ends or begins with a star, what they begin or end
// with.
func (a *Adapter) globs(like string) []string {
	var globs []string
	for _, t := range a.tools {
		words := strings.Split(t.name, ".")
		for i := range words[1:] {
			if strings.HasSuffix(like, "*") {
				globs = append(globs, strings.Join(words[:i+1], ".")+".*")
			}
			if strings.HasPrefix(like, "*") {
				globs = append(globs, "*."+strings.Join(words[i+1:], "."))
			}
		}
		globs = append(globs, t.name)
	}
	slices.Sort(globs)
	return slices.Compact(globs)
}

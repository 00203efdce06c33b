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

// Limits of a filter, which may come from outside.
const (
	maxFilterEntries = 256 // more than the operations of most APIs
	maxGlobBytes     = 256
)

// Filter limits which operations are listed and may be called. Each part that is set restricts it; the zero value
// permits every operation.
//
// An operation must pass every filter: that of [WithFilter] applies to every call, those of [Adapter.Narrow] to the
// calls of a context. No filter can permit what another rejects.
type Filter struct {
	// Toolsets permits only the operations of these toolsets.
	Toolsets []string
	// Allow permits only the operations whose name matches one of these patterns. In a pattern * matches any characters,
	// including dots, ? matches one, and [abc] one of those, as in [path.Match]. Names are operationIds, not names in
	// another [NameStyle].
	Allow []string
	// Deny rejects the operations whose name matches one of these patterns, whatever else permits them.
	Deny []string
	// ReadOnly permits only operations that change nothing, by [Annotations]. Operations that read a secret are among
	// them; a confirmation or [WithHiddenSecrets] guards those.
	ReadOnly bool
	// Name returns what to call a part in messages, such as the flag that sets it. nil, or "" for a part: its field, as
	// in [FilterPart.String].
	Name func(FilterPart) string
}

// FilterPart is one of the parts of a [Filter].
type FilterPart int

// The parts of a [Filter], in the order in which they are checked.
const (
	FilterToolsets FilterPart = iota + 1
	FilterAllow
	FilterDeny
	FilterReadOnly
)

// String returns the field of the part, such as Filter.Allow.
func (p FilterPart) String() string {
	switch p {
	case FilterToolsets:
		return "Filter.Toolsets"
	case FilterAllow:
		return "Filter.Allow"
	case FilterDeny:
		return "Filter.Deny"
	case FilterReadOnly:
		return "Filter.ReadOnly"
	}
	return fmt.Sprintf("FilterPart(%d)", int(p))
}

// WithFilter sets a filter for every call. New fails with a [FilterError] if it names an unknown toolset, has a pattern
// that matches no operation, or permits no operation. If the option is given more than once, all the filters apply.
func WithFilter(f Filter) Option {
	return func(o *options) error {
		if !f.permitsAll() {
			o.filters = append(o.filters, f.clone())
		}
		return nil
	}
}

// filtersOf is the context key of the filters for the calls of one adapter.
type filtersOf struct{ engine *engine }

// Narrow returns a context whose calls the filter limits too, in addition to the filters that apply already. If the
// filter is invalid it fails with a [FilterError] and returns a nil context; do not continue with the unfiltered one.
func (a *Adapter) Narrow(ctx context.Context, f Filter) (context.Context, error) {
	if err := a.checkFilter(&f); err != nil {
		return nil, err
	}
	if f.permitsAll() {
		return ctx, nil
	}
	key := filtersOf{a.engine}
	before, _ := ctx.Value(key).([]Filter)
	return context.WithValue(ctx, key, append(slices.Clip(before), f.clone())), nil
}

// Permitted reports whether the filters of the adapter and the context permit the tool. A tool of
// [Adapter.DynamicTools] is permitted unless it calls operations and may call none of them.
func (t Tool) Permitted(ctx context.Context) bool {
	filters := t.engine.filtersIn(ctx)
	if t.dynamic != nil {
		return !t.dynamic.isIdle(filters)
	}
	return passes(filters, t.tool)
}

// Filtered returns the failure of a call that a filter rejects, or nil. It is always nil for a tool of
// [Adapter.DynamicTools], which itself rejects operations.
func (t Tool) Filtered(ctx context.Context) *Failure { return t.filtered(ctx) }

func (t *tool) filtered(ctx context.Context) *Failure {
	if t.dynamic != nil {
		return nil
	}
	var why, remedies []string
	for _, f := range t.engine.filtersIn(ctx) {
		for _, v := range f.violations(t) {
			why, remedies = append(why, v.reason), append(remedies, v.remedy)
		}
	}
	if why == nil {
		return nil
	}
	return &Failure{
		Code:    CodeFiltered,
		Message: t.name + " is filtered and nothing was sent: " + strings.Join(why, "; "),
		Advice: "To permit it, the operator of this server or client has to " + strings.Join(remedies, " and ") +
			". Tell the user; do not try to work around it.",
	}
}

// filtersIn returns the filters for the calls of a context.
func (e *engine) filtersIn(ctx context.Context) []Filter {
	narrowed, _ := ctx.Value(filtersOf{e}).([]Filter)
	return append(slices.Clip(e.filters), narrowed...)
}

func passes(filters []Filter, t *tool) bool {
	return !slices.ContainsFunc(filters, func(f Filter) bool { return len(f.violations(t)) > 0 })
}

// violation reports why a filter rejects a tool and how to permit it.
type violation struct{ reason, remedy string }

func (f *Filter) violations(t *tool) []violation {
	var list []violation
	add := func(part FilterPart, reason, remedy string) {
		list = append(list, violation{f.name(part) + reason, remedy + f.name(part)})
	}
	if f.ReadOnly && !t.annotations.ReadOnly {
		add(FilterReadOnly, " permits only what changes nothing", "turn off ")
	}
	if len(f.Toolsets) > 0 && !slices.Contains(f.Toolsets, t.toolset) {
		add(FilterToolsets, " permits nothing of the toolset "+t.toolset, "add "+t.toolset+" to ")
	}
	if len(f.Allow) > 0 && matching(f.Allow, t.name) == "" {
		add(FilterAllow, " does not name it", "add "+t.name+" to ")
	}
	if glob := matching(f.Deny, t.name); glob != "" {
		add(FilterDeny, " has "+glob, "take "+glob+" out of ")
	}
	return list
}

// rules describes in words what the filter permits.
func (f *Filter) rules() []string {
	const most = 8 // entries of a list, as the rules are for a model to read
	short := func(entries []string) string {
		if len(entries) > most {
			entries = append(slices.Clone(entries[:most]), fmt.Sprintf("%d more", len(entries)-most))
		}
		return strings.Join(entries, ", ")
	}
	var rules []string
	if f.ReadOnly {
		rules = append(rules, "only what changes nothing ("+f.name(FilterReadOnly)+")")
	}
	if len(f.Toolsets) > 0 {
		rules = append(rules, "only the toolsets "+short(f.Toolsets)+" ("+f.name(FilterToolsets)+")")
	}
	if len(f.Allow) > 0 {
		rules = append(rules, "only "+short(f.Allow)+" ("+f.name(FilterAllow)+")")
	}
	if len(f.Deny) > 0 {
		rules = append(rules, "not "+short(f.Deny)+" ("+f.name(FilterDeny)+")")
	}
	return rules
}

// name returns what to call a part in messages.
func (f *Filter) name(part FilterPart) string {
	if f.Name != nil {
		if name := f.Name(part); name != "" {
			return name
		}
	}
	return part.String()
}

// permitsAll reports whether no part of the filter is set.
func (f *Filter) permitsAll() bool {
	return f.Toolsets == nil && f.Allow == nil && f.Deny == nil && !f.ReadOnly
}

func (f *Filter) clone() Filter {
	c := *f
	c.Toolsets, c.Allow, c.Deny = slices.Clone(f.Toolsets), slices.Clone(f.Allow), slices.Clone(f.Deny)
	return c
}

// matching returns the first pattern that matches a name, or "".
func matching(globs []string, name string) string {
	for _, glob := range globs {
		if ok, err := path.Match(glob, name); ok && err == nil {
			return glob
		}
	}
	return ""
}

// FilterError reports an invalid filter.
type FilterError struct {
	Part    FilterPart // 0: all filters together
	Name    string     // of the part, from [Filter.Name]
	Entry   string     // the toolset or pattern; "": the part as a whole
	Problem string     // what is wrong
	Nearest []string   // suggestions, best first; may be empty
}

func (e *FilterError) Error() string {
	text := e.Problem
	if e.Name != "" {
		text = e.Name + ": " + text
	}
	if len(e.Nearest) > 0 {
		text += "; did you mean " + strings.Join(e.Nearest, " or ") + "?"
	}
	return text
}

// checkFilter reports entries of the filter that are invalid or match nothing.
func (a *Adapter) checkFilter(f *Filter) error {
	for _, list := range []struct {
		part    FilterPart
		entries []string
		check   func(entry string) *FilterError
	}{
		{FilterToolsets, f.Toolsets, a.checkToolset},
		{FilterAllow, f.Allow, a.checkGlob},
		{FilterDeny, f.Deny, a.checkGlob},
	} {
		if err := checkEntries(list.entries, list.check); err != nil {
			err.Part, err.Name = list.part, f.name(list.part)
			return err
		}
	}
	return nil
}

func checkEntries(entries []string, check func(entry string) *FilterError) *FilterError {
	if entries != nil && len(entries) == 0 {
		return &FilterError{Problem: "is empty"}
	}
	if len(entries) > maxFilterEntries {
		return &FilterError{Problem: fmt.Sprintf("has more than %d entries", maxFilterEntries)}
	}
	for _, entry := range entries {
		if entry == "" {
			return &FilterError{Problem: "has an empty entry"}
		}
		if err := check(entry); err != nil {
			return err
		}
	}
	return nil
}

func (a *Adapter) checkToolset(name string) *FilterError {
	sets := toolsetsOf(a.tools)
	if slices.Contains(sets, name) {
		return nil
	}
	e := filterErrorf(name, "unknown toolset %q")
	if e.Nearest = phrase.Nearest(name, sets, 1); e.Nearest == nil {
		e.Problem += "; want one of " + strings.Join(sets, ", ")
	}
	return e
}

func (a *Adapter) checkGlob(glob string) *FilterError {
	if len(glob) > maxGlobBytes {
		return filterErrorf(glob, "%q has more than "+strconv.Itoa(maxGlobBytes)+" bytes")
	}
	if _, err := path.Match(glob, ""); err != nil {
		return filterErrorf(glob, `invalid pattern %q: a [ or a \ is not complete`)
	}
	if slices.ContainsFunc(a.tools, func(t *tool) bool { return matching([]string{glob}, t.name) != "" }) {
		return nil
	}
	e := filterErrorf(glob, "%q matches no operation")
	e.Nearest = phrase.Nearest(glob, a.globs(glob), 1)
	return e
}

// filterErrorf returns an error about an entry, which the problem quotes.
func filterErrorf(entry, problem string) *FilterError {
	return &FilterError{Entry: entry, Problem: fmt.Sprintf(problem, phrase.Preview(entry))}
}

// globs returns the patterns that a misspelt one may mean: all names and, if it ends or begins with a star, their
// prefixes or suffixes.
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

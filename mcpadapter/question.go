package mcpadapter

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/question"
)

// Limits of a question, so that a person can read it.
const (
	maxQuestionArguments = 12
	maxQuestionText      = 400 // of the operation's description

	questionTime = 5 * time.Second // for all its reads
)

// question describes in plain text what the call would do, to what. Everything in it that comes from the call or from
// the API may be the words of a third party, and so is quoted, limited and without control characters. It fails if the
// resource of the call does not exist.
func (c *call) question(ctx context.Context) (string, *Failure) {
	t := c.tool
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(t.title, ".") + "?\n")
	if t.operation.Description != "" {
		b.WriteString(phrase.Shorten(t.operation.Description, maxQuestionText) + "\n")
	}
	if t.risk.Has(RiskSends) {
		b.WriteString("It sends an email or a text message, which cannot be recalled.\n")
	}
	if t.risk.Has(RiskReadsSecret) && !t.engine.hides(ctx) {
		b.WriteString("It returns a secret, which the model and this conversation will have.\n")
	}
	ctx, cancel := context.WithTimeout(ctx, questionTime)
	defer cancel()
	l := &looker{call: c, left: maxReads, names: map[string]string{}}
	subject, missing := l.subjectText(ctx)
	if missing == nil {
		missing = l.nameArguments(ctx, subject.id)
	}
	if missing != nil {
		return "", missing
	}
	l.nameFields(ctx, subject.fields)
	b.WriteString("\n" + t.name + " with\n")
	l.writeArguments(&b)
	l.writeSubject(&b, subject)
	return strings.TrimSpace(b.String()), nil
}

// writeArguments writes a line for each argument, those of the path first, because they identify the resource.
func (l *looker) writeArguments(b *strings.Builder) {
	n := 0
	for _, arguments := range l.call.arguments() {
		for _, name := range value.SortedNames(arguments) {
			if n++; n <= maxQuestionArguments {
				id, _ := arguments[name].(string)
				b.WriteString("- " + name + ": " + l.label(question.Value(name, arguments[name]), id) + "\n")
			}
		}
	}
	switch {
	case n == 0:
		b.WriteString("- no arguments\n")
	case n > maxQuestionArguments:
		fmt.Fprintf(b, "- and %d more arguments\n", n-maxQuestionArguments)
	}
}

// arguments returns what would be sent, by location.
func (c *call) arguments() []map[string]any {
	list := []map[string]any{c.request.path, c.request.params}
	if !c.request.given {
		return list
	}
	if body, flat := c.request.body.(map[string]any); flat && c.tool.input().flat {
		return append(list, c.tool.input().flatBody(body))
	}
	return append(list, map[string]any{wholeBody: c.request.body})
}

// subject is the resource of a call, as a question describes it.
type subject struct {
	id     string           // from the path
	get    *tool            // that looked it up; nil: none does
	fields []question.Field // names and values of what identifies it
	note   string           // why it could not be looked up
	with   string           // what goes with it
}

// subjectText fetches the resource of the call and what goes with it. It returns a failure if the resource does not
// exist. Any other problem becomes a note and prevents nothing.
func (l *looker) subjectText(ctx context.Context) (subject, *Failure) {
	c := l.call
	s := subject{get: c.tool.lookup()}
	if s.get != nil {
		args := map[string]any{}
		for i, p := range s.get.bound.paths {
			v := c.request.path[c.tool.bound.paths[i].argument]
			args[p.argument] = v
			s.id, _ = v.(string)
		}
		resource, f := l.read(ctx, s.get, args)
		switch {
		case f != nil && f.Status == http.StatusNotFound && c.makesIt(s.get):
			s.get = nil
		case f != nil && f.Status == http.StatusNotFound:
			return s, gone(f, s.get)
		case f != nil:
			s.note = f.Code
			if f.Status != 0 {
				s.note = strconv.Itoa(f.Status) + " " + f.Code
			} else if f.Code == CodeInvalidArguments {
				s.note = f.Message
			}
		default:
			s.fields = question.Identifying(resource)
		}
	}
	s.with = l.withIt(ctx)
	return s, nil
}

// makesIt reports whether the call may make what the tool gets.
func (c *call) makesIt(get *tool) bool {
	return c.tool.risk.Has(RiskAdds) && pathShape(c.tool.operation.Path) == pathShape(get.operation.Path)
}

// nameFields looks up the IDs of the parents of a resource, as far as reads are left. One that does not exist stays as
// it is.
func (l *looker) nameFields(ctx context.Context, fields []question.Field) {
	for _, f := range fields {
		if id, err := strconv.Unquote(f.Value); err == nil && strings.HasSuffix(f.Name, "_id") {
			_ = l.name(ctx, id)
		}
	}
}

func (l *looker) writeSubject(b *strings.Builder, s subject) {
	switch {
	case s.get == nil:
	case s.note != "":
		b.WriteString("\nCould not look up this resource (" + s.get.name + ": " + question.Quote(s.note) + ").\n")
	case len(s.fields) == 0:
		b.WriteString("\n" + s.get.name + " finds it, and nothing that would name it.\n")
	default:
		b.WriteString("\nLooked up by " + s.get.name + ":\n")
		for _, f := range s.fields {
			id, _ := strconv.Unquote(f.Value)
			b.WriteString("- " + f.Name + ": " + l.label(f.Value, id) + "\n")
		}
	}
	if s.with != "" {
		b.WriteString("\n" + s.with + "\n")
	}
}

// lookup returns the tool that gets the resource of a call, if it is read-only and needs no arguments but those of the
// path; otherwise nil.
func (t *tool) lookup() *tool {
	get := t.engine.neighbours().getter(t)
	if get == nil || !get.annotations.ReadOnly || !get.needsPathAlone() {
		return nil
	}
	return get
}

func (t *tool) needsPathAlone() bool {
	return !slices.ContainsFunc(t.input().root.Properties, func(p value.Property) bool {
		return p.Required && t.input().locations[p.Name] != optable.InPath
	}) && len(t.input().exclusive) == 0
}

// pathShape returns a path template without the names of its parameters.
func pathShape(path string) string {
	var b strings.Builder
	for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if strings.HasPrefix(segment, "{") {
			segment = "{}"
		}
		b.WriteString("/" + segment)
	}
	return b.String()
}

// maxReads is how many GETs one question may take, in at most questionTime.
const maxReads = 3

// looker reads what a question names. It serves one question.
type looker struct {
	call  *call
	left  int               // reads
	names map[string]string // what IDs are of, quoted
}

// gone returns the failure of a call that is for something that does not exist, from the one of its lookup.
func gone(f *Failure, get *tool) *Failure {
	missing := *f
	missing.Message = strings.TrimSuffix(f.Message, ".") + "; looked up by " + get.name + ", nothing else was sent"
	return &missing
}

// namer returns the tool that gets what an ID is of and has x-lookup, or nil.
func (n *neighbours) namer(prefix string) *tool { return n.namers[prefix] }

// addNamer adds a tool with x-lookup that needs nothing but an ID with a prefix.
func (n *neighbours) addNamer(t *tool) {
	if len(t.operation.Lookup) == 0 || len(t.bound.paths) != 1 || !t.annotations.ReadOnly || !t.needsPathAlone() {
		return
	}
	p := pathParameterOf(t.operation, t.bound.paths[0].name)
	if p != nil && p.Schema != nil && len(p.Schema.IDPrefixes) == 1 {
		n.namers[p.Schema.IDPrefixes[0]] = t
	}
}

// nameArguments looks up the IDs among the arguments, but for that of the call's resource. It returns the 404 for one
// that does not exist.
func (l *looker) nameArguments(ctx context.Context, own string) *Failure {
	for _, arguments := range l.call.arguments() {
		for _, name := range value.SortedNames(arguments) {
			text, isText := arguments[name].(string)
			p := l.call.tool.input().root.Property(name)
			if !isText || text == own || p == nil || len(p.Schema.IDPrefixes) == 0 {
				continue
			}
			if missing := l.name(ctx, text); missing != nil {
				return missing
			}
		}
	}
	return nil
}

// name looks up what an ID is of, unless it is known or no reads are left. It returns the failure if nothing has the
// ID; any other problem leaves the ID without a name.
func (l *looker) name(ctx context.Context, id string) *Failure {
	e := l.call.tool.engine
	get := e.neighbours().namer(e.kindOf(id))
	if _, known := l.names[id]; known || get == nil || l.left == 0 {
		return nil
	}
	resource, f := l.read(ctx, get, map[string]any{get.bound.paths[0].argument: id})
	if f != nil {
		if f.Status == http.StatusNotFound {
			return gone(f, get)
		}
		return nil
	}
	l.names[id] = named(resource, get.operation.Lookup)
	return nil
}

// named returns the values of the fields that name a resource, quoted.
func named(resource map[string]any, fields []string) string {
	var parts []string
	for _, field := range fields {
		if text, _ := resource[field].(string); text != "" {
			parts = append(parts, question.Quote(text))
		}
	}
	return strings.Join(parts, ", ")
}

// read calls a tool that reads, if its filters permit it, and returns the response.
func (l *looker) read(ctx context.Context, get *tool, args map[string]any) (map[string]any, *Failure) {
	result, f := l.send(ctx, get, args)
	if f != nil {
		return nil, f
	}
	resource, err := parseArguments(result.JSON, value.Parse)
	if err != nil {
		return nil, &Failure{Code: CodeRequestFailed, Message: "the response is unusable"}
	}
	return resource, nil
}

func (l *looker) send(ctx context.Context, get *tool, args map[string]any) (Result, *Failure) {
	if f := get.filtered(ctx); f != nil {
		return Result{}, f
	}
	look := call{tool: get}
	if f := look.checkParsed(args); f != nil {
		return Result{}, f
	}
	l.left--
	defer look.hold()()
	r := look.send(ctx)
	return r, r.Failure
}

// withIt counts what goes with the resource of a call (x-goes-with), in half a sentence; "": nothing, or it could not
// be counted.
func (l *looker) withIt(ctx context.Context) string {
	t := l.call.tool
	var parts []string
	for i := range t.operation.GoesWith {
		if l.left == 0 {
			break
		}
		related := &t.operation.GoesWith[i]
		if n, more := l.count(ctx, related); n > 0 {
			part := phrase.Plural(n, related.Noun)
			if more {
				part = "at least " + part
			}
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "With it go " + strings.Join(parts, " and ") + "."
}

// count returns how many items the first page of a list has, as large as it may be, and whether there are more.
func (l *looker) count(ctx context.Context, related *optable.Related) (n int, more bool) {
	t := l.call.tool
	list := t.engine.neighbours().byID[related.Operation]
	if list == nil {
		return 0, false
	}
	var from any
	for _, arguments := range l.call.arguments() {
		if v, given := arguments[related.From]; given {
			from = v
			break
		}
	}
	args := map[string]any{related.Argument: from}
	described := t.engine.listOf(list.operation)
	if described.Limit > 0 {
		args[t.engine.cursors.Limit] = json.Number(strconv.Itoa(described.Limit))
	}
	r, f := l.send(ctx, list, args)
	if f != nil {
		return 0, false
	}
	p, ok := described.Read(r.JSON)
	if !ok {
		return 0, false
	}
	return len(p.Elements), p.Next() != ""
}

// label returns a value with what it is the ID of.
func (l *looker) label(shown, id string) string {
	if name := l.names[id]; name != "" {
		return fmt.Sprintf("%s (%s)", shown, name)
	}
	return shown
}

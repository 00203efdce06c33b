package mcpadapter

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

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
	if len(t.operation.Lookup) == 0 || len(t.call.paths) != 1 || !t.annotations.ReadOnly || !t.needsPathAlone() {
		return
	}
	if p := pathParameterOf(t.operation, t.call.paths[0].name); p != nil && len(p.Schema.IDPrefixes) == 1 {
		n.namers[p.Schema.IDPrefixes[0]] = t
	}
}

// nameArguments looks up the IDs among the arguments, but for that of the call's resource. It returns the 404 for one
// that does not exist.
func (l *looker) nameArguments(ctx context.Context, own string) *Failure {
	for _, arguments := range l.call.arguments() {
		for _, name := range value.SortedNames(arguments) {
			text, isText := arguments[name].(string)
			p := l.call.tool.input.root.Property(name)
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
	resource, f := l.read(ctx, get, map[string]any{get.call.paths[0].argument: id})
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
			parts = append(parts, quoted(text))
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

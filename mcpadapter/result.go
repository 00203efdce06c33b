package mcpadapter

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// DefaultMaxResultBytes is a good limit for [WithMaxResultBytes]: about 12,000 tokens.
const DefaultMaxResultBytes = 48 << 10

// minResultBytes is the smallest limit, enough for what every result must contain.
const minResultBytes = 1 << 10

// WithMaxResultBytes limits the JSON of a result to n bytes, at least 1,024. The default is no limit.
//
// A list is cut after the last item that fits; "left_out" has how many are missing and the arguments to continue with,
// and the cursor of the response leads to the next item. Any other response that is too large is replaced by its shape
// under "too_large". A failure is shortened, but neither the question of a confirmation nor the first problem of the
// arguments is dropped.
func WithMaxResultBytes(n int) Option {
	return func(o *options) error {
		if n < minResultBytes {
			return fmt.Errorf("WithMaxResultBytes: %d is less than %d", n, minResultBytes)
		}
		o.maxResult = n
		return nil
	}
}

type resultBytesKey struct{}

// LimitResultBytes returns a context that limits the results of its calls to n bytes, at least 1,024. It cannot relax
// the limit of [WithMaxResultBytes] or of the context.
func LimitResultBytes(ctx context.Context, n int) context.Context {
	n = max(n, minResultBytes)
	if asked, ok := ctx.Value(resultBytesKey{}).(int); ok && asked <= n {
		return ctx
	}
	return context.WithValue(ctx, resultBytesKey{}, n)
}

// resultBytes returns the limit of a call in bytes; 0: none.
func (e *engine) resultBytes(ctx context.Context) int {
	asked, _ := ctx.Value(resultBytesKey{}).(int)
	switch {
	case asked == 0:
		return e.maxResult
	case e.maxResult == 0:
		return asked
	}
	return min(asked, e.maxResult)
}

// leftOut describes what is missing from a result.
type leftOut struct {
	missing int      // how many items were cut off
	more    bool     // whether more follow beyond what the call read
	reasons []string // sentences; none if nothing is missing
}

func (l *leftOut) addReasonf(format string, args ...any) {
	l.reasons = append(slices.Clip(l.reasons), fmt.Sprintf(format, args...))
}

// withLeftOut adds a member that says what was left out to an object. carryOn has the arguments that continue, or is
// nil.
func (l *leftOut) withLeftOut(root []jsontext.Member, name string, carryOn json.RawMessage) json.RawMessage {
	b := []byte{'{'}
	if l.missing > 0 {
		b = jsontext.AppendMember(b, "elements", strconv.Itoa(l.missing))
	}
	if l.more {
		b = jsontext.AppendMember(b, "more", "true")
	}
	if carryOn != nil {
		b = jsontext.AppendMember(b, "continue", string(carryOn))
	}
	b = append(jsontext.AppendMember(b, "reason", string(jsontext.AppendString(nil, strings.Join(l.reasons, " ")))), '}')
	return jsontext.AppendObject(nil, append(slices.Clip(root), jsontext.Member{Name: name, Value: b}))
}

// unusedName prefixes underscores until name collides with no member of the response, nor with one that the table says
// it may have.
func (t *tool) unusedName(root []jsontext.Member, name string) string {
	forms := t.engine.responseSchemas(t.operation)
	for jsontext.Lookup(root, name) != nil || len(t.engine.propertySchemas(forms, name)) > 0 {
		name = "_" + name
	}
	return name
}

// fitParts writes as many of the first parts as fit. It returns false if not even one does.
func fitParts(parts []json.RawMessage, limit int, write func(given int) json.RawMessage) (json.RawMessage, bool) {
	for given := len(parts); ; {
		text := write(given)
		over := len(text) - limit
		if limit == 0 || over <= 0 {
			return text, true
		}
		for ; over > 0 && given > 0; given-- {
			over -= len(parts[given-1]) + len(",")
		}
		if given == 0 {
			return nil, false
		}
	}
}

// fitPage returns a page with as many of its items as fit. whole has the items with all their properties.
func (t *tool) fitPage(l listing, p page, whole []json.RawMessage, limit int) json.RawMessage {
	text, fits := fitParts(p.elements, limit, func(given int) json.RawMessage {
		return t.firstOf(l, p, whole, given, limit)
	})
	if !fits {
		return t.tooLarge(p.json(l), limit)
	}
	return text
}

// firstOf returns a page with its first items.
func (t *tool) firstOf(l listing, p page, whole []json.RawMessage, given, limit int) json.RawMessage {
	c := t.engine
	if given == len(whole) && p.rest.reasons == nil {
		return p.json(l)
	}
	cut := page{members: slices.Clone(p.members), elements: p.elements[:given], rest: p.rest}
	var carryOn json.RawMessage
	if given < len(whole) {
		cut.rest.missing = len(whole) - given
		cut.rest.more = p.rest.more || p.next(c, l) != ""
		cut.rest.addReasonf("Cut to fit into %d bytes.", limit)
		cursor := p.cursorOf(whole[given-1])
		switch {
		case !t.annotations.ReadOnly:
			cut.rest.addReasonf("The call took effect: do not repeat it to see the rest.")
		case l.metadata == "":
			cut.rest.addReasonf("%s", t.askForLess())
		case cursor != nil:
			cut.setNext(c, l, cursor)
		case !p.gathered && l.limit > 0: // the cursor of the page would skip what is left out
			cut.setNext(c, l, json.RawMessage(null))
			carryOn = append(jsontext.AppendMember([]byte{'{'}, c.cursors.Limit, strconv.Itoa(given)), '}')
			cut.rest.addReasonf("Call again with that many at most for a cursor that leads to the rest.")
		default:
			cut.setNext(c, l, json.RawMessage(null))
			cut.rest.addReasonf("%s", t.askForLess())
		}
	}
	if cursor := cut.next(c, l); cursor != "" && t.annotations.ReadOnly {
		carryOn = c.after(cursor)
		cut.rest.addReasonf("Go on with the arguments in continue added to those of this call.")
	}
	root := jsontext.Members(cut.json(l))
	return cut.rest.withLeftOut(root, t.unusedName(root, "left_out"), carryOn)
}

// askForLess advises how to get a smaller response.
func (t *tool) askForLess() string {
	switch names := t.shapers; {
	case names.fields != "" && names.jq != "":
		return fmt.Sprintf("Ask for less with %s (paths to keep), or for a part with %s, such as .data[100:200].",
			names.fields, names.jq)
	case names.jq != "":
		return fmt.Sprintf("Ask for a part with %s, such as .data[100:200].", names.jq)
	case names.fields != "":
		return fmt.Sprintf("Ask for less with %s (paths to keep).", names.fields)
	}
	return "Ask for less."
}

// fitOutputs returns as many outputs of a jq program as fit. A single output that is an array is cut inside.
func (t *tool) fitOutputs(outputs []json.RawMessage, rest leftOut, carryOn json.RawMessage, limit int) json.RawMessage {
	parts, single := outputs, false
	if len(outputs) == 1 && outputs[0][0] == '[' {
		parts, single = jsontext.Elements(outputs[0]), true
	}
	write := func(given int) json.RawMessage {
		list := jsontext.AppendArray(nil, parts[:given])
		if single {
			list = jsontext.AppendArray(nil, []json.RawMessage{list})
		}
		root, left := []jsontext.Member{{Name: t.unusedName(nil, "jq"), Value: list}}, rest
		if given < len(parts) {
			left.missing = len(parts) - given
			left.addReasonf("Cut to fit into %d bytes; narrow the program, or take a part of its output.", limit)
		}
		if left.reasons == nil {
			return jsontext.AppendObject(nil, root)
		}
		return left.withLeftOut(root, t.unusedName(root, "left_out"), carryOn)
	}
	text, fits := fitParts(parts, limit, write)
	if !fits {
		all := []jsontext.Member{{Name: "jq", Value: jsontext.AppendArray(nil, outputs)}}
		return t.tooLarge(jsontext.AppendObject(nil, all), limit)
	}
	return text
}

// maxShown is how many members of an object its shape names.
const maxShown = 40

// maxShapeDepth is how many objects and arrays deep a shape goes.
const maxShapeDepth = 3

// tooLarge replaces a response that does not fit and cannot be cut by its size, its shape and advice how to get less.
func (t *tool) tooLarge(response json.RawMessage, limit int) json.RawMessage {
	advice := t.askForLess()
	if !t.annotations.ReadOnly {
		advice = "The call took effect: do not repeat it to see its response."
	}
	var text json.RawMessage
	for depth := maxShapeDepth; depth >= 0; depth-- {
		b := jsontext.AppendMember([]byte{'{'}, "bytes", strconv.Itoa(len(response)))
		b = jsontext.AppendMember(b, "at_most", strconv.Itoa(limit))
		b = jsontext.AppendMember(b, "shape", string(appendShape(nil, response, depth)))
		b = append(jsontext.AppendMember(b, "advice", string(jsontext.AppendString(nil, advice))), '}')
		text = jsontext.AppendObject(nil, []jsontext.Member{{Name: t.unusedName(nil, "too_large"), Value: b}})
		if len(text) <= limit {
			break
		}
	}
	return text
}

// appendShape appends the shape of a value: types instead of values, and the first item of an array.
func appendShape(b []byte, value json.RawMessage, depth int) []byte {
	switch value[0] {
	case '{':
		return appendObjectShape(b, jsontext.Members(value), depth)
	case '[':
		list := jsontext.Elements(value)
		if len(list) == 0 || depth == 0 {
			return jsontext.AppendString(b, "array of "+strconv.Itoa(len(list)))
		}
		b = append(jsontext.AppendString(append(b, '['), phrase.Plural(len(list), "element")+", the first"), ',')
		return append(appendShape(b, list[0], depth-1), ']')
	case '"':
		if len(value) > 100 {
			return jsontext.AppendString(b, fmt.Sprintf("string of %d bytes", len(value)-2))
		}
		return jsontext.AppendString(b, "string")
	case 't', 'f':
		return jsontext.AppendString(b, "boolean")
	case 'n':
		return append(b, null...)
	}
	return jsontext.AppendString(b, "number")
}

func appendObjectShape(b []byte, list []jsontext.Member, depth int) []byte {
	if len(list) == 0 || depth == 0 {
		return jsontext.AppendString(b, "object of "+phrase.Plural(len(list), "member"))
	}
	b = append(b, '{')
	shown := map[string]bool{}
	for _, m := range list {
		name := phrase.Preview(m.Name)
		if len(shown) == maxShown || shown[name] { // two long names may begin alike
			continue
		}
		shown[name] = true
		b = appendShape(jsontext.AppendMember(b, name, ""), m.Value, depth-1)
	}
	if rest := len(list) - len(shown); rest > 0 {
		b = jsontext.AppendMember(b, "…", string(jsontext.AppendString(nil, strconv.Itoa(rest)+" more")))
	}
	return append(b, '}')
}

// Names in the _meta of a result, as [Result.Meta] returns it. Their prefix is a domain of the project's, reversed (MCP
// revision 2025-11-25, basic, "_meta").
const (
	// MetaRepaired has the list of arguments that were repaired, as in [Result.Repaired].
	MetaRepaired = "io.github.seed-f165d83c.workos/repaired"
	// MetaRenamed has an object with the arguments that were accepted under other names, as in [Result.Renamed]: from
	// the name that was given to that of the argument.
	MetaRenamed = "io.github.seed-f165d83c.workos/renamed"
)

// Meta returns what belongs into the _meta of the result, or nil if there is nothing. The map is the caller's.
func (r Result) Meta() map[string]any {
	if len(r.Repaired) == 0 && len(r.Renamed) == 0 {
		return nil
	}
	meta := map[string]any{}
	if len(r.Repaired) > 0 {
		meta[MetaRepaired] = r.Repaired
	}
	if len(r.Renamed) > 0 {
		renamed := map[string]string{}
		for _, a := range r.Renamed {
			renamed[a.Given] = a.Argument
		}
		meta[MetaRenamed] = renamed
	}
	return meta
}

package mcpadapter

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/excerpt"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
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

// unusedName prefixes underscores until name collides with no member of the response, nor with one that the table says
// it may have.
func (t *tool) unusedName(root []jsontext.Member, name string) string {
	described := t.engine.responseForms(t.operation)
	for jsontext.Lookup(root, name) != nil || len(described.Property(t.engine.table, name)) > 0 {
		name = "_" + name
	}
	return name
}

// fitPage returns a page with as many of its items as fit. whole has the items with all their properties.
func (t *tool) fitPage(l excerpt.List, p excerpt.Page, whole []json.RawMessage, limit int) json.RawMessage {
	text, fits := excerpt.Fit(p.Elements, limit, func(given int) json.RawMessage {
		return t.firstOf(l, p, whole, given, limit)
	})
	if !fits {
		return t.tooLarge(p.JSON(), limit)
	}
	return text
}

// firstOf returns a page with its first items.
func (t *tool) firstOf(l excerpt.List, p excerpt.Page, whole []json.RawMessage, given, limit int) json.RawMessage {
	c := t.engine
	if given == len(whole) && p.Rest.Reasons == nil {
		return p.JSON()
	}
	cut := p.First(given)
	var carryOn json.RawMessage
	if given < len(whole) {
		cut.Rest.Missing = len(whole) - given
		cut.Rest.More = p.Rest.More || p.Next() != ""
		cut.Rest.AddReasonf("Cut to fit into %d bytes.", limit)
		cursor := p.CursorOf(whole[given-1])
		switch {
		case !t.annotations.ReadOnly:
			cut.Rest.AddReasonf("The call took effect: do not repeat it to see the rest.")
		case l.Metadata == "":
			cut.Rest.AddReasonf("%s", t.askForLess())
		case cursor != nil:
			cut.SetNext(cursor)
		case !p.Gathered() && l.Limit > 0: // the cursor of the page would skip what is left out
			cut.SetNext(json.RawMessage(null))
			carryOn = append(jsontext.AppendMember([]byte{'{'}, c.cursors.Limit, strconv.Itoa(given)), '}')
			cut.Rest.AddReasonf("Call again with that many at most for a cursor that leads to the rest.")
		default:
			cut.SetNext(json.RawMessage(null))
			cut.Rest.AddReasonf("%s", t.askForLess())
		}
	}
	if cursor := cut.Next(); cursor != "" && t.annotations.ReadOnly {
		carryOn = l.Continue(cursor)
		cut.Rest.AddReasonf("Go on with the arguments in continue added to those of this call.")
	}
	root := jsontext.Members(cut.JSON())
	return cut.Rest.AppendTo(root, t.unusedName(root, "left_out"), carryOn)
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
func (t *tool) fitOutputs(
	outputs []json.RawMessage, rest excerpt.LeftOut, carryOn json.RawMessage, limit int,
) json.RawMessage {
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
			left.Missing = len(parts) - given
			left.AddReasonf("Cut to fit into %d bytes; narrow the program, or take a part of its output.", limit)
		}
		if left.Reasons == nil {
			return jsontext.AppendObject(nil, root)
		}
		return left.AppendTo(root, t.unusedName(root, "left_out"), carryOn)
	}
	text, fits := excerpt.Fit(parts, limit, write)
	if !fits {
		all := []jsontext.Member{{Name: "jq", Value: jsontext.AppendArray(nil, outputs)}}
		return t.tooLarge(jsontext.AppendObject(nil, all), limit)
	}
	return text
}

// tooLarge replaces a response that does not fit and cannot be cut by its size, its shape and advice how to get less.
func (t *tool) tooLarge(response json.RawMessage, limit int) json.RawMessage {
	advice := t.askForLess()
	if !t.annotations.ReadOnly {
		advice = "The call took effect: do not repeat it to see its response."
	}
	var text json.RawMessage
	for depth := excerpt.MaxDepth; depth >= 0; depth-- {
		b := jsontext.AppendMember([]byte{'{'}, "bytes", strconv.Itoa(len(response)))
		b = jsontext.AppendMember(b, "at_most", strconv.Itoa(limit))
		b = jsontext.AppendMember(b, "shape", string(excerpt.AppendShape(nil, response, depth)))
		b = append(jsontext.AppendMember(b, "advice", string(jsontext.AppendString(nil, advice))), '}')
		text = jsontext.AppendObject(nil, []jsontext.Member{{Name: t.unusedName(nil, "too_large"), Value: b}})
		if len(text) <= limit {
			break
		}
	}
	return text
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

// redirects reports whether a redirect is a documented response.
func (t *tool) redirects() bool {
	return slices.ContainsFunc(t.operation.Responses, func(a optable.Response) bool { return a.Status/100 == 3 })
}

// describesText reports whether the table describes a success as text. 12 and true are texts, too.
func (t *tool) describesText() bool {
	return slices.ContainsFunc(t.operation.Responses, func(a optable.Response) bool {
		isText := func(c optable.Content) bool { return media.KindOf(c.MediaType) == media.Text }
		return a.Status/100 == 2 &&
			(media.KindOf(a.MediaType) == media.Text || slices.ContainsFunc(a.Others, isText))
	})
}

// mayBePage reports whether the table leaves open that a success is an HTML page: it describes no response, or one of
// another type than JSON.
func (t *tool) mayBePage() bool {
	described := false
	for i := range t.operation.Responses {
		r := &t.operation.Responses[i]
		if r.Status != 0 && r.Status/100 != 2 {
			continue
		}
		described = described || r.Status != 0
		isPage := func(c optable.Content) bool { return !isJSONType(c.MediaType) }
		if !isJSONType(r.MediaType) || slices.ContainsFunc(r.Others, isPage) {
			return true
		}
	}
	return !described
}

// isJSONType reports whether a media type is one of JSON, or none.
func isJSONType(mediaType string) bool {
	kind := media.KindOf(mediaType)
	return mediaType == "" || kind == media.JSON || kind == media.Lines
}

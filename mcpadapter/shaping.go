package mcpadapter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/excerpt"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jq"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// WithShapingArguments adds arguments to every tool whose operation returns data. They shape the response and are never
// sent to the API:
//
//   - fields: paths to keep, in an array or in a comma-separated string such as data[].id,data[].name; the brackets
//     are optional. A path that the response cannot have is rejected before anything is sent, if the table describes
//     the response. The cursors of a list are always kept.
//
//   - jq: a program in the language of jq 1.8; the result is {"jq": [outputs…]}. It has no other input, no
//     environment, no modules, no function definitions and no assignments, may run for 2 seconds, and makes no value
//     much larger than the response. A program that uses anything else is rejected before anything is sent. It cannot
//     be combined with fields.
//
//   - all_pages: true returns all pages of a list, combined, within [WithMaxElements] and [WithTimeout]. The result
//     says what ended it early, with the cursor to continue from. Only lists that are read and have cursors have this
//     argument.
//
//   - format: "table" returns the items of a list as one text under "table": a line with the names of the properties,
//     then a line for each item, with | between. A property with the same value in every item stands in the first line
//     alone, as name=value; ^ repeats the cell before it, and an empty cell is an absent property. A text that could be
//     read as JSON, and all that is no text, is JSON. It cannot be combined with jq.
//
// A tool with [RiskShowsOnce] has none of them, because what they leave out would be lost.
//
// If an operation has an argument of that name, ours is called answer_fields and so on; if that exists too, the tool
// does not have it. [Tool.ShapingArguments] returns the names.
//
// Published schemas include these arguments. With [WithTerseSchemas] they include them for lists alone, and those of
// [ProfileStandard] include fields alone: [Adapter.Guide] describes all of them once. Every tool accepts them in any
// case.
func WithShapingArguments() Option {
	return func(o *options) error {
		o.shapingArguments = true
		return nil
	}
}

// shapers are the names of the arguments that shape the response; "": the tool does not have it.
type shapers struct{ fields, jq, allPages, format string }

// shaping is what the arguments of a call select of the response. The zero value is all of it.
type shaping struct {
	fields   excerpt.Selection
	program  *jq.Program
	allPages bool
	table    bool
}

// nameShapers chooses the names of the arguments. They are published where it pays.
func (t *tool) nameShapers(in *input) {
	c := t.engine
	if !c.shapingArguments || !returnsData(t.operation) || t.risk.Has(RiskShowsOnce) {
		return
	}
	name := func(name string) string {
		for _, name := range []string{name, "answer_" + name} {
			if in.root.Property(name) == nil {
				return name
			}
		}
		return ""
	}
	t.shapers = shapers{fields: name("fields"), jq: name("jq")}
	l := c.listOf(t.operation)
	if l.Metadata != "" {
		t.shapers.allPages = name("all_pages")
	}
	if l.Items != "" {
		t.shapers.format = name("format")
	}
}

// returnsData reports whether the table describes data in a successful response.
func returnsData(op *optable.Operation) bool {
	return slices.ContainsFunc(op.Responses, func(a optable.Response) bool {
		return a.Status/100 == http.StatusOK/100 && a.Schema != nil
	})
}

func (t *tool) shapingProperties() []value.Property {
	var list []value.Property
	for _, p := range []struct {
		name, description string
		types             optable.Types
		members           []string
	}{
		{t.shapers.fields, aboutFields, optable.String, nil},
		{t.shapers.jq, aboutJQ, optable.String, nil},
		{t.shapers.format, aboutFormat, optable.String, []string{`"` + formatTable + `"`}},
		{t.shapers.allPages, aboutAllPages, optable.Boolean, nil},
	} {
		if p.name != "" {
			list = append(list, value.Property{Name: p.name, Schema: &value.Schema{
				Types: p.types, Description: p.description, Enum: p.members,
			}})
		}
	}
	return list
}

// What the arguments do.
const (
	aboutFields   = "Paths to keep: data.id,data.name."
	aboutJQ       = "Program for the response, not with fields: .data|length."
	aboutFormat   = `"table": a header and rows, for half the tokens.`
	aboutAllPages = "true: all pages at once; narrow it with fields or jq."
)

// guideToArguments says once what terse schemas leave out of every tool.
func (e *engine) guideToArguments() string {
	if !e.shapingArguments {
		return "Tools accept only the arguments that they list.\n"
	}
	return "Tools accept only the arguments that they list, and these for the response:\n" +
		"- fields: " + aboutFields + "\n- jq: " + aboutJQ + "\nLists also:\n- format: " + aboutFormat +
		"\n- all_pages: " + aboutAllPages + "\n"
}

// guided reports whether guideToArguments describes an argument.
func (t *tool) guided(name string) bool {
	return t.engine.profile == ProfileStandard && (name == t.shapers.fields || t.shapers.unpublished(name))
}

// unpublished reports whether a terse schema leaves out an argument that shapes the response.
func (s *shapers) unpublished(name string) bool {
	return name == s.jq || name == s.allPages || name == s.format
}

// ShapingArguments returns the arguments of the tool that shape its response; see [WithShapingArguments].
func (t Tool) ShapingArguments() []Argument {
	properties := t.shapingProperties()
	list := make([]Argument, 0, len(properties))
	for _, p := range properties {
		list = append(list, Argument{p.Name, p.Schema.Description})
	}
	return list
}

// takeShaping removes the arguments that shape the response from those for the operation, and checks them.
func (t *tool) takeShaping(r *repairer, args map[string]any) (s shaping, problems []Problem) {
	var c checker
	take := func(name string) (any, bool) { // null is what models send for an argument that they leave out
		v, given := args[name]
		if name == "" || !given {
			return nil, false
		}
		delete(args, name)
		return v, v != nil
	}
	if v, given := take(t.shapers.fields); given {
		paths, problem := excerpt.ParseFields(v, r.parse)
		if problem != "" {
			c.failf(t.shapers.fields, "%s", problem)
		} else {
			s.fields, problems = t.selectFields(paths, t.shapers.fields)
			c.problems = append(c.problems, problems...)
		}
	}
	if v, given := take(t.shapers.jq); given {
		c.program(&s, v, t.shapers)
	}
	if v, given := take(t.shapers.allPages); given {
		v = r.value(&value.Schema{Types: optable.Boolean}, v, t.shapers.allPages)
		s.allPages, _ = c.value(&value.Schema{Types: optable.Boolean}, v, t.shapers.allPages).(bool)
	}
	if v, given := take(t.shapers.format); given {
		text, _ := v.(string)
		switch {
		case text != formatTable:
			c.failf(t.shapers.format, "expected %q, got %s", formatTable, value.Describe(v))
		case s.program != nil:
			c.failf(t.shapers.format, "cannot go together with %s; give one of them", t.shapers.jq)
		default:
			s.table = true
		}
	}
	before := t.engine.cursors.Before
	if _, given := args[before]; given && s.allPages && t.input().locations[before] == optable.InQuery {
		c.failf(before, "cannot go together with %s, which reads forward; give %s",
			t.shapers.allPages, t.engine.cursors.After)
	}
	limit := t.engine.cursors.Limit
	if _, given := args[limit]; !given && s.allPages {
		if l := t.engine.listOf(t.operation); l.Limit > 0 { // as few requests as can be
			args[limit] = json.Number(strconv.Itoa(l.Limit))
		}
	}
	return s, c.problems
}

func (c *checker) program(s *shaping, v any, names shapers) {
	text, ok := v.(string)
	switch {
	case !ok:
		c.failf(names.jq, "expected a program as a string, got %s", value.Describe(v))
	case s.fields != nil:
		c.failf(names.jq, "cannot go together with %s; give one of them", names.fields)
	default:
		var err error
		if s.program, err = jq.Parse(text); err != nil {
			c.failf(names.jq, "%s", err)
		}
	}
}

// CodeProgramFailed is the code of a failure of the caller's jq program, after the operation succeeded.
const CodeProgramFailed = "jq_failed"

func (t *tool) runProgram(
	ctx context.Context, program *jq.Program, response json.RawMessage, p excerpt.Page, limit int,
) Result {
	outputs, err := t.engine.runInTurn(ctx, program, response)
	if err != nil {
		f := &Failure{
			Status: http.StatusOK, Code: CodeProgramFailed,
			Message: "the call succeeded, but the jq program failed: " + err.Error(),
			Advice:  "Details show the shape of the response. Correct the program and call again.",
			Details: excerpt.AppendShape(nil, response, excerpt.MaxDepth),
		}
		if errors.Is(err, errProgramsBusy) {
			f.Advice = "Call again in a moment, or without jq."
		}
		if !t.annotations.ReadOnly {
			f.Advice = "The call took effect: do not repeat it. Details show the shape of the response."
		}
		return failed(f).limited(limit)
	}
	rest := excerpt.LeftOut{More: p.Rest.More || outputs.Limit != "", Reasons: p.Rest.Reasons}
	if outputs.Limit != "" {
		rest.Reasons = append(slices.Clip(rest.Reasons), outputs.Limit)
	}
	return Result{JSON: t.fitOutputs(outputs.Values, rest, p.Continuation(), limit)}
}

// maxProgramWait is how long a program waits for its turn.
const maxProgramWait = 2 * time.Second

var errProgramsBusy = errors.New("too many other programs are running")

// runInTurn runs a program when it is its turn. At most as many run as may use processors, because each uses one,
// and memory.
func (e *engine) runInTurn(ctx context.Context, program *jq.Program, response json.RawMessage) (jq.Outputs, error) {
	wait := time.NewTimer(maxProgramWait)
	defer wait.Stop()
	select {
	case e.programTurns <- struct{}{}:
		defer func() { <-e.programTurns }()
	case <-ctx.Done():
		return jq.Outputs{}, jq.ErrCanceled
	case <-wait.C:
		return jq.Outputs{}, errProgramsBusy
	}
	return program.Run(ctx, response)
}

// selectFields returns the selection of the paths. If the table describes the response, a path that it cannot have is a
// problem with the nearest valid name.
func (t *tool) selectFields(paths []string, argument string) (excerpt.Selection, []Problem) {
	chosen := excerpt.Selection{}
	var c checker
	known := t.engine.responseForms(t.operation)
	for _, path := range paths {
		names := strings.Split(strings.ReplaceAll(path, "[]", ""), ".")
		if slices.Contains(names, "") {
			c.failf(argument, "%q is not a path: expected names with dots, such as data.id", phrase.Preview(path))
			continue
		}
		if absent := excerpt.Find(t.engine.table, known, names); absent != nil {
			p := Problem{Argument: argument, Message: absent.Message, Nearest: absent.Nearest}
			if near := t.nearestOfItem(names, absent); near != nil {
				p.Message, p.Nearest = fmt.Sprintf("%q is not in the response", phrase.Preview(path)), near
			}
			c.add(p)
			continue
		}
		chosen.Select(names)
	}
	if list := t.engine.listOf(t.operation); list.Metadata != "" {
		chosen.Select([]string{list.Metadata}) // or the next page could not be asked for
	}
	return chosen, c.problems
}

// nearestOfItem returns the path that one stands for which the response of a list cannot have, as its items have that
// or, where the list itself has nothing near, one that is near; nil: none.
func (t *tool) nearestOfItem(path []string, absent *excerpt.Absent) []string {
	list := t.engine.listOf(t.operation)
	if list.Items == "" {
		return nil
	}
	path = append([]string{list.Items}, path...)
	switch ofItem := excerpt.Find(t.engine.table, t.engine.responseForms(t.operation), path); {
	case ofItem == nil:
		return []string{strings.Join(path, ".")}
	case absent.Nearest == nil:
		return ofItem.Nearest
	}
	return nil
}

// formatTable is the value of the argument format.
const formatTable = "table"

// tableMember is the member of a result with the table, in place of the items.
const tableMember = "table"

// asTable returns a list with its items as a table, or the response unchanged if they cannot be one.
func (t *tool) asTable(l excerpt.List, response json.RawMessage) json.RawMessage {
	root := jsontext.Members(response)
	text, ok := excerpt.Table(jsontext.Elements(jsontext.Lookup(root, l.Items)))
	i := slices.IndexFunc(root, func(m jsontext.Member) bool { return m.Name == l.Items })
	if !ok || i < 0 {
		return response
	}
	root[i] = jsontext.Member{Name: t.unusedName(root, tableMember), Value: jsontext.AppendString(nil, text)}
	return jsontext.AppendObject(nil, root)
}

// formatted returns a list in the format that was asked for, if that fits.
func (t *tool) formatted(s shaping, l excerpt.List, response json.RawMessage, limit int) json.RawMessage {
	if !s.table {
		return response
	}
	if text := t.asTable(l, response); limit == 0 || len(text) <= limit {
		return text
	}
	return response
}

package mcpadapter_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// shapes has a method of each shape that no operation can call, and some of names that are hard to tell apart.
type shapes struct{}

func (shapes) Get(context.Context) (answer, error)                 { return nil, nil }
func (shapes) GetA09Z(context.Context) (answer, error)             { return nil, nil }
func (shapes) TwiceA(context.Context) (answer, error)              { return nil, nil }
func (shapes) Twicea(context.Context) (answer, error)              { return nil, nil }
func (shapes) TWICEA(context.Context) (answer, error)              { return nil, nil }
func (shapes) Nothing()                                            {}
func (shapes) OneResult(context.Context) answer                    { return nil }
func (shapes) ThreeResults(context.Context) (answer, error, bool)  { return nil, nil, false }
func (shapes) NoAnswer(context.Context) (string, error)            { return "", nil }
func (shapes) NoError(context.Context) (answer, bool)              { return nil, false }
func (shapes) NoArguments() (answer, error)                        { return nil, nil }
func (shapes) NoContext(string) (answer, error)                    { return nil, nil }
func (shapes) LateContext(string, context.Context) (answer, error) { return nil, nil } //nolint:revive // odd
func (shapes) Texts(context.Context, ...string) (answer, error)    { return nil, nil }
func (shapes) OneArgument(context.Context, ...func(context.Context)) (answer, error) {
	return nil, nil
}
func (shapes) OtherFirst(context.Context, ...func(string, *http.Request) error) (answer, error) {
	return nil, nil
}
func (shapes) OtherSecond(context.Context, ...func(context.Context, string) error) (answer, error) {
	return nil, nil
}
func (shapes) Editors(context.Context, ...editor) (answer, error) { return nil, nil }
func (shapes) Value(context.Context, query) (answer, error)       { return nil, nil }
func (shapes) Pointer(context.Context, *string) (answer, error)   { return nil, nil }
func (shapes) Whole(context.Context, int32) (answer, error)       { return nil, nil }
func (shapes) Extra(context.Context, string, int) (answer, error) { return nil, nil }

func TestMethodsThatNoOperationCanCallAreRefused(t *testing.T) {
	t.Parallel()
	const results = ": it does not return (*http.Response, error)"
	const context, editor = ": its first argument is no context", ": its last argument is no request editor"
	id := []optable.Parameter{{Name: "id", In: optable.InQuery}}
	path := []optable.Parameter{{
		Name: "x", In: optable.InPath, Required: true, Schema: &optable.Schema{Types: optable.String},
	}}
	for _, c := range []struct {
		op   optable.Operation
		want string // "": it is taken
	}{
		{optable.Operation{ID: "get"}, ""}, {optable.Operation{ID: "g.E-t"}, ""}, {optable.Operation{ID: "get_a09z"}, ""},
		{optable.Operation{ID: "GETA09Z"}, ""}, {optable.Operation{ID: "editors"}, ""},
		{optable.Operation{ID: "get_a0z"}, "mcpadapter_test.shapes has no method for it"},
		{optable.Operation{ID: "get_a9z"}, "mcpadapter_test.shapes has no method for it"},
		{optable.Operation{ID: "get_a09"}, "mcpadapter_test.shapes has no method for it"},
		{optable.Operation{ID: "get_09z"}, "mcpadapter_test.shapes has no method for it"},
		{optable.Operation{ID: "gett"}, "mcpadapter_test.shapes has no method for it"},
		{optable.Operation{ID: "twICe.a"}, "mcpadapter_test.shapes has several methods for it, which differ in case alone"},
		{optable.Operation{ID: "nothing"}, "method Nothing" + results},
		{optable.Operation{ID: "one_result"}, "method OneResult" + results},
		{optable.Operation{ID: "three_results"}, "method ThreeResults" + results},
		{optable.Operation{ID: "no_answer"}, "method NoAnswer" + results},
		{optable.Operation{ID: "no_error"}, "method NoError" + results},
		{optable.Operation{ID: "no_arguments"}, "method NoArguments" + context},
		{optable.Operation{ID: "no_context"}, "method NoContext" + context},
		{optable.Operation{ID: "late_context"}, "method LateContext" + context},
		{optable.Operation{ID: "texts"}, "method Texts" + editor},
		{optable.Operation{ID: "one_argument"}, "method OneArgument" + editor},
		{optable.Operation{ID: "other_first"}, "method OtherFirst" + editor},
		{optable.Operation{ID: "other_second"}, "method OtherSecond" + editor},
		{optable.Operation{ID: "get", Parameters: id}, "method Get: it takes no struct of parameters"},
		{optable.Operation{ID: "value", Parameters: id}, "method Value: it takes no struct of parameters"},
		{optable.Operation{ID: "pointer", Parameters: id}, "method Pointer: it takes no struct of parameters"},
		{optable.Operation{ID: "get", Path: "/{x}", Parameters: path}, "method Get: it has no argument for {x}"},
		{optable.Operation{ID: "get", Body: &optable.Body{}}, "method Get: it takes no body"},
		{
			optable.Operation{ID: "whole", Path: "/{x}", Parameters: path},
			`parameter "x": the table says string, the Go type is int32`,
		},
		{
			optable.Operation{ID: "extra", Path: "/a{x}b", Parameters: path},
			"method Extra: the table does not describe its argument of type int",
		},
		{optable.Operation{ID: "extra"}, "method Extra: the table does not describe its argument of type string"},
		{
			optable.Operation{ID: "extra", Path: "/{x}/{y}/{z}", Parameters: path}, "method Extra: it has no argument for {z}",
		},
	} {
		a, err := mcpadapter.New(shapes{}, tableOf(c.op), mcpadapter.WithStrict())
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: got %v, want it taken", c.op.ID, err)
			}
			continue
		}
		want := fmt.Sprintf("workos/mcpadapter: operation %q: %s", c.op.ID, c.want)
		if a != nil || err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", c.op.ID, err, want)
		}
	}
}

// A pattern that does not compile is found wherever it stands.
func TestBrokenPatternsAreFoundEverywhere(t *testing.T) {
	t.Parallel()
	type schema = optable.Schema
	broken := schema{Constraints: &optable.Constraints{Pattern: "("}}
	for name, s := range map[string]schema{
		"itself": broken, "items": {Items: &broken}, "others": {Additional: &broken}, "names": {PropertyNames: &broken},
		"a property": {Properties: []optable.Property{{Name: "a"}, {Name: "b", Schema: &broken}}},
		"oneOf":      {Composition: &optable.Composition{OneOf: []schema{{}, broken}}}, "anyOf": {Composition: &optable.Composition{AnyOf: []schema{broken, {}}}},
		"allOf":     {Composition: &optable.Composition{AllOf: []schema{{}, broken}}},
		"reference": {Ref: "broken"}, "deep": {Items: &schema{Composition: &optable.Composition{AnyOf: []schema{{Additional: &schema{Ref: "broken"}}}}}},
	} {
		component := broken
		component.Name = "broken"
		a, err := mcpadapter.New(&recorder{}, tableOf(optable.Operation{ID: "put", Body: &optable.Body{
			Required: true, Schema: &schema{Properties: []optable.Property{{Name: "v", Required: true, Schema: &s}}},
		}}, component), mcpadapter.WithStrict())
		if a != nil || err == nil || !strings.Contains(err.Error(), "pattern: error parsing regexp: missing closing )") {
			t.Errorf("%s: got %v, want the pattern refused", name, err)
		}
	}
	for name, s := range map[string]schema{
		"list": {Properties: []optable.Property{
			{Name: "name", Required: true}, {Name: "tags", Schema: &schema{Items: &broken}}, {Name: "labels"}, {Name: "inner"},
		}},
		"map": {Properties: []optable.Property{
			{Name: "name", Required: true}, {Name: "tags"}, {Name: "labels", Schema: &schema{Additional: &broken}},
			{Name: "inner"},
		}},
		"names of a map": {Properties: []optable.Property{
			{Name: "name", Required: true}, {Name: "tags"}, {Name: "labels", Schema: &schema{PropertyNames: &broken}},
			{Name: "inner"},
		}},
		"struct": {Properties: []optable.Property{
			{Name: "name", Required: true}, {Name: "tags"}, {Name: "labels"}, {Name: "inner", Schema: &broken},
		}},
		"field of a struct": {Properties: []optable.Property{
			{Name: "name", Required: true}, {Name: "tags"}, {Name: "labels"},
			{Name: "inner", Schema: &schema{Properties: []optable.Property{{Name: "count", Schema: &broken}}}},
		}},
	} {
		op := optable.Operation{ID: "body", Body: &optable.Body{Required: true, Schema: &s}}
		a, err := mcpadapter.New(fake{}, tableOf(op), mcpadapter.WithStrict())
		if a != nil || err == nil || !strings.Contains(err.Error(), "pattern: error parsing regexp: missing closing )") {
			t.Errorf("%s: got %v, want the pattern refused", name, err)
		}
	}
}

func TestPathValuesThatTheTypeCannotHoldAreNotSent(t *testing.T) {
	t.Parallel()
	a, err := mcpadapter.New(shapes{}, tableOf(optable.Operation{
		ID: "whole", Path: "/{x}", Parameters: []optable.Parameter{{
			Name: "x", In: optable.InPath, Required: true, Schema: &optable.Schema{Types: optable.Integer},
		}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]string{
		"2147483647":  mcpadapter.CodeRequestFailed, // the client is called, and returns nothing
		"-2147483648": mcpadapter.CodeRequestFailed,
		"2147483648":  mcpadapter.CodeInvalidArguments,
		"-2147483649": mcpadapter.CodeInvalidArguments,
	} {
		r := shoptest.Invoke(t, a, "whole", `{"x":`+value+`}`)
		shoptest.WantFailure(t, r, want, 0)
		if want == mcpadapter.CodeInvalidArguments {
			shoptest.WantParts(t, value, r.Failure.Message, "nothing was sent: x: read as int32: ")
		}
	}
}

// twice is a client with arguments of the names that a token takes.
type twice struct{}

func (twice) Drop(context.Context, *tokens) (answer, error) { return nil, nil }

type tokens struct {
	One   *string    `json:"confirmation,omitempty"`
	Two   *string    `json:"_confirmation,omitempty"`
	Three *time.Time `json:"__confirmation,omitempty"`
}

func TestTheTokenIsCalledWhatNoArgumentIs(t *testing.T) {
	t.Parallel()
	op := optable.Operation{ID: "drop", Method: http.MethodDelete, Path: "/d"}
	for _, name := range []string{"confirmation", "_confirmation", "__confirmation"} {
		op.Parameters = append(op.Parameters, optable.Parameter{Name: name, In: optable.InQuery})
	}
	a, err := mcpadapter.New(twice{}, tableOf(op), shoptest.Confirming(mcpadapter.ConfirmRisky))
	if err != nil {
		t.Fatal(err)
	}
	r := shoptest.Invoke(t, a, "drop", `{"confirmation":"a","_confirmation":"b"}`)
	shoptest.WantFailure(t, r, mcpadapter.CodeConfirmationRequired, 0)
	shoptest.WantParts(t, "advice", r.Failure.Advice, "with the same arguments and ___confirmation set to the token")
	shoptest.WantParts(t, "schema", string(shoptest.Tool(t, a, "drop").InputSchema()), `"___confirmation":{"type":"string"`)
}

// resets has the method that oapi-codegen writes for a body without content.
type resets struct{ got string }

func (c *resets) ResetWithBody(
	ctx context.Context, mediaType string, body io.Reader, editors ...editor,
) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://api.example/reset", body)
	if err != nil {
		return nil, err
	}
	r.Header.Add("Content-Type", mediaType)
	for _, edit := range editors {
		if err := edit(ctx, r); err != nil {
			return nil, err
		}
	}
	var b strings.Builder
	if err := r.Write(&b); err != nil {
		return nil, err
	}
	c.got += b.String()
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody, Request: r}, nil
}

func TestABodyWithoutContentIsNotSent(t *testing.T) {
	t.Parallel()
	c := &resets{}
	table := optable.Table{Operations: []optable.Operation{{ID: "reset", Method: http.MethodPost, Path: "/reset"}}}
	a, err := mcpadapter.New(c, &table)
	if err != nil {
		t.Fatal(err)
	}
	if r := shoptest.Invoke(t, a, "reset", `{"body":"x"}`); r.Failure == nil || c.got != "" {
		t.Errorf("got %s and sent %q, want nothing sent", r.Text(), c.got)
	}
	r := shoptest.Invoke(t, a, "reset", `{}`)
	if !strings.HasPrefix(c.got, "POST /reset HTTP/1.1\r\n") || strings.Contains(c.got, "Content-Type") || r.Failure != nil {
		t.Errorf("got %s and sent %q, want a request without a body", r.Text(), c.got)
	}
}

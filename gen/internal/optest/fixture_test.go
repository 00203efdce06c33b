package optest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// sent is a request as it went out.
type sent struct {
	method string
	path   string // escaped
	query  string // raw
	header http.Header
	body   []byte
}

// reply is the response to the next request.
type reply struct {
	status   int
	location string
	body     string // JSON, or nothing
}

// fixture is one operation in front of a transport that records what is sent. It serves one test.
type fixture struct {
	*testing.T

	op     *optable.Operation
	client *gen.ClientWithResponses
	call   reflect.Value // its typed method, once it has been looked up
	tool   mcpadapter.Tool
	schema *jsonschema.Schema // the tool's published input
	reply  reply
	sent   []sent
}

// descriptionFile is the description that package gen is generated from.
const descriptionFile = "../../../api.yaml"

func newFixture(t *testing.T, op *optable.Operation) *fixture {
	t.Helper()
	f := &fixture{T: t, op: op, reply: reply{status: http.StatusOK, body: `{}`}}
	transport := httpmock.NewMockTransport()
	transport.RegisterNoResponder(f.record) // whatever is sent
	doer := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	var err error
	if f.client, err = gen.NewClientWithResponses("https://api.example.com", gen.WithHTTPClient(doer)); err != nil {
		t.Fatalf("NewClientWithResponses: %v", err)
	}
	table := &optable.Table{Operations: []optable.Operation{*op}, Schemas: gen.Operations.Schemas}
	adapter, err := mcpadapter.New(f.client, table, mcpadapter.WithStrict())
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	f.tool = adapter.Tools()[0]
	if err := json.Unmarshal(f.tool.InputSchema(), &f.schema); err != nil {
		t.Fatalf("the published schema cannot be read: %v", err)
	}
	return f
}

// terse returns the tool's published input as an adapter with terse schemas writes it.
func (f *fixture) terse() json.RawMessage {
	f.Helper()
	table := &optable.Table{Operations: []optable.Operation{*f.op}, Schemas: gen.Operations.Schemas}
	adapter, err := mcpadapter.New(f.client, table, mcpadapter.WithStrict(), mcpadapter.WithTerseSchemas())
	if err != nil {
		f.Fatalf("New: %v", err)
	}
	return adapter.Tools()[0].InputSchema()
}

// record keeps a request and responds to it.
func (f *fixture) record(req *http.Request) (*http.Response, error) {
	s := sent{method: req.Method, path: req.URL.EscapedPath(), query: req.URL.RawQuery, header: req.Header}
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		s.body = body
	}
	f.sent = append(f.sent, s)
	resp := httpmock.NewStringResponse(f.reply.status, f.reply.body)
	if f.reply.body != "" {
		resp.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	if f.reply.location != "" {
		resp.Header.Set("Location", f.reply.location)
	}
	return resp, nil
}

// accept calls the tool with valid arguments and checks the one request that it sends.
func (f *fixture) accept(arguments map[string]any) mcpadapter.Result {
	f.Helper()
	f.sent = nil
	text := optest.Encode(f.T, arguments)
	result := f.tool.Invoke(f.Context(), text)
	switch {
	case result.Failure != nil:
		f.Errorf("got %s, want success with %s", result.Text(), text)
	case len(f.sent) != 1:
		f.Errorf("got %d requests, want 1 with %s", len(f.sent), text)
	default:
		f.compare(f.sent[0], arguments)
	}
	return result
}

// refuse calls the tool with arguments of which one is invalid, and checks that the failure names it and that nothing
// is sent. It returns what the failure says of the argument.
func (f *fixture) refuse(arguments map[string]any, argument string) mcpadapter.Problem {
	f.Helper()
	f.sent = nil
	text := optest.Encode(f.T, arguments)
	result := f.tool.Invoke(f.Context(), text)
	if len(f.sent) != 0 {
		f.Errorf("sent %s %s, want nothing, as %s is invalid in %s", f.sent[0].method, f.sent[0].path, argument, text)
	}
	if result.Failure == nil || result.Failure.Code != mcpadapter.CodeInvalidArguments {
		f.Errorf("got %s, want a refusal of %s in %s", result.Text(), argument, text)
		return mcpadapter.Problem{}
	}
	for _, p := range result.Failure.Arguments {
		if p.Argument == argument && p.Message != "" {
			return p
		}
	}
	f.Errorf("got %s, want it to name %s in %s", result.Text(), argument, text)
	return mcpadapter.Problem{}
}

// eachOperation runs a parallel subtest for every operation of the table.
func eachOperation(t *testing.T, run func(f *fixture)) {
	t.Helper()
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			run(newFixture(t, op))
		})
	}
}

// eachPlace makes full arguments in every shape and visits each place in them. What a visit sets or removes is put back
// before the next.
func (f *fixture) eachPlace(visit func(s optest.Shape, arguments map[string]any, p optest.Place)) {
	f.Helper()
	for _, s := range optest.Shapes(f.op) {
		arguments := s.Full(f.schema)
		for _, p := range optest.Places(f.schema, arguments, "") {
			if parameter := optest.Parameter(f.op, p.Argument); parameter != nil {
				p.In = parameter.In
			}
			visit(s, arguments, p)
			p.Set(p.Value)
		}
	}
}

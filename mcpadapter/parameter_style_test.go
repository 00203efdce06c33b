package mcpadapter_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/depot"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/kiosk"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// What the client can write it writes, and the rest is added to its request.
func TestParametersInStylesThatTheClientRefusesAreAdded(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.Depot(t, shoptest.RespondWith(http.StatusNoContent, "", ""))
	r := shoptest.Invoke(t, a, "racks.find",
		`{"size":{"height":2},"rows":[1,2],"where":{"aisle":1},"load":{"from":1},"level":1}`)
	const want = "/racks?size[height]=2&rows=1|2&where[aisle]=1&load=from%201&level=1"
	if sent := wire.Seen(); r.Failure != nil || len(sent) != 1 || sent[0].URI != want {
		t.Errorf("got %s and %v, want %s", r.Text(), sent, want)
	}
}

// bare is a client whose method takes no request editors, so that nothing can be added to its requests.
type bare struct{ *depot.Client }

func (c bare) RacksFind(ctx context.Context, params *depot.RacksFindParams) (*http.Response, error) {
	return c.Client.RacksFind(ctx, params)
}

// Where nothing can be added, an optional parameter that the client cannot write is left out, and the log says so.
func TestParametersThatCannotBeAddedAreLeftOut(t *testing.T) {
	t.Parallel()
	wire := &shoptest.Server{HandlerFunc: shoptest.RespondWith(http.StatusNoContent, "", "")}
	listener := httptest.NewServer(wire)
	t.Cleanup(listener.Close)
	c, err := depot.NewClient(listener.URL, depot.WithHTTPClient(listener.Client()))
	if err != nil {
		t.Fatal(err)
	}
	table := depot.Operations
	table.Operations = slices.DeleteFunc(slices.Clone(table.Operations), func(op optable.Operation) bool {
		return op.ID != "racks.find"
	})
	var log bytes.Buffer
	a, err := mcpadapter.New(bare{c}, &table, mcpadapter.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if err != nil {
		t.Fatal(err)
	}
	r := shoptest.Invoke(t, a, "racks.find", `{"size":{"height":2},"rows":[1,2]}`)
	if sent := wire.Seen(); r.Failure != nil || len(sent) != 1 || sent[0].URI != "/racks?size[height]=2&rows=1|2" {
		t.Errorf("got %s and %v, want what the client can write", r.Text(), sent)
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 3 {
		t.Fatalf("got %d lines, want one for each parameter that is left out:\n%s", len(lines), log.String())
	}
	for i, c := range []struct{ name, value, reason, cure string }{
		{"where", `{"aisle":1}`, "what is not exploded in the style deepObject", "write explode: true"},
		{"load", `{"from":1}`, "anything but a list in the style spaceDelimited", "such as deepObject"},
		{"level", `1`, "a single value in the style deepObject", "remove the style"},
	} {
		shoptest.WantParts(t, "log", lines[i], "level=WARN", `msg="parameter is not an argument"`, "operation=racks.find",
			"method=GET", "path=/racks", `parameter \"`+c.name+`\": the client cannot write `+c.reason, c.cure)
		r := shoptest.Invoke(t, a, "racks.find", `{"`+c.name+`":`+c.value+`}`)
		shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		shoptest.WantParts(t, c.name, r.Text(), c.name)
		if sent := wire.Seen(); len(sent) > 0 {
			t.Errorf("%s: got %v, want nothing sent", c.name, sent)
		}
	}
}

// The client does refuse what is added or left out.
func TestTheClientRefusesWhatIsAdded(t *testing.T) {
	t.Parallel()
	one := 1
	for name, params := range map[string]*depot.RacksFindParams{
		"where": {Where: new(struct {
			Aisle *int `json:"aisle,omitempty"`
		}{&one})},
		"load": {Load: new(struct {
			From *int `json:"from,omitempty"`
		}{&one})},
		"level": {Level: &one},
	} {
		if r, err := depot.NewRacksFindRequest("https://depot.example", params); err == nil {
			t.Errorf("%s: got %s, want an error: the client can write the parameter", name, r.URL)
		}
	}
}

// Without a parameter that is required, or that the client always sends, no call succeeds.
func TestAnOperationWhoseParameterTheClientRefusesIsLeftOut(t *testing.T) {
	t.Parallel()
	c, err := kiosk.NewClient("https://kiosk.example")
	if err != nil {
		t.Fatal(err)
	}
	a, err := mcpadapter.New(c, &kiosk.Operations)
	if err != nil {
		t.Fatal(err)
	}
	want := []mcpadapter.Skipped{{
		"listShelves", http.MethodGet, "/shelves",
		`parameter "where": the client cannot write what is not exploded in the style deepObject`,
		"write explode: true, as servers read it, and generate the client again",
	}}
	if got := a.Skipped(); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	d, err := depot.NewClient("https://depot.example")
	if err != nil {
		t.Fatal(err)
	}
	table := depot.Operations
	table.Operations = slices.DeleteFunc(slices.Clone(table.Operations), func(op optable.Operation) bool {
		return op.ID != "racks.find"
	})
	_, err = mcpadapter.New(d, &table, mcpadapter.WithStrict())
	if err == nil {
		t.Fatal("got no error of a strict adapter")
	}
	shoptest.WantParts(t, "strict", err.Error(), `operation "racks.find"`, `parameter "where"`)
}

package mcpadapter_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// partly is a table of which the fake client has the first and the last operation.
func partly() *optable.Table {
	return &optable.Table{Operations: []optable.Operation{
		{ID: "plain", Method: http.MethodGet, Path: "/plain", Toolset: "a"},
		{ID: "gone", Method: http.MethodPost, Path: "/gone", Toolset: "b"},
		{ID: "item", Method: http.MethodGet, Path: "/item", Toolset: "b"},
		{ID: "bare", Method: http.MethodGet, Path: "/bare", Toolset: "b"},
	}}
}

func TestOperationsThatCannotBeToolsAreLeftOutAndReported(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	a, err := mcpadapter.New(fake{}, partly(), mcpadapter.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if err != nil {
		t.Fatal(err)
	}
	if got := namesOf(a.AllTools()); !slices.Equal(got, []string{"plain", "bare"}) {
		t.Errorf("got the tools %v, want plain and bare", got)
	}
	want := []mcpadapter.Skipped{
		{
			"gone", http.MethodPost, "/gone", "mcpadapter_test.fake has no method for it",
			"generate the client with the operation, which include-tags, exclude-operation-ids and the like may have left out",
		},
		{
			"item", http.MethodGet, "/item", "method Item: the table does not describe its argument of type string",
			"generate the client and the table from the same document",
		},
	}
	if got := a.Skipped(); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != len(want) {
		t.Fatalf("got %d lines, want one an operation:\n%s", len(lines), log.String())
	}
	for i, s := range want {
		shoptest.WantParts(t, "log", lines[i], "level=WARN", "operation="+s.Operation, "path="+s.Path, s.Reason, s.Cure)
	}
	a.Skipped()[0] = mcpadapter.Skipped{}
	if got := a.Skipped(); !slices.Equal(got, want) {
		t.Error("a change to the list changed the adapter")
	}
}

func TestTheNameOfASkippedOperationIsExplained(t *testing.T) {
	t.Parallel()
	a, err := mcpadapter.New(fake{}, partly())
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Tool("gone")
	unknown := (*mcpadapter.UnknownToolError)(nil)
	if !errors.As(err, &unknown) || unknown.Skipped == nil || unknown.Skipped.Operation != "gone" {
		t.Fatalf("got %v, want it explained", err)
	}
	shoptest.WantParts(t, "error", err.Error(), `unknown tool "gone": operation "gone" (POST /gone) is not a tool: `, "to cure it, ")
}

// What a filter rejects is not looked at, so it cannot be wrong either; a call of it reports the filter.
func TestFiltersApplyBeforeOperationsAreExamined(t *testing.T) {
	t.Parallel()
	a, err := mcpadapter.New(fake{}, partly(), mcpadapter.WithFilter(mcpadapter.Filter{Toolsets: []string{"a"}}))
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Skipped(); got != nil {
		t.Errorf("got %v, want none skipped", got)
	}
	if got := namesOf(a.Tools()); !slices.Equal(got, []string{"plain"}) {
		t.Errorf("got the tools %v, want plain", got)
	}
	for _, name := range []string{"gone", "item", "bare"} {
		shoptest.WantFailure(t, shoptest.Invoke(t, a, name, `{}`), mcpadapter.CodeFiltered, 0)
	}
	_, err = mcpadapter.New(fake{}, partly(), mcpadapter.WithFilter(mcpadapter.Filter{Allow: []string{"gone"}}))
	if err == nil {
		t.Fatal("got no error for a filter that permits only what cannot be a tool")
	}
	shoptest.WantParts(t, "error", err.Error(), "none of 1 operations can be a tool", `operation "gone"`)
}

func TestAStrictAdapterSkipsNothing(t *testing.T) {
	t.Parallel()
	filter := mcpadapter.WithFilter(mcpadapter.Filter{Toolsets: []string{"a"}})
	for _, opts := range [][]mcpadapter.Option{nil, {filter}} {
		a, err := mcpadapter.New(fake{}, partly(), append(opts, mcpadapter.WithStrict())...)
		const want = `workos/mcpadapter: operation "gone": mcpadapter_test.fake has no method for it`
		if a != nil || err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestATableWithoutOperationsIsRefusedWithACure(t *testing.T) {
	t.Parallel()
	for _, table := range []*optable.Table{nil, {}} {
		a, err := mcpadapter.New(fake{}, table)
		if a != nil || err == nil {
			t.Fatalf("got no error for %v", table)
		}
		shoptest.WantParts(t, "error", err.Error(), "the table", "make one of the OpenAPI document with gen/tablegen")
	}
}

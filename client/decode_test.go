package client_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

func TestOneOddValueLosesNothingElse(t *testing.T) {
	var log bytes.Buffer
	w := newWire(respondJSON(http.StatusOK, `{"id": "org_01", "name": "Acme", "created_at": "", "external_id": {"a": 1},
		"metadata": {"tier": "gold", "seats": 7}, "domains": [{"id": "d1", "domain": "a.com"}, 7, {"id": "d2", "domain": 8}],
		"updated_at": "2026-01-02T03:04:05Z"}`))
	c := newClient(t, testKey, w.option(), client.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	var response client.Response
	got, err := c.Organizations.Get(t.Context(), "org_01", client.WithResponse(&response))
	if err != nil {
		t.Fatal(err)
	}
	if got.ID != "org_01" || got.Name != "Acme" || !got.CreatedAt.IsZero() || got.ExternalID != nil ||
		got.UpdatedAt.Year() != 2026 || len(got.Metadata) != 1 || got.Metadata["tier"] != "gold" ||
		len(got.Domains) != 2 || got.Domains[0].Domain != "a.com" || got.Domains[1].ID != "d2" {
		t.Errorf("got %+v", got)
	}
	want := []string{"created_at", "external_id", "metadata.seats", "domains[1]", "domains[2].domain"}
	if !slices.Equal(response.Invalid, want) {
		t.Errorf("invalid: got %q, want %q", response.Invalid, want)
	}
	const line = `level=WARN msg="WorkOS response has values of unexpected types" operation=organizations.get`
	if text := log.String(); !strings.Contains(text, line) || !strings.Contains(text, strings.Join(want, ", ")) {
		t.Errorf("log: got %s, want %s and the paths", text, line)
	}
}

func TestStrictDecodingFails(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, `{"id": "org_01", "created_at": ""}`))
	c := newClient(t, testKey, w.option())
	var response client.Response
	_, err := c.Organizations.Get(t.Context(), "org_01", client.WithStrictDecoding(), client.WithResponse(&response))
	if !errors.Is(err, client.ErrInvalidResponse) || response.Invalid != nil {
		t.Errorf("got %v and %q, want ErrInvalidResponse", err, response.Invalid)
	}
}

func TestResponseOfAnotherShapeIsAnError(t *testing.T) {
	for _, body := range []string{`[]`, `"org_01"`, `7`, `{"id": "org_01", "created_at": ""`} {
		w := newWire(respondJSON(http.StatusOK, body))
		_, err := newClient(t, testKey, w.option(), once()).Organizations.Get(t.Context(), "org_01")
		if !errors.Is(err, client.ErrInvalidResponse) {
			t.Errorf("%s: got %v, want ErrInvalidResponse", body, err)
		}
	}
}

func TestItemsOfAPageSurviveAnOddValue(t *testing.T) {
	for _, body := range []string{
		`{"data": [{"id": "org_01", "created_at": ""}, {"id": "org_02"}], "list_metadata": {"after": null}}`,
		`[{"id": "org_01", "created_at": ""}, {"id": "org_02"}]`,
	} {
		w := newWire(respondJSON(http.StatusOK, body))
		var response client.Response
		var ids []string
		for got, err := range newClient(t, testKey, w.option()).Organizations.All(t.Context(), nil,
			client.WithResponse(&response)) {
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, got.ID)
		}
		if !slices.Equal(ids, []string{"org_01", "org_02"}) || len(response.Invalid) != 1 ||
			strings.TrimPrefix(response.Invalid[0], "data") != "[0].created_at" {
			t.Errorf("%s: got %q and invalid %q", body, ids, response.Invalid)
		}
	}
}

// TestInvalidCursorIsNotTheEnd: an iteration must not end as if there were no more items.
func TestInvalidCursorIsNotTheEnd(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, `{"data": [{"id": "org_01"}], "list_metadata": {"after": {"id": "org_01"}}}`))
	c := newClient(t, testKey, w.option())
	items := 0
	var failed error
	for _, err := range c.Organizations.All(t.Context(), nil) {
		if failed = err; err == nil {
			items++
		}
	}
	if items != 1 || !errors.Is(failed, client.ErrInvalidResponse) {
		t.Errorf("All: got %d items and %v, want one and ErrInvalidResponse", items, failed)
	}
	page, err := c.Organizations.List(t.Context(), nil)
	if err != nil || len(page.Data) != 1 || !page.HasNext() {
		t.Fatalf("List: got %+v and %v, want a page that may have a next one", page, err)
	}
	if _, err := page.Next(t.Context()); !errors.Is(err, client.ErrInvalidResponse) {
		t.Errorf("Next: got %v, want ErrInvalidResponse", err)
	}
}

func TestInvalidPathsAreLimited(t *testing.T) {
	var metadata []string
	for i := range 1000 {
		metadata = append(metadata, fmt.Sprintf(`"key %d": 7`, i))
	}
	metadata[3] = `"a` + strings.Repeat("b", 1<<20) + `\u0000": 7`
	w := newWire(respondJSON(http.StatusOK, `{"id": "org_01", "metadata": {`+strings.Join(metadata, ",")+`}}`))
	var response client.Response
	got, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01", client.WithResponse(&response))
	if err != nil || got.ID != "org_01" || len(got.Metadata) != 0 || len(response.Invalid) != 100 {
		t.Errorf("got %+v, %v and %d paths, want no metadata and 100 paths", got, err, len(response.Invalid))
	}
	if n := len(response.Invalid[3]); n > 1<<11 {
		t.Errorf("got a path of %d bytes, want a short one", n)
	}
}

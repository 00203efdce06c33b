package main

import (
	"strings"
	"testing"
)

func TestEachAttemptIsASpanNamedByItsOperation(t *testing.T) {
	var out strings.Builder
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	want := "organizations.get\nhttp.request.method GET\nhttp.response.status_code 404\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

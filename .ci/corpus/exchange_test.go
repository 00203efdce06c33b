package main

import (
	"net/http"
	"testing"
)

func TestPrismRefusesByItsViolationsWhateverTheStatus(t *testing.T) {
	const own = `{"type":"https://stoplight.io/prism/errors#`
	for _, c := range []struct {
		name, violations, body string
		refused                bool
		why                    string
	}{
		{name: "valid", body: `{"id":1}`},
		{
			name: "the description's response to invalid requests", body: `{"title":"Validation failed"}`, refused: true,
			violations: `[{"location":["request","body","a"],"severity":"Error","code":"type","message":"must be string"}]`,
			why:        "request.body.a: must be string",
		},
		{
			name:       "a warning",
			violations: `[{"location":["request","query"],"severity":"Warning","message":"is deprecated"}]`,
		},
		{
			name:       "the mock's response is invalid",
			violations: `[{"location":["response","body"],"severity":"Error","message":"must be string"}]`,
		},
		{
			name: "more than a header holds", violations: `[{"location":["request"`, refused: true,
			why: "violations that are too many to list",
		},
		{
			name: "Prism's own response", body: own + `UNPROCESSABLE_ENTITY","title":"Invalid request","validation":[{"location":["body"],"message":"is required"}]}`,
			refused: true, why: "request.body: is required",
		},
		{name: "no route", body: own + `NO_PATH_MATCHED_ERROR","title":"Route not resolved"}`, refused: true, why: "Route not resolved"},
		{name: "no response", body: own + `NOT_FOUND","title":"The response is not defined"}`},
	} {
		x := exchange{}
		header := http.Header{}
		if c.violations != "" {
			header.Set(violations, c.violations)
		}
		x.judge(&response{400, header, []byte(c.body)})
		if got := x.why(); x.refused != c.refused || x.refused && got != c.why {
			t.Errorf("%s: got %v %q, want %v %q", c.name, x.refused, got, c.refused, c.why)
		}
	}
}

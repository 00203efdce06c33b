package client_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

func TestUnknownFieldIsReachable(t *testing.T) {
	const body = `{"id": "org_01", "brand_new_field": {"a": [1, 2]}, "metadata": {"tier": "gold"}, "NAME": "Acme",
		"domains": [{"id": "d1"}, {"id": "d2", "score": 7}], "created_at": {"new": true}, "external_id": null}`
	w := newWire(respondJSON(http.StatusOK, body))
	var response client.Response
	_, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01", client.WithResponse(&response))
	if err != nil || string(response.Body) != body {
		t.Fatalf("got %s and %v, want the body", response.Body, err)
	}
	want := []client.UnknownField{
		{Path: "brand_new_field", Value: []byte(`{"a": [1, 2]}`)},
		{Path: "domains[1].score", Value: []byte(`7`)},
	}
	if got := response.Unknown(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestUnknownFieldsOfEachResult(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		call       func(c *client.Client, opt client.Option) error
		want       string
	}{
		{"page", `{"object": "list", "data": [{"id": "a"}, {"id": "b", "x": 1}], "list_metadata": {"after": null, "n": 3}, "y": 2}`,
			func(c *client.Client, opt client.Option) error {
				_, err := c.Organizations.List(t.Context(), nil, opt)
				return err
			}, "data[1].x=1 list_metadata.n=3 y=2"},
		{"array", `[{"id": "a", "x": 1}]`, func(c *client.Client, opt client.Option) error {
			_, err := c.Organizations.List(t.Context(), nil, opt)
			return err
		}, "[0].x=1"},
		{"embedded", `{"id": "user_01", "radar_auth_attempt_id": "r", "x": "1"}`,
			func(c *client.Client, opt client.Option) error {
				_, err := c.UserManagement.Users.Create(t.Context(), client.CreateUser{}, opt)
				return err
			}, `x="1"`},
		{"no result", `{"deleted": true}`, func(c *client.Client, opt client.Option) error {
			return c.Organizations.Delete(t.Context(), "org_01", opt)
		}, "deleted=true"},
		{"nothing", ``, func(c *client.Client, opt client.Option) error {
			return c.Organizations.Delete(t.Context(), "org_01", opt)
		}, ""},
	} {
		w := newWire(respondJSON(http.StatusOK, tt.body))
		var response client.Response
		if err := tt.call(newClient(t, testKey, w.option()), client.WithResponse(&response)); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		var got []string
		for _, field := range response.Unknown() {
			got = append(got, field.Path+"="+string(field.Value))
		}
		if text := strings.Join(got, " "); text != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, text, tt.want)
		}
	}
}

func TestFailureHasNoUnknownFields(t *testing.T) {
	w := newWire(respondJSON(http.StatusNotFound, `{"x": 1}`))
	var response client.Response
	_, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01", client.WithResponse(&response))
	if err == nil || response.Body != nil || response.Unknown() != nil {
		t.Errorf("got %s, %v and %v, want none", response.Body, response.Unknown(), err)
	}
}

func TestResponsePrintsNoBody(t *testing.T) {
	response := client.Response{StatusCode: 200, RequestID: "req_01\n", Attempts: 1, Body: []byte("hidden")}
	const want = "Response{StatusCode: 200, RequestID: req_01, Attempts: 1}"
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, response); got != want {
			t.Errorf("%s: got %s, want %s", verb, got, want)
		}
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "response", &response)
	if got := log.String(); !strings.Contains(got, "response.status=200") || strings.Contains(got, "hidden") {
		t.Errorf("log: got %s", got)
	}
}

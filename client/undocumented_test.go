package client_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

func TestUndocumentedFieldsAndParametersAreSent(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, anOrg))
	c := newClient(t, testKey, w.option())
	for _, tt := range []struct {
		name        string
		call        func(opts ...client.Option) error
		opts        []client.Option
		query, body string
	}{
		{"new field", func(opts ...client.Option) error {
			_, err := c.Organizations.Create(t.Context(), client.CreateOrganization{Name: "Acme"}, opts...)
			return err
		}, []client.Option{
			client.WithBodyField("theme", map[string]any{"color": "red"}), client.WithBodyField("theme.size", 7),
			client.WithBodyField("a.b.c", nil), client.WithBodyField("name", "<Other>"), client.WithQuery("dry run", "a&b"),
		}, "dry+run=a%26b", `{"a":{"b":{"c":null}},"name":"\u003cOther\u003e","theme":{"color":"red","size":7}}`},
		{"no options", func(opts ...client.Option) error {
			_, err := c.Organizations.Create(t.Context(), client.CreateOrganization{Name: "Acme"}, opts...)
			return err
		}, nil, "", `{"name":"Acme"}`},
		{"no body", func(opts ...client.Option) error {
			_, err := c.UserManagement.Invitations.Revoke(t.Context(), "invitation_01", opts...)
			return err
		}, []client.Option{client.WithBodyField("reason", "left")}, "", `{"reason":"left"}`},
		{"beside known parameters", func(opts ...client.Option) error {
			_, err := c.Organizations.List(t.Context(), &client.OrganizationsListParams{Limit: new(2)}, opts...)
			return err
		}, []client.Option{client.WithQuery("x", ""), client.WithQuery("x", "2")}, "limit=2&x=&x=2", ""},
	} {
		w.sent = nil
		err := tt.call(tt.opts...)
		if len(w.sent) != 1 {
			t.Fatalf("%s: got %v and %d requests, want one", tt.name, err, len(w.sent))
		}
		var body []byte
		if w.sent[0].Body != nil {
			body, _ = io.ReadAll(w.sent[0].Body)
		}
		if got := w.sent[0].URL.RawQuery; got != tt.query || string(body) != tt.body {
			t.Errorf("%s: got ?%s and %s, want ?%s and %s", tt.name, got, body, tt.query, tt.body)
		}
	}
}

func TestUndocumentedFieldsThatCannotBeSent(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, anOrg))
	c := newClient(t, testKey, w.option())
	create := func(opt client.Option) error {
		_, err := c.Organizations.Create(t.Context(), client.CreateOrganization{Name: "Acme"}, opt)
		return err
	}
	get := func(opt client.Option) error {
		_, err := c.Organizations.Get(t.Context(), "org_01", opt)
		return err
	}
	for want, err := range map[string]error{
		`organizations.create: WithBodyField: invalid path "": want names separated by dots`:   create(client.WithBodyField("", 1)),
		`organizations.create: WithBodyField: invalid path "a.": want names separated by dots`: create(client.WithBodyField("a.", 1)),
		"organizations.create: WithBodyField: name.x: not a field of an object":                create(client.WithBodyField("name.x", 1)),
		"organizations.create: WithBodyField: f: json: unsupported type: func()":               create(client.WithBodyField("f", func() {})),
		"organizations.get: WithBodyField: a GET request has no body":                          get(client.WithBodyField("a", 1)),
		"organizations.get: WithQuery: name is empty":                                          get(client.WithQuery("", "1")),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	for _, opt := range []client.Option{client.WithBodyField("a", 1), client.WithQuery("a", "1")} {
		if _, err := client.New(testKey, opt); err == nil {
			t.Error("New: got no error, want one: an option of calls only")
		}
	}
	if len(w.sent) != 0 {
		t.Errorf("got %d requests, want none", len(w.sent))
	}
}

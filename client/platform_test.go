package client_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

type tenant struct{}

// tokenOf is a source that returns one token.
func tokenOf(token string) client.TokenSource {
	return func(context.Context) (string, error) { return token, nil }
}

func TestPlatformTokenIsTheCallsElseTheContextsElseTheClients(t *testing.T) {
	plain := func(ctx context.Context) context.Context { return ctx }
	given := func(ctx context.Context) context.Context {
		return client.WithCredentials(ctx, client.Credentials{PlatformToken: "of-context"})
	}
	for _, test := range []struct {
		name string
		key  string
		ctx  func(context.Context) context.Context
		opts []client.Option // of the client
		call []client.Option
		want string
	}{
		{"client", testKey, plain, []client.Option{client.WithPlatformToken(tokenOf("of-client"))}, nil, "of-client"},
		{"client without a key", "", plain, []client.Option{client.WithPlatformToken(tokenOf("of-client"))}, nil,
			"of-client"},
		{"context before client", testKey, given, []client.Option{client.WithPlatformToken(tokenOf("of-client"))}, nil,
			"of-context"},
		{"call before context", testKey, given, nil, []client.Option{client.WithPlatformToken(tokenOf("of-call"))},
			"of-call"},
		{"call before client", testKey, plain, []client.Option{client.WithPlatformToken(tokenOf("of-client"))},
			[]client.Option{client.WithPlatformToken(tokenOf("of-call"))}, "of-call"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWire(respondJSON(http.StatusOK, `{"id":"team_01"}`))
			c := newClient(t, test.key, append(test.opts, w.option())...)
			if _, err := c.Platform.Teams.Get(test.ctx(t.Context()), "team_01", test.call...); err != nil {
				t.Fatal(err)
			}
			if got, want := w.sent[0].Header.Get("Authorization"), "Bearer "+test.want; got != want {
				t.Errorf("Authorization: got %q, want %q", got, want)
			}
		})
	}
}

func TestPlatformOperationIsNeverSentAnotherCredential(t *testing.T) {
	failure := errors.New("no token today")
	source := client.WithPlatformToken(tokenOf("of-client"))
	plain := func(ctx context.Context) context.Context { return ctx }
	key := func(ctx context.Context) context.Context {
		return client.WithCredentials(ctx, client.Credentials{APIKey: testKey, AccessToken: testToken})
	}
	for _, test := range []struct {
		name string
		ctx  func(context.Context) context.Context
		opt  client.Option
		want error
		text string
	}{
		{"API key alone", plain, nil, client.ErrNoCredentials, "WithPlatformToken"},
		{"credentials in the context replace the client's source", key, source, client.ErrNoCredentials, "platform token"},
		{"empty token", plain, client.WithPlatformToken(tokenOf("")), client.ErrNoCredentials, "empty token"},
		{"source that fails", plain, client.WithPlatformToken(func(context.Context) (string, error) {
			return "", failure
		}), failure, "platform.teams.get: platform token: no token today"},
		{"token with a line break", plain, client.WithPlatformToken(tokenOf("a\nb")), nil, "byte 1 of 3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWire(respondJSON(http.StatusOK, `{}`))
			opts := []client.Option{w.option()}
			if test.opt != nil {
				opts = append(opts, test.opt)
			}
			_, err := newClient(t, testKey, opts...).Platform.Teams.Get(test.ctx(t.Context()), "team_01")
			if err == nil || test.want != nil && !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) {
				t.Errorf("error: got %v, want %v with %q", err, test.want, test.text)
			}
			if len(w.sent) != 0 {
				t.Errorf("sent %d requests, want none", len(w.sent))
			}
		})
	}
}

func TestPlatformTokenIsSentToNoOtherOperation(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, anOrg))
	asked := 0
	c := newClient(t, testKey, w.option(), client.WithPlatformToken(func(context.Context) (string, error) {
		asked++
		return testPlatformToken, nil
	}))
	if _, err := c.Organizations.Get(t.Context(), "org_01"); err != nil {
		t.Fatal(err)
	}
	if got := w.sent[0].Header.Get("Authorization"); got != "Bearer "+testKey || asked != 0 {
		t.Errorf("got Authorization %q and %d questions for a platform token, want the API key and none", got, asked)
	}
}

func TestPlatformTokenSourceHasTheCallsContext(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, `{"id":"team_01"}`))
	c := newClient(t, testKey, w.option(), client.WithPlatformToken(func(ctx context.Context) (string, error) {
		token, _ := ctx.Value(tenant{}).(string)
		return token, nil
	}))
	if _, err := c.Platform.Teams.Get(context.WithValue(t.Context(), tenant{}, "of-tenant"), "team_01"); err != nil {
		t.Fatal(err)
	}
	if got := w.sent[0].Header.Get("Authorization"); got != "Bearer of-tenant" {
		t.Errorf("Authorization: got %q, want the token of the call's context", got)
	}
}

func TestPlatformTokenIsShownByNoError(t *testing.T) {
	w := newWire(respondJSON(http.StatusBadRequest, `{"message":"bad `+testPlatformToken+`"}`))
	c := newClient(t, testKey, w.option(), client.WithPlatformToken(tokenOf(testPlatformToken)))
	_, err := c.Platform.Teams.Get(t.Context(), "team_01")
	if err == nil || strings.Contains(err.Error(), testPlatformToken) {
		t.Errorf("got %v, want an error without the token", err)
	}
}

func TestPlatformTokenSourceIsChecked(t *testing.T) {
	if _, err := client.New(testKey, client.WithPlatformToken(nil)); err == nil {
		t.Error("a nil source: got no error")
	}
	if _, err := client.New("", client.WithCredentialsFromContext(), client.WithPlatformToken(tokenOf("t"))); err == nil {
		t.Error("a source beside WithCredentialsFromContext: got no error")
	}
}

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

// A confirmation is bound to whom it is for: another key, token or host is another caller.
func TestCallersDifferByCredentialsAndHost(t *testing.T) {
	seen := map[string]string{}
	for _, url := range []string{"https://a.example", "https://b.example"} {
		c, err := client.New("", client.WithCredentialsFromContext(), client.WithBaseURL(url))
		if err != nil {
			t.Fatal(err)
		}
		for _, credentials := range []client.Credentials{
			{}, {APIKey: "k"}, {AccessToken: "k"}, {APIKey: "k", AccessToken: "k"}, {APIKey: `k" "k`}, {APIKey: "k k"},
		} {
			what := fmt.Sprintf("%s %q %q", url, credentials.APIKey, credentials.AccessToken)
			ctx := client.WithCredentials(t.Context(), credentials)
			got := (&backend{client: c}).caller(ctx)
			if other, ok := seen[got]; ok {
				t.Errorf("%s and %s are both %s", what, other, got)
			}
			if again := (&backend{client: c}).caller(ctx); again != got {
				t.Errorf("%s: got %s and then %s", what, got, again)
			}
			seen[got] = what
		}
	}
}

func TestTheProgramNamesItselfUpstream(t *testing.T) {
	u := newUpstream(t, answer(acme))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	if o := execute(t, env, "", "tool", "call", "organizations.get", deletion); o.code != exitOK {
		t.Fatalf("got %d %s", o.code, o.stderr)
	}
	if got := u.seen()[0].Header.Get("User-Agent"); !strings.Contains(got, "workos-mcp/"+version()) {
		t.Errorf("got %q, want the program and its version", got)
	}
}

// The sandbox is whole for each process, and nothing leaves it.
func TestTheSandboxSendsNothing(t *testing.T) {
	u := newUpstream(t, answer(acme))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	for _, s := range []session{openStdio(t, env, "--sandbox"), openHTTP(t, env, nil, "--sandbox")} {
		answers := s.call([]string{callBody(1, "organizations.create", `{"name":"Acme"}`)})
		if !strings.Contains(answers[0], `"object":"organization"`) || strings.Contains(answers[0], `"isError":true`) {
			t.Errorf("got %s, want an organization", answers[0])
		}
		u.wantSent(t, "the sandbox", 0)
	}
}

// Calls at once, again and again, use the connections that there are.
func TestConnectionsToWorkOSAreUsedAgain(t *testing.T) {
	const callers, rounds = 32, 3
	var opened atomic.Int32
	var together sync.WaitGroup // the calls of a round, which all arrive before one is answered
	u := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		together.Done()
		together.Wait()
		_, _ = io.WriteString(w, acme)
	}))
	u.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	u.Start()
	defer u.Close()
	url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL})
	for range rounds {
		together.Add(callers)
		var calls sync.WaitGroup
		for range callers {
			calls.Go(func() {
				body := callBody(1, "organizations.get", deletion)
				if status, got := post(t, url+mcpPath, body, http.Header{"X-Bearer": {"sk_a"}}); status != http.StatusOK {
					t.Errorf("got %d %s", status, got)
				}
			})
		}
		calls.Wait()
	}
	if got := opened.Load(); got < callers || got > callers+callers/4 { // a connection may come back a moment too late
		t.Errorf("got %d connections for %d callers, want about one for each", got, callers)
	}
}

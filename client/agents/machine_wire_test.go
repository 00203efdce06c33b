package agents_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/seed-f165d83c/workos/client/agents"
)

// A redirect of a POST with status 307 would bring the secret to wherever the response says.
func TestMachineSendsItsSecretToNoOtherServer(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.RedirectHandler(other.URL+"/token", status))
		for name, client := range map[string]*http.Client{
			"none": nil, "plain": {},
			"following": {CheckRedirect: func(*http.Request, []*http.Request) error { return nil }},
		} {
			source, err := agents.Machine(agents.MachineConfig{
				TokenURL: server.URL, ClientID: "client_01", ClientSecret: "the-secret", HTTPClient: client,
			})
			if err != nil {
				t.Fatal(err)
			}
			_, err = source.Token(t.Context())
			refused := (*agents.MachineError)(nil)
			if !errors.As(err, &refused) || refused.StatusCode != status {
				t.Errorf("%d, client %s: got %v, want the status", status, name, err)
			}
		}
		server.Close()
	}
	if got := elsewhere.Load(); got > 0 {
		t.Errorf("%d requests went to another server, want none", got)
	}
}

func TestMachineErrorDoesNotRepeatTheSecret(t *testing.T) {
	t.Parallel()
	const secret = "the secret/1"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		w.WriteHeader(http.StatusUnauthorized)
		_ = json.NewEncoder(w).Encode(map[string]string{
			"error": "invalid_client", "error_description": "no client has " + secret + ": " + string(body),
		})
	}))
	defer server.Close()
	source, err := agents.Machine(agents.MachineConfig{TokenURL: server.URL, ClientID: "client_01", ClientSecret: secret})
	if err != nil {
		t.Fatal(err)
	}
	_, err = source.Token(t.Context())
	const want = "no client has [redacted]: client_id=client_01&client_secret=[redacted]&grant_type=client_credentials"
	refused := (*agents.MachineError)(nil)
	if !errors.As(err, &refused) || refused.Code != "invalid_client" || refused.Description != want {
		t.Errorf("got %v, want the description %s", err, want)
	}
}

// The body of 101 Switching Protocols, which nobody asked for, is the connection: to read it would take for ever.
func TestMachineReadsNoConnection(t *testing.T) {
	t.Parallel()
	source, err := agents.Machine(agents.MachineConfig{
		TokenURL: "https://acme.authkit.app/oauth2/token", ClientID: "client_01", ClientSecret: "the-secret",
		HTTPClient: &http.Client{Transport: switching{t}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = source.Token(t.Context())
	refused := (*agents.MachineError)(nil)
	if !errors.As(err, &refused) || refused.StatusCode != http.StatusSwitchingProtocols {
		t.Errorf("got %v, want the status", err)
	}
}

// switching responds to each request with another protocol.
type switching struct{ t *testing.T }

func (s switching) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusSwitchingProtocols, Body: io.NopCloser(s)}, nil
}

func (s switching) Read([]byte) (int, error) {
	s.t.Error("the connection is read")
	return 0, io.EOF
}

func TestMachineErrorHasNoPasswordOfAProxy(t *testing.T) {
	t.Parallel()
	source, err := agents.Machine(agents.MachineConfig{
		TokenURL: "https://acme.authkit.app/oauth2/token", ClientID: "client_01", ClientSecret: "the-secret",
		HTTPClient: &http.Client{Transport: &http.Transport{Proxy: func(*http.Request) (*url.URL, error) {
			return url.Parse("http://me:pass word@proxy.example")
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = `workos/agents: machine: request: Post "https://acme.authkit.app/oauth2/token": ` +
		"parse a URL: it is invalid"
	if _, err := source.Token(t.Context()); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

package client_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

func TestNewSaysWhichCredentialIsMissing(t *testing.T) {
	const (
		none = "workos client: API key is empty; give one, or WithCredentialsFromContext if each request brings its own, " +
			"or WithClientID for a public client"
		both = "workos client: both a credential and WithCredentialsFromContext are given; with the latter a request never " +
			"falls back to a key of the client"
		broken = "workos client: API key has white space, a control or a non-ASCII character at byte 1 of 2"
	)
	key, token := client.WithAPIKey("o"), client.WithAccessToken("t")
	id, fromContext := client.WithClientID("client_01"), client.WithCredentialsFromContext()
	for _, tt := range []struct {
		name, key string
		opts      []client.Option
		want      string // the error
		own       client.Credentials
	}{
		{"nothing", "", nil, none, client.Credentials{}},
		{"an access token alone", "", []client.Option{token}, none, client.Credentials{}},
		{"a key", "k", nil, "", client.Credentials{APIKey: "k"}},
		{"a key as an option", "", []client.Option{key}, "", client.Credentials{APIKey: "o"}},
		{"two keys", "k", []client.Option{key}, "", client.Credentials{APIKey: "o"}},
		{"key and token", "k", []client.Option{token}, "", client.Credentials{APIKey: "k", AccessToken: "t"}},
		{"both as options", "", []client.Option{token, key}, "", client.Credentials{APIKey: "o", AccessToken: "t"}},
		{"a client ID", "", []client.Option{id}, "", client.Credentials{}},
		{"a client ID and a token", "", []client.Option{id, token}, "", client.Credentials{AccessToken: "t"}},
		{"those of the context", "", []client.Option{fromContext}, "", client.Credentials{}},
		{"those of the context, and a client ID", "", []client.Option{fromContext, id}, "", client.Credentials{}},
		{"those of the context, and a key", "k", []client.Option{fromContext}, both, client.Credentials{}},
		{"those of the context, and an option's", "", []client.Option{fromContext, key}, both, client.Credentials{}},
		{"those of the context, and a token", "", []client.Option{fromContext, token}, both, client.Credentials{}},
		{"a broken key", "k ", nil, broken, client.Credentials{}},
		{"a broken key and a client ID", "k ", []client.Option{id}, broken, client.Credentials{}},
		{"an option before a broken key", "k ", []client.Option{key}, "", client.Credentials{APIKey: "o"}},
	} {
		c, err := client.New(tt.key, tt.opts...)
		if tt.want != "" {
			if c != nil || fmt.Sprint(err) != tt.want {
				t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
			}
			continue
		}
		if err != nil || c.Credentials(t.Context()) != tt.own {
			t.Errorf("%s: got %v, or other credentials than these", tt.name, err)
		}
	}
}

func TestFromEnvReadsEachVariable(t *testing.T) {
	const none = "workos client: API key is empty; give one, or WithCredentialsFromContext if each request brings its " +
		"own, or WithClientID for a public client (WORKOS_API_KEY is not set)"
	for _, tt := range []struct {
		name, key, id, base string
		opts                []client.Option
		want                string // the error
		wantKey, wantID     string
		wantBase            string
	}{
		{"nothing", "", "", "", nil, none, "", "", ""},
		{"base alone", "", "", "http://h", nil, none, "", "", ""},
		{"key", "k", "", "", nil, "", "k", "", client.DefaultBaseURL},
		{"client ID", "", "c", "", nil, "", "", "c", client.DefaultBaseURL},
		{"all", "k", "c", "http://h/", nil, "", "k", "c", "http://h"},
		{"options before all", "k", "c", "http://h", []client.Option{
			client.WithAPIKey("o"), client.WithClientID("d"), client.WithBaseURL("http://i"),
		}, "", "o", "d", "http://i"},
		{"key of an option", "", "", "", []client.Option{client.WithAPIKey("o")}, "", "o", "", client.DefaultBaseURL},
		{"broken key", "k ", "", "", nil, "workos client: API key has white space, a control or a non-ASCII character at " +
			"byte 1 of 2", "", "", ""},
		{"broken base", "k", "", "h", nil, "workos client: base URL does not begin with https:// or http://", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("WORKOS_API_KEY", tt.key)
			t.Setenv("WORKOS_CLIENT_ID", tt.id)
			t.Setenv("WORKOS_BASE_URL", tt.base)
			c, err := client.FromEnv(tt.opts...)
			if tt.want != "" {
				if c != nil || fmt.Sprint(err) != tt.want {
					t.Errorf("got %v, want %s", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := [3]string{c.Credentials(t.Context()).APIKey, c.ClientID(), c.BaseURL()}; got !=
				[3]string{tt.wantKey, tt.wantID, tt.wantBase} {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestCredentialsPrintWhichOfThemAreSet(t *testing.T) {
	for want, credentials := range map[string]client.Credentials{
		"Credentials{APIKey: none, AccessToken: none, PlatformToken: none}":       {},
		"Credentials{APIKey: [redacted], AccessToken: none, PlatformToken: none}": {APIKey: "s3cret"},
		"Credentials{APIKey: none, AccessToken: [redacted], PlatformToken: none}": {AccessToken: "s3cret"},
		"Credentials{APIKey: none, AccessToken: none, PlatformToken: [redacted]}": {PlatformToken: "s3cret"},
		"Credentials{APIKey: [redacted], AccessToken: [redacted], PlatformToken: [redacted]}": {
			APIKey: "s3cret", AccessToken: "s3cret", PlatformToken: "s3cret",
		},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
			if got := fmt.Sprintf(verb, credentials); got != want {
				t.Errorf("%s: got %s, want %s", verb, got, want)
			}
		}
		if got := credentials.String() + credentials.GoString(); got != want+want {
			t.Errorf("got %s, want %s twice", got, want)
		}
		group := credentials.LogValue()
		wantGroup := fmt.Sprintf("[api_key=%s access_token=%s platform_token=%s]", mark(credentials.APIKey),
			mark(credentials.AccessToken), mark(credentials.PlatformToken))
		if group.Kind() != slog.KindGroup || group.String() != wantGroup {
			t.Errorf("log: got %s, want %s", group, wantGroup)
		}
	}
}

func mark(secret string) string {
	if secret == "" {
		return "none"
	}
	return "[redacted]"
}

// TestCallTakesNothingFromTheOneBefore has one client, whose options of a call hold for that call alone.
func TestCallTakesNothingFromTheOneBefore(t *testing.T) {
	w := newWire(answerJSON(http.StatusInternalServerError, `{}`))
	c := newClient(t, testKey, w.option(), once())
	before := func() int { return len(w.sent) }
	_, _ = c.Organizations.Get(t.Context(), "org_01", client.WithBaseURL("http://h/p"), client.WithAPIKey("o"),
		client.WithHeader("X-A", "1"), client.WithUserAgent("u"), client.WithRetry(client.RetryPolicy{MaxAttempts: 2}))
	if got := before(); got != 2 {
		t.Fatalf("sent %d requests, want 2", got)
	}
	_, _ = c.Organizations.Get(t.Context(), "org_01")
	if got := before(); got != 3 {
		t.Fatalf("sent %d requests, want one more", got-2)
	}
	first, last := w.sent[0], w.sent[2]
	if got := fmt.Sprint(first.URL, first.Host, first.Header.Get("Authorization"), first.Header["X-A"]); got !=
		"http://h/p/organizations/org_01hBearer o[1]" {
		t.Errorf("the first call: got %s", got)
	}
	if got := fmt.Sprint(last.URL, last.Host, last.Header.Get("Authorization"), last.Header["X-A"]); got !=
		"https://api.workos.com/organizations/org_01api.workos.comBearer "+testKey+"[]" {
		t.Errorf("the next call: got %s", got)
	}
	if c.BaseURL() != client.DefaultBaseURL {
		t.Errorf("BaseURL: got %s", c.BaseURL())
	}
}

package serve

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

// keyed is the shop with a key of the environment, which each request has.
func (s *store) keyed() API {
	api := s.api()
	type key struct{}
	api.Local = func(ctx context.Context, getenv func(string) string) context.Context {
		return context.WithValue(ctx, key{}, getenv("SHOP_KEY"))
	}
	api.Setup.Keys = []Key{{Variable: "SHOP_KEY", Required: true}}
	api.Secrets = []string{"SHOP_TOKEN"}
	api.Adapter = func(settings Settings, opts ...mcpadapter.Option) (*mcpadapter.Adapter, error) {
		client, err := shop.NewClientWithResponses(s.URL, shop.WithHTTPClient(&http.Client{Transport: settings.Transport}),
			shop.WithRequestEditorFn(func(ctx context.Context, r *http.Request) error {
				text, _ := ctx.Value(key{}).(string)
				r.Header.Set("X-Key", text)
				return nil
			}))
		if err != nil {
			return nil, err
		}
		return mcpadapter.New(client, &shop.Operations, opts...)
	}
	return api
}

func TestASecretIsReadFromItsFile(t *testing.T) {
	s := newStore(t)
	call := []string{"tool", "call", "teas.list"}
	for text, want := range map[string]string{
		"key-1": "key-1", "key-1\n": "key-1", "key-1\r\n": "key-1", "key-1\n\n": "", " key-1": " key-1",
	} {
		environ := []string{"SHOP_KEY_FILE=" + written(t, "key", text)}
		code, stdout, stderr := printed(t, s.keyed(), environ, call...)
		if want == "" { // only one end of a line is cut, so that this is no header
			if code != ExitFailed {
				t.Errorf("%q: got %d %s%s", text, code, stdout, stderr)
			}
			continue
		}
		if got := s.last().Get("X-Key"); code != ExitOK || got != strings.TrimSpace(want) {
			t.Errorf("%q: got %d %s%s and the key %q, want %q", text, code, stdout, stderr, got, want)
		}
	}
}

func TestASecretThatCannotBeReadStopsTheProgram(t *testing.T) {
	s := newStore(t)
	const secret = "key-of-the-shop"
	good := written(t, "key", secret+"\n")
	for _, c := range []struct {
		environ []string
		want    string
	}{
		{[]string{"SHOP_KEY=" + secret, "SHOP_KEY_FILE=" + good}, "SHOP_KEY and SHOP_KEY_FILE are both set"},
		{[]string{"SHOP_KEY_FILE=/nowhere/key"}, "SHOP_KEY_FILE: read /nowhere/key: no such file or directory"},
		{[]string{"SHOP_KEY_FILE=" + t.TempDir()}, "SHOP_KEY_FILE: read "},
		{[]string{"SHOP_KEY_FILE=" + written(t, "key", "\n")}, " is empty"},
		{[]string{"SHOP_TOKEN_FILE=/nowhere/token"}, "SHOP_TOKEN_FILE: read /nowhere/token"},
		{[]string{"SHOP_MCP_CONFIRM_KEY_FILE=/nowhere/k"}, "SHOP_MCP_CONFIRM_KEY_FILE: read /nowhere/k"},
		{[]string{"SHOP_MCP_CONFIRM_KEY_FILE=" + good}, "SHOP_MCP_CONFIRM_KEY has 15 characters"},
		{[]string{"SHOP_MCP_STORE_FILE=" + written(t, "url", "odd://user:pass@h/0")}, "unknown kind of store \"odd\""},
		{[]string{"SHOP_MCP_CONFIRMKEY_FILE=x"}, "did you mean SHOP_MCP_CONFIRM_KEY_FILE?"},
	} {
		code, _, stderr := printed(t, s.keyed(), c.environ, "stdio")
		if code != ExitUsage || !strings.Contains(stderr, c.want) || strings.Contains(stderr, secret) ||
			strings.Contains(stderr, "user:pass") || s.requests.Load() > 0 {
			t.Errorf("%v: got %d %s, want %q and no secret", c.environ, code, stderr, c.want)
		}
	}
}

// The secret of callers can be set on the command line, as the variable itself or from a file.
func TestTheInboundSecretIsSetByTheEnvironment(t *testing.T) {
	const secret = "0123456789abcdef0123456789abcdef"
	for _, variable := range []string{
		"SHOP_MCP_INBOUND_SECRET=" + secret, "SHOP_MCP_INBOUND_SECRET_FILE=" + written(t, "secret", secret+"\n"),
	} {
		s := newStore(t)
		ctx, stop := context.WithCancel(t.Context())
		url, _, log, ended := started(t, ctx, s.keyed(), Process{Environ: []string{variable, "SHOP_KEY=k"}}, "--auth", "shared")
		for token, want := range map[string]int{"": http.StatusUnauthorized, secret: http.StatusOK} {
			before := s.requests.Load()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+mcpPath,
				strings.NewReader(callBody(1, "teas.list", `{}`)))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			text, _ := io.ReadAll(response.Body)
			_ = response.Body.Close()
			if response.StatusCode != want || (s.requests.Load() > before) != (want == http.StatusOK) {
				t.Errorf("%q: got %d %s, want %d", token, response.StatusCode, text, want)
			}
		}
		stop()
		<-ended
		if strings.Contains(log.String(), secret) {
			t.Errorf("got the secret in %s", log)
		}
	}
}

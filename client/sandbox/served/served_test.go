package served_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/client/sandbox/served"
	"github.com/seed-f165d83c/workos/client/webhook"
)

func TestServerHasWhatTheSeedDescribes(t *testing.T) {
	t.Parallel()
	seed := write(t, "users:\n- email: ada@acme.com\n  password: correct horse\norganizations:\n- name: Acme\n")
	state := t.TempDir() + "/state"
	cmd, url := start(t, "--seed", seed, "--state", state)
	if got := must(t, 200, "GET", url+"/user_management/users/user_1", ""); !strings.Contains(got, "ada@acme.com") {
		t.Errorf("got %s, want Ada", got)
	}
	must(t, 202, "DELETE", url+"/organizations/org_1", "")
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // which says that it was killed
	_, url = start(t, "--seed", seed, "--state", state)
	must(t, 404, "GET", url+"/organizations/org_1", "") // the state has something already
	must(t, 200, "GET", url+"/user_management/users/user_1", "")
}

func TestServerDeliversWebhooks(t *testing.T) {
	t.Parallel()
	type got struct{ body, signature string }
	received := make(chan got, 1)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		buffer := make([]byte, 1<<16)
		for {
			n, err := r.Body.Read(buffer)
			b.Write(buffer[:n])
			if err != nil {
				break
			}
		}
		received <- got{b.String(), r.Header.Get(webhook.HeaderName)}
	}))
	defer hook.Close()
	_, url := start(t)
	var endpoint struct {
		Secret string `json:"secret"`
	}
	text := must(t, 201, "POST", url+"/webhook_endpoints",
		`{"endpoint_url":"`+hook.URL+`","events":["organization.created"]}`)
	if err := json.Unmarshal([]byte(text), &endpoint); err != nil {
		t.Fatal(err)
	}
	must(t, 201, "POST", url+"/organizations", `{"name":"Acme"}`)
	v, err := webhook.NewVerifier(endpoint.Secret)
	if err != nil {
		t.Fatal(err)
	}
	r := <-received
	if event, err := v.Event([]byte(r.body), r.signature); err != nil || event.Type != "organization.created" {
		t.Errorf("got %v %v, want organization.created", event, err)
	}
}

func TestWrongCommandLinesAreRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--adr", "x"}, 2, "flag provided but not defined"},
		{[]string{"serve"}, 2, `sandbox: unexpected argument "serve"`},
		{[]string{"--addr", "nowhere"}, 1, "sandbox: listen: "},
		{[]string{"--seed", dir + "/none"}, 1, "sandbox: read the seed: "},
		{[]string{"--seed", write(t, "users: 1")}, 1, "seed: users: want a list"},
		{[]string{"--seed", write(t, "user: [{emial: a@b.c}]")}, 1, `user 0: unknown field "emial": do you mean "email"?`},
		{[]string{"--state", dir}, 1, "sandbox: workos/sandbox: open "},
		{[]string{"--help"}, 0, "-state"},
	} {
		code, stdout, stderr := run(t, c.args...)
		if code != c.code || !strings.Contains(stderr, c.want) || stdout != "" {
			t.Errorf("%v: got %d %q %q, want %d %q", c.args, code, stdout, stderr, c.code, c.want)
		}
	}
}

func TestServerEndsWithItsContext(t *testing.T) {
	t.Parallel()
	state := t.TempDir() + "/state"
	ctx, cancel := context.WithCancel(t.Context())
	var stderr strings.Builder
	ready := writerFunc(func(p []byte) (int, error) {
		cancel()
		return len(p), nil
	})
	args := []string{"--addr", "127.0.0.1:0", "--state", state}
	if code := served.Run(ctx, newProgram(args, ready, &stderr)); code != 0 {
		t.Errorf("got %d %s, want 0", code, &stderr)
	}
	sb, err := sandbox.Open(state) // which the server has let go
	if err != nil {
		t.Fatal(err)
	}
	if err := sb.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(state); err != nil {
		t.Error(err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

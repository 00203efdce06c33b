package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
)

// TestRestoredSandboxContinuesTheSame has each operation's response from a sandbox and from one restored from it.
func TestRestoredSandboxContinuesTheSame(t *testing.T) {
	t.Parallel()
	one, w := furnished(t)
	other, _ := furnished(t)
	if err := other.Restore(one.Snapshot()); err != nil {
		t.Fatal(err)
	}
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		if op.Method == http.MethodDelete {
			continue
		}
		got, want := send(t, other, op.Method, w.target(op), w.body(op)), send(t, one, op.Method, w.target(op), w.body(op))
		if got.status != want.status || got.text != want.text ||
			got.header.Get("X-Request-Id") != want.header.Get("X-Request-Id") {
			t.Fatalf("%s: restored: got %d %s\nwant %d %s", op.ID, got.status, got.text, want.status, want.text)
		}
	}
	if got, want := string(other.Snapshot()), string(one.Snapshot()); got != want {
		t.Error("the snapshots differ")
	}
}

func TestSnapshotHasNoPasswordAndNoToken(t *testing.T) {
	t.Parallel()
	sb := fixed()
	create(t, sb, "/user_management/users", fields{
		"email": "ada@example.com", "email_verified": true, "password": "correct horse",
	})
	tokens := must(t, sb, http.StatusOK, "POST", "/user_management/authenticate", fields{
		"grant_type": "password", "client_id": "c", "client_secret": "sk_test", "email": "ada@example.com",
		"password": "correct horse",
	})
	text := string(sb.Snapshot())
	for _, secret := range []string{"correct horse", str(tokens["refresh_token"]), str(tokens["access_token"])} {
		if secret == "" || strings.Contains(text, secret) {
			t.Errorf("the snapshot contains %q", secret)
		}
	}
}

func TestWrongSnapshotsChangeNothing(t *testing.T) {
	t.Parallel()
	sb, _ := furnished(t)
	good := string(sb.Snapshot())
	before := sandbox.Content(sb)
	for _, c := range []struct{ old, wrong, want string }{
		{good, "", "unexpected end"},
		{good, "[]", "cannot unmarshal array"},
		{`"workos_sandbox":1`, `"workos_sandbox":2`, "version 2: want 1"},
		{`"index":0`, `"index":1`, "environment 0: index 1"},
		{`"kind":"organization"`, `"kind":"organisation"`, `unknown type "organisation"`},
		{`"seq":1,`, `"seq":0,`, "sequence number 0: want 1 to"},
		{`"seq":1,`, `"seq":100000,`, "sequence number 100000: want 1 to"},
		{`"random":"`, `"random":"A`, ""},
		{`"fields":{`, `"fields":7,"other":{`, "fields: want an object, got 7"},
		{`"raw":{"data":"{`, `"raw":{"data":"`, "raw: data: not JSON"},
	} {
		wrong := strings.Replace(good, c.old, c.wrong, 1)
		if wrong == good {
			t.Fatalf("%s is not in the snapshot", c.old)
		}
		err := sb.Restore([]byte(wrong))
		if err == nil || !strings.HasPrefix(err.Error(), "workos/sandbox: restore: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.wrong, err, c.want)
		}
		for _, change := range changes(before, sandbox.Content(sb)) {
			t.Errorf("%s: %s", c.wrong, change)
		}
	}
}

// FuzzRestore has snapshots that are none: they are refused, or the sandbox goes on with them.
func FuzzRestore(f *testing.F) {
	sb := fixed()
	create(f, sb, "/organizations", fields{"name": "Acme", "domains": []string{"acme.com"}})
	f.Add(string(sb.Snapshot()))
	f.Add(string(sandbox.New(sandbox.WithSeed(1)).Snapshot()))
	f.Add(`{"workos_sandbox":1,"random":"","environments":[{"index":0,"records":[{"kind":"user"}]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		sb := fixed()
		if sb.Restore([]byte(text)) != nil {
			return
		}
		if a := send(t, sb, http.MethodGet, "/organizations", nil); !json.Valid([]byte(a.text)) || a.status >= 500 {
			t.Errorf("got %d %s", a.status, a.text)
		}
		if err := fixed().Restore(sb.Snapshot()); err != nil {
			t.Errorf("snapshot of a restored sandbox: %v", err)
		}
	})
}

func TestAPIKeysHaveTheirEnvironmentsAgain(t *testing.T) {
	t.Parallel()
	sb := sandbox.New()
	ask := func(sb *sandbox.Sandbox, key, method, path, body string) string {
		a := sendAs(t, sb, key, method, path, body)
		return fmt.Sprint(a.status, " ", a.text)
	}
	ask(sb, "sk_a", "GET", "/organizations", "")
	ask(sb, "sk_b", "POST", "/organizations", `{"name":"B"}`)
	other := sandbox.New()
	if err := other.Restore(sb.Snapshot()); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]bool{"sk_c": false, "sk_b": true, "sk_a": false} {
		if got := ask(other, key, "GET", "/organizations", ""); strings.Contains(got, `"name":"B"`) != want {
			t.Errorf("%s: got %s, want B listed: %t", key, got, want)
		}
	}
}

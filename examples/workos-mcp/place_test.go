package main

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// What one call has made, the next finds: in the file, and in the sandbox that serves.
func TestWhatWasMadeIsThereAtTheNextCall(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state")
	served := httptest.NewServer(sandbox.New())
	defer served.Close()
	call := func(where, tool, arguments string) string {
		out, err := program(t, nil, "--sandbox="+where, "tool", "call", tool, arguments).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v %s", where, err, out)
		}
		return string(out)
	}
	for _, where := range []string{file, served.URL} {
		call(where, "organizations.create", `{"name":"Acme"}`)
		if got := call(where, "organizations.list", "{}"); !strings.Contains(got, `"name": "Acme"`) {
			t.Errorf("%s: got %s, want Acme", where, got)
		}
	}
	none := execute(t, nil, "", "--sandbox", "tool", "call", "organizations.list", `{}`)
	if none.code != exitOK || strings.Contains(none.stdout, "Acme") {
		t.Errorf("in memory: got %d %s, want nothing", none.code, none.stdout)
	}
}

func TestWrongPlacesAreRefused(t *testing.T) {
	for flag, c := range map[string]struct {
		code int
		want string
	}{
		"--sandbox=":                  {exitUsage, "want a file or a URL"},
		"--sandbox=" + t.TempDir():    {exitFailed, "start the sandbox: workos/sandbox: open "},
		"--sandbox=/no/such/dir/file": {exitFailed, "start the sandbox: workos/sandbox: open: open /no/such/dir/file.lock: "},
	} {
		o := execute(t, nil, "", flag, "tool", "call", "organizations.list", `{}`)
		if o.code != c.code || !strings.Contains(o.stderr, c.want) {
			t.Errorf("%s: got %d %s, want %d %s", flag, o.code, o.stderr, c.code, c.want)
		}
	}
}

// The program serves a sandbox as well.
func TestTheProgramServesASandbox(t *testing.T) {
	cmd := program(t, nil, "sandbox", "--addr", "nowhere")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if code := exitCode(t, cmd.Run()); code != exitFailed || !strings.HasPrefix(stderr.String(), "workos-mcp: listen: ") {
		t.Errorf("got %d %s, want that it cannot listen", code, &stderr)
	}
}

// The sandbox has flags of its own, and no setting of the servers.
func TestTheSandboxRefusesWhatItDoesNotUse(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		args []string
		code int
		want string
	}{
		{nil, []string{"--read-only", "sandbox"}, exitUsage, "sandbox does not use --read-only"},
		{nil, []string{"sandbox", "--sandbox=x.json", "--confirm", "none"}, exitUsage, "sandbox does not use --confirm, --sandbox"},
		{nil, []string{"sandbox", "--sede", "x"}, exitUsage, "unknown flag: --sede; did you mean --seed"},
		{nil, []string{"sandbox", "4100"}, exitUsage, `unexpected argument "4100" after sandbox`},
		{nil, []string{"sandbox", "--seed", "/no/such/file"}, exitFailed, "read the seed: open /no/such/file: "},
		{map[string]string{confirmEnv: "some"}, []string{"sandbox", "--addr", "nowhere"}, exitFailed, "listen: "},
	} {
		o := execute(t, c.env, "", c.args...)
		if o.code != c.code || !strings.HasPrefix(o.stderr, "workos-mcp: "+c.want) || o.stdout != "" {
			t.Errorf("%q: got %d %q%q, want %d and %q", c.args, o.code, o.stdout, o.stderr, c.code, c.want)
		}
	}
	o := execute(t, nil, "", "sandbox", "--help")
	if o.code != exitOK || !strings.Contains(o.stdout, "--seed file") || strings.Contains(o.stdout, "--read-only") {
		t.Errorf("--help: got %d %s, want its own flags alone", o.code, o.stdout)
	}
}

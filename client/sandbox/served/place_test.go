package served_test

import (
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/client/sandbox/served"
)

func TestPlacesAreFlagsThatMayStandAlone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	relative, err := filepath.Rel(here, file)
	if err != nil {
		t.Fatal(err)
	}
	for arg, want := range map[string]struct {
		any, opens, fails bool
		url, text         string
	}{
		"":                           {text: "false"},
		"--sandbox":                  {any: true, opens: true, text: "true"},
		"--sandbox=false":            {text: "false"},
		"--sandbox=":                 {fails: true, text: "false"},
		"--sandbox=" + file:          {any: true, opens: true, text: file},
		"--sandbox=" + relative:      {any: true, opens: true, text: file},
		"--sandbox=http://127.0.0.1": {any: true, url: "http://127.0.0.1", text: "http://127.0.0.1"},
		"--sandbox=https://a.b":      {any: true, url: "https://a.b", text: "https://a.b"},
	} {
		var p served.Place
		set := flag.NewFlagSet("", flag.ContinueOnError)
		set.SetOutput(io.Discard)
		set.Var(&p, "sandbox", "")
		err := set.Parse([]string{arg}[:min(1, len(arg))])
		if (err != nil) != want.fails || p.Any() != want.any || p.URL() != want.url || p.String() != want.text {
			t.Errorf("%s: got %v, %t %q %q, want %+v", arg, err, p.Any(), p.URL(), p.String(), want)
		}
		if !want.opens {
			continue
		}
		sb, err := p.Open()
		if err != nil || !sb.Empty() {
			t.Fatalf("%s: got %v, want an empty sandbox", arg, err)
		}
		if err := sb.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestAPlaceHasTheTransportOfAClient(t *testing.T) {
	t.Parallel()
	given := http.DefaultTransport
	for text, want := range map[string]struct {
		url     string
		sandbox bool
	}{
		"false": {"https://given.example", false}, "https://a.b": {"https://a.b", false}, "true": {"https://given.example", true},
		t.TempDir() + "/state": {"https://given.example", true},
	} {
		var p served.Place
		if err := p.Set(text); err != nil {
			t.Fatal(err)
		}
		transport, url, err := p.Transport(given, "https://given.example")
		if err != nil || url != want.url {
			t.Errorf("%s: got %s, %v, want %s", text, url, err, want.url)
		}
		sb, isSandbox := transport.(*sandbox.Sandbox)
		if isSandbox != want.sandbox || !isSandbox && transport != given {
			t.Errorf("%s: got %T, want a sandbox: %t", text, transport, want.sandbox)
		}
		if isSandbox {
			if err := sb.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	var p served.Place
	if err := p.Set(t.TempDir() + "/none/state"); err != nil {
		t.Fatal(err)
	}
	if transport, _, err := p.Transport(given, ""); err == nil || transport != nil || !strings.HasPrefix(err.Error(), "start the sandbox: ") {
		t.Errorf("a file that cannot be made: got %v, %v, want an error", transport, err)
	}
}

package served_test

import (
	"flag"
	"io"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox/served"
)

func TestPlacesAreFlagsThatMayStandAlone(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/state"
	for arg, want := range map[string]struct {
		any, opens, fails bool
		url, text         string
	}{
		"":                           {text: "false"},
		"--sandbox":                  {any: true, opens: true, text: "true"},
		"--sandbox=false":            {text: "false"},
		"--sandbox=":                 {fails: true, text: "false"},
		"--sandbox=" + file:          {any: true, opens: true, text: file},
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

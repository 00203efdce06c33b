package serve

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/creack/pty"
)

const twoItems = `{"data":[{"id":"org_1","name":"Acme"},{"id":"org_2","name":"` + "Ünited Widgets and Sons" + `"}]}`

func TestTablesFitTheTerminal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		on   display
		want string
	}{
		{display{}, "ID     NAME\norg_1  Acme\norg_2  Ünited Widgets and Sons\n"},
		{display{terminal: true, width: 14}, "ID     NAME\norg_1  Acme\norg_2  Ünited…\n"},
		{display{terminal: true, width: 200, colors: true}, "\x1b[1mID     NAME\x1b[0m\norg_1  Acme\norg_2  Ünited Widgets and Sons\n"},
	} {
		var out bytes.Buffer
		if err := formTable.write(&out, c.on, json.RawMessage(twoItems)); err != nil || out.String() != c.want {
			t.Errorf("%+v: got %q and %v, want %q", c.on, &out, err, c.want)
		}
	}
}

// Neither a pipe nor who asks for no colors gets any.
func TestColorsAreForTerminals(t *testing.T) {
	t.Parallel()
	keyboard, screen, err := pty.Open()
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	defer func() { _, _ = keyboard.Close(), screen.Close() }()
	if err := pty.Setsize(screen, &pty.Winsize{Rows: 24, Cols: 66}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		environ []string
		colors  bool
	}{
		{nil, true},
		{[]string{"NO_COLOR="}, true}, // as no-color.org says
		{[]string{"NO_COLOR=1"}, false},
		{[]string{"TERM=dumb"}, false},
	} {
		p := newProgram(API{Name: "x"}, Process{Environ: append(c.environ, "WT_SESSION=1")})
		if got, want := p.displayOf(screen), (display{terminal: true, colors: c.colors, width: 66}); got != want {
			t.Errorf("%v: got %+v, want %+v", c.environ, got, want)
		}
		if got := p.displayOf(&bytes.Buffer{}); got != (display{}) {
			t.Errorf("%v: got %+v for a buffer, want nothing of a terminal", c.environ, got)
		}
	}
}

func TestFindingsHaveColors(t *testing.T) {
	t.Parallel()
	findings := []finding{{Level: levelOK, Check: "a", Detail: "b"}, {Level: levelFailure, Check: "c", Detail: "d", Cure: "e"}}
	var plain, colored bytes.Buffer
	if err := writeFindings(&plain, display{}, findings); err != nil {
		t.Fatal(err)
	}
	if err := writeFindings(&colored, display{colors: true}, findings); err != nil {
		t.Fatal(err)
	}
	if got, want := colored.String(), "\x1b[32mok     \x1b[0m  a  b\n\x1b[31mfailure\x1b[0m  c  d\n"; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if strings.Contains(plain.String(), "\x1b") {
		t.Errorf("got %q, want no colors", &plain)
	}
}

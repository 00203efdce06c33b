package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestAConfirmationIsWrittenAsItIsRead(t *testing.T) {
	for text, want := range map[string]mcpadapter.ConfirmationPolicy{
		"none": mcpadapter.ConfirmNone, "risky": mcpadapter.ConfirmRisky, "writes": mcpadapter.ConfirmWrites,
	} {
		var c confirm
		if err := c.UnmarshalText([]byte(text)); err != nil || c != (confirm{given: true, policy: want}) {
			t.Errorf("%s: got %+v and %v, want %v", text, c, err, want)
		}
		if got, err := c.MarshalText(); string(got) != text || err != nil {
			t.Errorf("%s: got %s and %v", text, got, err)
		}
	}
	for _, text := range []string{"", "None", "write", "all", strings.Repeat("x", 60)} {
		before := confirm{given: true, policy: mcpadapter.ConfirmWrites}
		c := before
		want := fmt.Sprintf("unknown policy %q: want none, risky or writes", phrase.Preview(text))
		if err := c.UnmarshalText([]byte(text)); err == nil || err.Error() != want || c != before {
			t.Errorf("%q: got %+v and %v, want %s and nothing changed", text, c, err, want)
		}
	}
	if got, err := (confirm{}).MarshalText(); string(got) != "risky" || err != nil {
		t.Errorf("got %s and %v for none given, want risky", got, err)
	}
}

func TestOnlyAYesIsAYes(t *testing.T) {
	for text, want := range map[string]bool{
		"y\n": true, "Y\n": true, "yes\n": true, "Yes\r\n": true, "\t yEs \n": true, "y": true, "yes\nn\n": true,
		"": false, "\n": false, "n\n": false, "no\n": false, "yy\n": false, "yeah\n": false, "ye\n": false, "y n\n": false,
		"\ny\n": false, "ÿ\n": false,
		strings.Repeat(" ", 97) + "yes\n": true, strings.Repeat(" ", 98) + "yes\n": false, // 100 bytes are read
		strings.Repeat(" ", 99) + "y": true, strings.Repeat(" ", 100) + "y": false,
	} {
		got, err := readYes(t.Context(), strings.NewReader(text))
		if got != want || err != nil {
			t.Errorf("%q: got %t and %v, want %t", text, got, err, want)
		}
	}
	broken := errors.New("broken")
	got, err := readYes(t.Context(), io.MultiReader(strings.NewReader("yes"), iotest.ErrReader(broken)))
	if got || !errors.Is(err, broken) || err.Error() != "read the reply: broken" {
		t.Errorf("got %t and %v, want %v", got, err, broken)
	}
	synctest.Test(t, func(t *testing.T) {
		in, keyboard := io.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := readYes(ctx, in)
			ended <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-ended; err != context.Canceled {
			t.Errorf("got %v, want the end of the context", err)
		}
		_ = keyboard.Close()
	})
}

// Only a terminal is asked, and only without --yes.
func TestWhoIsAsked(t *testing.T) {
	var stderr bytes.Buffer
	p := program{stdin: strings.NewReader("yes\n"), stderr: &stderr, terminal: noTerminal}
	beforehand := shellAsker{program: p, yes: true}
	ok, err := beforehand.ask(t.Context(), "Delete it?")
	if !ok || err != nil || stderr.Len() != 0 || beforehand.noTerminal {
		t.Errorf("with --yes: got %t, %v and %q, want a yes alone", ok, err, &stderr)
	}
	asker := shellAsker{program: p}
	ok, err = asker.ask(t.Context(), "Delete it?")
	if ok || err != errNoTerminal || stderr.String() != "Delete it?\n\n" || !asker.noTerminal {
		t.Errorf("without a terminal: got %t, %v and %q, want %v", ok, err, &stderr, errNoTerminal)
	}

	typed := &typing{Reader: strings.NewReader("n\n")}
	p.terminal = func() (io.ReadCloser, error) { return typed, nil }
	asker = shellAsker{program: p}
	stderr.Reset()
	ok, err = asker.ask(t.Context(), "Delete it?")
	if ok || err != nil || stderr.String() != "Delete it?\n\nDo it? [y/N] " || !typed.closed || asker.noTerminal {
		t.Errorf("with stdin a pipe and a terminal: got %t, %v and %q, want the terminal's no", ok, err, &stderr)
	}

	reader, writer, err := os.Pipe() // a file, but no terminal
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = reader.Close(), writer.Close() }()
	if _, err := writer.WriteString("yes\n"); err != nil {
		t.Fatal(err)
	}
	p.stdin = reader
	typed = &typing{Reader: strings.NewReader("n\n")}
	asker = shellAsker{program: p}
	if ok, err = asker.ask(t.Context(), "Delete it?"); ok || err != nil || !typed.closed {
		t.Errorf("with stdin a pipe of the system: got %t and %v, want the terminal's no", ok, err)
	}

	broken := errors.New("broken")
	typed = &typing{Reader: iotest.ErrReader(broken)}
	asker = shellAsker{program: p}
	if ok, err = asker.ask(t.Context(), "Delete it?"); ok || !errors.Is(err, broken) || asker.left {
		t.Errorf("with a terminal that fails: got %t and %v, want %v", ok, err, broken)
	}
}

// typing is a terminal.
type typing struct {
	io.Reader

	closed bool
}

func (t *typing) Close() error {
	t.closed = true
	return nil
}

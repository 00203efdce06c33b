package serve

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Sources of the confirmation policy: the setting, and a request, which can only require more.
const (
	confirmFlag   = "confirm"
	confirmHeader = "X-MCP-Confirm"

	confirmKey = "confirm-key" // seals the tokens of confirmations; set by the environment only
)

// confirm is the flag --confirm. The zero value means risky.
type confirm struct {
	given  bool
	policy mcpadapter.ConfirmationPolicy
}

func (c confirm) MarshalText() ([]byte, error) {
	if !c.given {
		return mcpadapter.ConfirmRisky.MarshalText()
	}
	return c.policy.MarshalText()
}

func (c *confirm) UnmarshalText(text []byte) error {
	policy, err := confirmationPolicy(string(text))
	if err != nil {
		return err
	}
	*c = confirm{given: true, policy: policy}
	return nil
}

func confirmationPolicy(text string) (mcpadapter.ConfirmationPolicy, error) {
	var policy mcpadapter.ConfirmationPolicy
	if err := policy.UnmarshalText([]byte(text)); err != nil {
		return 0, errors.New(strings.TrimPrefix(err.Error(), "workos/mcpadapter: "))
	}
	return policy, nil
}

// confirmation returns the settings of the flag, and the key of the environment.
func (p program) confirmation(c confirm) (mcpadapter.Confirmation, error) {
	settings := mcpadapter.Confirmation{Policy: mcpadapter.ConfirmRisky, Caller: p.caller}
	if c.given {
		settings.Policy = c.policy
	}
	if key := p.getenv(p.variable(confirmKey)); key != "" {
		settings.Key = []byte(key)
		const least = 32
		if len(key) < least {
			return settings, usageError{fmt.Errorf("%s has %d characters: want at least %d random ones, "+
				"such as from: openssl rand -base64 32", p.variable(confirmKey), len(key), least)}
		}
	}
	return settings, nil
}

// withConfirmHeader applies the header with which a request requires more confirmations than the server. It rejects an
// invalid header, because ignoring it would confirm less than the caller wants.
func (opts HTTPOptions) withConfirmHeader(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch values := r.Header.Values(confirmHeader); len(values) {
		case 0:
		case 1:
			policy, err := confirmationPolicy(strings.TrimSpace(values[0]))
			if err != nil {
				opts.refuseHeader(w, r, fmt.Errorf("%s: %w", confirmHeader, err))
				return
			}
			r = r.WithContext(mcpadapter.RequireConfirmation(r.Context(), policy))
		default:
			opts.refuseHeader(w, r, errors.New(confirmHeader+": the header occurs twice"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// shellAsker asks for confirmations at the terminal.
type shellAsker struct {
	program

	yes        bool // confirm without asking
	noTerminal bool // there was something to ask, and no terminal
	left       bool // a signal came instead of a reply
}

// errNoTerminal reports a call that needs a confirmation where nobody can be asked.
//
//nolint:staticcheck,revive // sentences for people
var errNoTerminal = errors.New(
	"confirmation required, but there is no terminal to ask at; rerun with --yes. Nothing was sent.")

// errLeft reports a signal while a person was asked.
var errLeft = errors.New("interrupted at the question; nothing was sent")

func (a *shellAsker) ask(ctx context.Context, question string) (bool, error) {
	if a.yes {
		return true, nil
	}
	_, _ = fmt.Fprintf(a.stderr, "%s\n\n", question)
	in := a.stdin
	if file, ok := in.(*os.File); !ok || !term.IsTerminal(int(file.Fd())) {
		terminal, err := a.terminal()
		if err != nil {
			a.noTerminal = true
			return false, errNoTerminal
		}
		defer func() { _ = terminal.Close() }()
		in = terminal
	}
	_, _ = fmt.Fprint(a.stderr, "Do it? [y/N] ")
	agreed, err := readYes(ctx, in)
	if errors.Is(err, context.Canceled) {
		a.left = true
		_, _ = fmt.Fprintln(a.stderr)
	}
	return agreed, err
}

// readYes reads a line and reports whether it means yes. A read from a terminal cannot be canceled, so after the end of
// the context it ends with the process.
func readYes(ctx context.Context, in io.Reader) (bool, error) {
	type line struct {
		text string
		err  error
	}
	const most = 100
	read := make(chan line, 1)
	go func() {
		text, err := bufio.NewReader(io.LimitReader(in, most)).ReadString('\n')
		read <- line{text, err}
	}()
	select {
	case l := <-read:
		if l.err != nil && !errors.Is(l.err, io.EOF) {
			return false, fmt.Errorf("read the reply: %w", l.err)
		}
		reply := strings.ToLower(strings.TrimSpace(l.text))
		return reply == "y" || reply == "yes", nil
	case <-ctx.Done():
		return false, ctx.Err() //nolint:wrapcheck // callers distinguish a timeout
	}
}

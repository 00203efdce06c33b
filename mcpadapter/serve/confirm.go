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

// Sources of the confirmation policy. A flag overrides the environment; a request can only require more.
const (
	confirmFlag   = "confirm"
	confirmHeader = "X-MCP-Confirm"

	confirmKey = "confirm-key" // seals the tokens of confirmations; set by the environment only
)

// confirm is the flag --confirm. The zero value means the policy of the environment, by default destructive.
type confirm struct {
	given  bool
	policy mcpadapter.ConfirmationPolicy
}

func (c confirm) MarshalText() ([]byte, error) {
	if !c.given {
		return mcpadapter.ConfirmDestructive.MarshalText()
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
	if policy.UnmarshalText([]byte(text)) != nil {
		return 0, fmt.Errorf("unknown policy %.40q: want none, destructive or writes", text)
	}
	return policy, nil
}

// confirmation returns the settings of the flag and the environment.
func (p program) confirmation(c confirm) (mcpadapter.Confirmation, error) {
	settings := mcpadapter.Confirmation{Policy: mcpadapter.ConfirmDestructive, Caller: p.api.Caller}
	if text := p.getenv(p.variable(confirmFlag)); c.given {
		settings.Policy = c.policy
	} else if text != "" {
		var err error
		if settings.Policy, err = confirmationPolicy(text); err != nil {
			return settings, usageError{fmt.Errorf("%s: %w", p.variable(confirmFlag), err)}
		}
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
func withConfirmHeader(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch values := r.Header.Values(confirmHeader); len(values) {
		case 0:
		case 1:
			policy, err := confirmationPolicy(strings.TrimSpace(values[0]))
			if err != nil {
				http.Error(w, confirmHeader+": "+err.Error(), http.StatusBadRequest)
				return
			}
			r = r.WithContext(mcpadapter.RequireConfirmation(r.Context(), policy))
		default:
			http.Error(w, confirmHeader+": the header occurs twice", http.StatusBadRequest)
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
}

// errNoTerminal reports a call that needs a confirmation where nobody can be asked.
//
//nolint:staticcheck,revive // sentences for people
var errNoTerminal = errors.New(
	"confirmation required, but stdin is not a terminal; rerun with --yes. Nothing was sent.")

func (a *shellAsker) ask(ctx context.Context, question string) (bool, error) {
	if a.yes {
		return true, nil
	}
	_, _ = fmt.Fprintf(a.stderr, "%s\n\n", question)
	if file, ok := a.stdin.(*os.File); !ok || !term.IsTerminal(int(file.Fd())) {
		a.noTerminal = true
		return false, errNoTerminal
	}
	_, _ = fmt.Fprint(a.stderr, "Do it? [y/N] ")
	return readYes(ctx, a.stdin)
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

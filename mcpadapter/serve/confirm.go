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

// What sets which calls are confirmed. A flag overrides the environment; a request can only ask for more.
const (
	confirmFlag   = "confirm"
	confirmHeader = "X-MCP-Confirm"

	confirmKey = "confirm-key" // by the environment alone: seals the tokens of confirmations
)

// confirm is the flag --confirm. The zero value is what the environment says, or else destructive.
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
		return 0, fmt.Errorf("%.40q is none of none, destructive and writes", text)
	}
	return policy, nil
}

// confirmation is what the flag and the environment say of confirmations.
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
			return settings, usageError{fmt.Errorf("%s has %d characters, expected at least %d random ones, "+
				"such as from: openssl rand -base64 32", p.variable(confirmKey), len(key), least)}
		}
	}
	return settings, nil
}

// withConfirmHeader applies the header by which a request asks for more confirmations than the server does. It rejects
// a wrong header, because without it less would be confirmed than was meant.
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
			http.Error(w, confirmHeader+": the header is given twice", http.StatusBadRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// asker asks at the terminal, or with yes nobody.
func (p program) asker(yes bool) mcpadapter.Asker {
	if yes {
		return func(context.Context, string) (bool, error) { return true, nil }
	}
	return func(ctx context.Context, question string) (bool, error) {
		_, _ = fmt.Fprintf(p.stderr, "%s\n\n", question)
		if file, ok := p.stdin.(*os.File); !ok || !term.IsTerminal(int(file.Fd())) {
			return false, errors.New("standard input is no terminal; give --yes to confirm the call beforehand")
		}
		_, _ = fmt.Fprint(p.stderr, "Do it? [y/N] ")
		return readYes(ctx, p.stdin)
	}
}

// readYes reads a line and tells whether it is a yes. A terminal cannot be told to stop reading, so the end of the
// context leaves the read behind, to end with the process.
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
			return false, fmt.Errorf("read the answer: %w", l.err)
		}
		answer := strings.ToLower(strings.TrimSpace(l.text))
		return answer == "y" || answer == "yes", nil
	case <-ctx.Done():
		return false, ctx.Err() //nolint:wrapcheck // whoever asked tells the end of time from others
	}
}

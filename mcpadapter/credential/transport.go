package credential

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// MissingError is a call without the credentials that its operation needs. Nothing was sent.
type MissingError struct {
	Operation    string   // operationId
	Alternatives []string // such as "key" or "key + secret": the schemes of each set of credentials that would do
}

// Error names the schemes.
func (e *MissingError) Error() string {
	return fmt.Sprintf("operation %q needs a credential: %s", e.Operation, strings.Join(e.Alternatives, ", or "))
}

// Transport returns a transport that adds the credentials of the context, see [With], to the requests of the operations
// of the table, and sends them by base. Of the alternatives of an operation it takes the first that the credentials
// satisfy. If there is none, the error is a [MissingError], and nothing is sent. Where no operation of the table says
// what it needs, each gets all credentials. Requests that are not calls of an adapter are sent as they are.
func (s *Schemes) Transport(base http.RoundTripper) http.RoundTripper { return &transport{s, base} }

type transport struct {
	schemes *Schemes
	base    http.RoundTripper
}

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	op := mcpadapter.OperationOf(r.Context())
	if op == nil {
		return t.base.RoundTrip(r) //nolint:wrapcheck // a transport returns the errors of the one below
	}
	authenticated, err := t.authenticate(r, op)
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, err
	}
	return t.base.RoundTrip(authenticated) //nolint:wrapcheck // as above
}

// authenticate returns the request with the credentials of its context: a copy, so that no error has the URL with them.
func (t *transport) authenticate(r *http.Request, op *optable.Operation) (*http.Request, error) {
	set := setOf(r.Context())
	chosen, err := t.schemes.choose(op, set)
	if err != nil || len(chosen) == 0 {
		return r, err
	}
	c := r.Clone(r.Context())
	for _, credential := range chosen {
		scheme := t.schemes.scheme(credential.Scheme)
		if scheme == nil { // mutual TLS
			continue
		}
		secret := set[credential.Scheme].Secret
		if secret == "" {
			if secret, err = t.schemes.tokens.get(r, t.base, scheme, set[scheme.Name], credential.Scopes); err != nil {
				return nil, err
			}
		}
		if err := add(c, scheme, secret); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// choose returns the credentials of the first alternative that the set satisfies.
func (s *Schemes) choose(op *optable.Operation, set Set) (optable.Requirement, error) {
	if !s.stated {
		var all optable.Requirement
		for _, scheme := range s.usable {
			if s.has(scheme.Name, set) {
				all = append(all, optable.Credential{Scheme: scheme.Name})
			}
		}
		return all, nil
	}
	alternatives := s.table.SecurityOf(op)
	none := len(alternatives) == 0
	for _, a := range alternatives {
		switch {
		case len(a) == 0:
			none = true
		case s.satisfied(a, set):
			return a, nil
		}
	}
	if none {
		return nil, nil
	}
	return nil, &MissingError{Operation: op.ID, Alternatives: optable.Alternatives(alternatives)}
}

func (s *Schemes) satisfied(r optable.Requirement, set Set) bool {
	for _, c := range r {
		if !s.has(c.Scheme, set) {
			return false
		}
	}
	return true
}

// has reports whether a set has a credential for a scheme. The transport below has that for mutual TLS.
func (s *Schemes) has(name string, set Set) bool {
	if known := s.table.SecurityScheme(name); known != nil && known.Type == optable.MutualTLS {
		return true
	}
	c, scheme := set[name], s.scheme(name)
	return scheme != nil && (c.Secret != "" || c.ClientID != "" && scheme.TokenURL != "")
}

// Caller returns a text that differs between callers with different credentials, for [mcpadapter.Confirmation]. It does
// not contain them.
func (s *Schemes) Caller(ctx context.Context) string {
	set := setOf(ctx)
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(set)) {
		c := set[name]
		_, _ = fmt.Fprintf(sum, "%q %q %q %q\n", name, c.Secret, c.ClientID, c.ClientSecret)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

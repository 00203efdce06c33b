package credential

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/seed-f165d83c/workos/gen/optable"
)

const (
	tokenTime  = 30 * time.Second // limits fetching a token
	maxSources = 1000             // limits the clients and scopes whose tokens are kept
)

// tokens keeps the tokens of clients until they expire.
type tokens struct {
	mu      sync.Mutex
	sources map[[sha256.Size]byte]oauth2.TokenSource
}

// get returns a token of the client credentials flow for the scopes.
func (t *tokens) get(
	r *http.Request, base http.RoundTripper, scheme *optable.SecurityScheme, c Credential, scopes []string,
) (string, error) {
	key := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q", scheme.Name, c.ClientID, c.ClientSecret, scopes))
	t.mu.Lock()
	source := t.sources[key]
	if source == nil {
		endpoint, err := r.URL.Parse(scheme.TokenURL)
		if err != nil {
			t.mu.Unlock()
			return "", fmt.Errorf("token of %q: token URL: %w", scheme.Name, err)
		}
		if len(t.sources) >= maxSources || t.sources == nil {
			t.sources = map[[sha256.Size]byte]oauth2.TokenSource{}
		}
		config := clientcredentials.Config{
			ClientID: c.ClientID, ClientSecret: c.ClientSecret, TokenURL: endpoint.String(), Scopes: scopes,
		}
		doer := &http.Client{Transport: base, Timeout: tokenTime, CheckRedirect: noRedirect}
		source = config.TokenSource(context.WithValue(context.WithoutCancel(r.Context()), oauth2.HTTPClient, doer))
		t.sources[key] = source
	}
	t.mu.Unlock()
	token, err := source.Token()
	if err != nil {
		return "", tokenError(scheme.Name, err)
	}
	return token.AccessToken, nil
}

// noRedirect follows no redirect, which would carry the secret of the client elsewhere.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// tokenError reports why there is no token, without the response, which may repeat the request.
func tokenError(scheme string, err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		return fmt.Errorf("token of %q: %w", scheme, err)
	}
	reason := []string{http.StatusText(refused.Response.StatusCode)}
	if refused.ErrorCode != "" {
		reason = append(reason, refused.ErrorCode)
	}
	return fmt.Errorf("token of %q: the token endpoint returned %d %s", scheme, refused.Response.StatusCode,
		strings.Join(reason, ", "))
}

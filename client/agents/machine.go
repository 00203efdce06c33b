package agents

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/client/internal/origin"
	"github.com/seed-f165d83c/workos/client/internal/redact"
)

// MachineConfig configures [Machine]. TokenURL, ClientID and ClientSecret are required.
type MachineConfig struct {
	// TokenURL is that of the AuthKit domain: "https://acme.authkit.app/oauth2/token". It must be an https URL, or an
	// http URL of a loopback address.
	TokenURL string
	// ClientID and ClientSecret are those of the machine-to-machine application (Connect).
	ClientID     string
	ClientSecret string `json:"-"`
	// Scopes are requested; nil requests the application's default.
	Scopes []string
	// Resource is the URL of the server that the tokens are for (RFC 8707); "" for none.
	Resource string
	// HTTPClient sends the requests, with its transport, cookie jar and timeout. Its CheckRedirect is ignored: redirects,
	// which would receive the secret, are not followed. The default, for nil, uses [http.DefaultTransport].
	HTTPClient *http.Client
}

// String returns the configuration without the secret.
func (c MachineConfig) String() string {
	return fmt.Sprintf("MachineConfig{TokenURL: %q, ClientID: %q, ClientSecret: %s}", c.TokenURL, c.ClientID,
		redact.Mask(c.ClientSecret))
}

// GoString is String.
func (c MachineConfig) GoString() string { return c.String() }

// Format writes String for every verb.
func (c MachineConfig) Format(state fmt.State, verb rune) { redact.Format(state, verb, c.String()) }

// MachineError is the error of a token endpoint (RFC 6749 section 5.2).
type MachineError struct {
	StatusCode  int    // of the response, other than 200
	Code        string // such as invalid_client; "" if the response has none
	Description string // for people; "" if the response has none
}

// Error returns status, code and description.
func (e *MachineError) Error() string {
	return fmt.Sprintf("token endpoint: status %d, error %.100q: %.300q", e.StatusCode, e.Code, e.Description)
}

// Machine returns a source of tokens of a machine-to-machine application, by the client credentials grant (RFC 6749
// section 4.4). It sends nothing. If the endpoint refuses, the error of [Source.Token] wraps a [*MachineError].
func Machine(config MachineConfig) (*Source, error) {
	target, err := url.Parse(config.TokenURL)
	switch {
	case err != nil || target.Host == "" || target.User != nil || !origin.Private(target):
		return nil, fmt.Errorf("workos/agents: invalid TokenURL %q: want an https URL", config.TokenURL)
	case config.ClientID == "":
		return nil, errors.New("workos/agents: ClientID is empty")
	case config.ClientSecret == "":
		return nil, errors.New("workos/agents: ClientSecret is empty")
	}
	var client http.Client
	if config.HTTPClient != nil {
		client = *config.HTTPClient
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	config.HTTPClient = &client
	return &Source{fetch: func(ctx context.Context, _ *Token) (*Token, error) {
		token, err := config.exchange(ctx)
		if err != nil {
			return nil, fmt.Errorf("workos/agents: machine: %w", err)
		}
		return token, nil
	}}, nil
}

const maxResponse = 1 << 20 // bytes

func (c MachineConfig) exchange(ctx context.Context) (*Token, error) {
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {c.ClientID}, "client_secret": {c.ClientSecret},
	}
	if len(c.Scopes) > 0 {
		form.Set("scope", strings.Join(c.Scopes, " "))
	}
	if c.Resource != "" {
		form.Set("resource", c.Resource)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	sent := time.Now()
	resp, err := c.HTTPClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("request: %w", redact.Transport(err))
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusSwitchingProtocols { // the body is the connection, whose reads heed no deadline
		return nil, &MachineError{StatusCode: resp.StatusCode}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse))
	if err != nil {
		return nil, fmt.Errorf("response: %w", err)
	}
	token, err := parseResponse(resp.StatusCode, resp.Header.Get("Content-Type"), body, sent)
	if refused, ok := errors.AsType[*MachineError](err); ok { // which may repeat what was sent
		refused.Code, refused.Description = c.scrub(refused.Code), c.scrub(refused.Description)
	}
	return token, err
}

// scrub removes the secret from a text of the endpoint.
func (c MachineConfig) scrub(text string) string {
	text = strings.ReplaceAll(text, c.ClientSecret, redact.Mark)
	return strings.ReplaceAll(text, url.QueryEscape(c.ClientSecret), redact.Mark)
}

// parseResponse returns the token of a response (RFC 6749 section 5.1).
func parseResponse(status int, contentType string, body []byte, sent time.Time) (*Token, error) {
	var got struct {
		AccessToken string  `json:"access_token"`
		TokenType   string  `json:"token_type"`
		ExpiresIn   float64 `json:"expires_in"`
		Error       string  `json:"error"`
		Description string  `json:"error_description"`
	}
	media, _, _ := mime.ParseMediaType(contentType)
	err := json.Unmarshal(body, &got)
	switch {
	case status != http.StatusOK:
		return nil, &MachineError{status, got.Error, got.Description}
	case media != "application/json" || err != nil:
		return nil, errors.New("the response is not JSON, or not that of a token endpoint")
	case got.AccessToken == "" || !strings.EqualFold(got.TokenType, "Bearer"):
		return nil, errors.New("response has no bearer token")
	case got.ExpiresIn < 1 || got.ExpiresIn > 366*24*60*60:
		return nil, errors.New("response has no lifetime, or one of more than a year")
	}
	return newToken(Token{AccessToken: got.AccessToken}, time.Duration(got.ExpiresIn*float64(time.Second)), sent), nil
}

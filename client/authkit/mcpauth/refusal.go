package mcpauth

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
)

// refusal is the response to a request that is refused.
type refusal struct {
	status    int
	code      string   // "error"; "" in a challenge to a request without a token (RFC 6750 section 3.1)
	text      string   // "error_description"
	scopes    []string // of the challenge
	challenge bool     // whether a challenge is sent
	cause     error    // for the log
}

func (g *Guard) unauthorized(code, text string) *refusal {
	return &refusal{status: http.StatusUnauthorized, code: code, text: text, scopes: g.config.Scopes, challenge: true}
}

// invalid returns the refusal of a token. Its text has no part of the token but its issuer or audience.
func (g *Guard) invalid(cause error) *refusal {
	r := g.unauthorized("invalid_token", strings.TrimPrefix(cause.Error(), "workos/authkit: access token: "))
	r.cause = cause
	return r
}

func (g *Guard) refuse(w http.ResponseWriter, r *http.Request, refused *refusal) {
	level := slog.LevelDebug
	if refused.status == http.StatusServiceUnavailable {
		level = slog.LevelWarn
		w.Header().Set("Retry-After", "5")
	}
	attrs := []slog.Attr{slog.Int("status", refused.status), slog.String("error", refused.code),
		slog.String("description", refused.text)}
	if refused.cause != nil {
		attrs = append(attrs, slog.String("cause", refused.cause.Error()))
	}
	g.logger.LogAttrs(r.Context(), level, "workos/mcpauth: request refused", attrs...)

	body := map[string]string{"error": refused.code, "error_description": refused.text}
	if refused.code == "" {
		body["error"] = "unauthorized"
	}
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	if refused.challenge {
		w.Header().Set("WWW-Authenticate", g.challengeOf(refused))
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(refused.status)
	_, _ = w.Write(text) // it fails only if the client is gone
}

// challengeOf returns a challenge (RFC 6750 section 3, RFC 9728 section 5.1).
func (g *Guard) challengeOf(refused *refusal) string {
	params := []string{"resource_metadata=" + quote(g.challenge)}
	if refused.code != "" {
		params = append(params, "error="+quote(refused.code), "error_description="+quote(refused.text))
	}
	if len(refused.scopes) > 0 {
		params = append(params, "scope="+quote(strings.Join(refused.scopes, " ")))
	}
	return "Bearer " + strings.Join(params, ", ")
}

// quote returns text as a quoted-string of the characters that RFC 6750 section 3 permits.
func quote(text string) string {
	return `"` + strings.Map(func(c rune) rune {
		switch {
		case c == '"' || c == '\\':
			return '\''
		case c < ' ' || c > '~':
			return '?'
		}
		return c
	}, text) + `"`
}

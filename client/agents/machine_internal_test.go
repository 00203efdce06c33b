package agents

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

func FuzzParseResponse(f *testing.F) {
	for _, body := range []string{
		`{"access_token":"token","token_type":"Bearer","expires_in":300}`, `{"access_token":"token","token_type":"mac"}`,
		`{"access_token":"token","token_type":"bearer","expires_in":1e300}`, `{"error":"invalid_client"}`, `[]`, `null`, ``,
		`{"access_token":"token","token_type":"Bearer","expires_in":-1}`, `{"access_token":7}`, `{"expires_in":"300"}`,
		`{"access_token":"token","token_type":"Bearer","expires_in":31622400}`, `{"access_token":"a\r\nb"}`,
	} {
		f.Add(http.StatusOK, "application/json", []byte(body))
		f.Add(http.StatusUnauthorized, "application/json; charset=utf-8", []byte(body))
		f.Add(http.StatusOK, "text/html", []byte(body))
	}
	sent := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	f.Fuzz(func(t *testing.T, status int, contentType string, body []byte) {
		token, err := parseResponse(status, contentType, body, sent)
		if err != nil {
			if token != nil {
				t.Errorf("got %v beside %v", token, err)
			}
			refused := (*MachineError)(nil)
			if errors.As(err, &refused) != (status != http.StatusOK) {
				t.Errorf("status %d: got %v, want a MachineError for other statuses than 200 alone", status, err)
			}
			if refused == nil && strings.Contains(err.Error(), "token\"") {
				t.Errorf("got %v, want no part of the response", err)
			}
			return
		}
		life := token.ExpiresAt.Sub(sent)
		if status != http.StatusOK || token.AccessToken == "" || life < time.Second || life > 366*24*time.Hour ||
			token.renewAt.Before(sent) || !token.renewAt.Before(token.ExpiresAt) {
			t.Errorf("status %d: got %v until %v, renewed at %v", status, token, token.ExpiresAt, token.renewAt)
		}
	})
}

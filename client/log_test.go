package client_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

func TestLogHasEachAttemptWithoutValues(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w := newWire(respondInTurn(respondJSON(http.StatusInternalServerError, `{"message":"key `+testKey+`"}`),
		respondJSON(http.StatusOK, `{"id":"inv_01","token":"answer-secret"}`)))
	c := newClient(t, testKey, w.option(), client.WithLogger(logger), client.WithRetry(client.RetryPolicy{MaxAttempts: 2}),
		client.WithHeader("X-Secret", "header-secret"))
	_, err := c.UserManagement.Invitations.GetByToken(t.Context(), "path-secret")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = c.UserManagement.Invitations.Create(t.Context(), gen.CreateInvitation{Email: "body-secret@example.com"})
	text := log.String()
	for _, secret := range []string{"path-secret", "answer-secret", "header-secret", "body-secret", testKey} {
		if strings.Contains(text, secret) {
			t.Errorf("shows %s: %s", secret, text)
		}
	}
	for _, want := range []string{
		`level=WARN msg="WorkOS call failed" operation=user_management.invitations.by_token.get method=GET ` +
			`path=/user_management/invitations/by_token/{token} attempt=1 duration=`,
		`msg="WorkOS call will be retried"`, `level=DEBUG msg="WorkOS response"`, "attempt=2", "status=200",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got %s, want %s in it", text, want)
		}
	}
}

func TestLogHasALineForEachAttempt(t *testing.T) {
	for _, tt := range []struct {
		level slog.Level
		want  []string
	}{
		{slog.LevelDebug, []string{
			`level=WARN msg="WorkOS call failed" operation=organizations.get method=GET path=/organizations/{id} attempt=1 ` +
				`duration=2s status=500 request_id=r[redacted] error="organizations.get: 500 Internal Server Error (request ID ` +
				`r[redacted])"`,
			`level=WARN msg="WorkOS call will be retried" operation=organizations.get method=GET path=/organizations/{id} ` +
				`attempt=1 wait=0s error="organizations.get: 500 Internal Server Error (request ID r[redacted])"`,
			`level=WARN msg="WorkOS call failed" operation=organizations.get method=GET path=/organizations/{id} attempt=2 ` +
				`duration=2s error="organizations.get: Get \"https://api.workos.com/organizations/{id}\": down"`,
			`level=WARN msg="WorkOS call will be retried" operation=organizations.get method=GET path=/organizations/{id} ` +
				`attempt=2 wait=0s error="organizations.get: Get \"https://api.workos.com/organizations/{id}\": down"`,
			`level=DEBUG msg="WorkOS response" operation=organizations.get method=GET path=/organizations/{id} attempt=3 ` +
				`duration=2s status=200`,
		}},
		{slog.LevelInfo, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: tt.level,
				ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
					if a.Key == slog.TimeKey {
						return slog.Attr{}
					}
					return a
				}}))
			n := 0
			c := newClient(t, testKey, client.WithLogger(logger), client.WithRetry(client.RetryPolicy{MaxAttempts: 3}),
				client.WithHTTPClient(&http.Client{Transport: transportFunc(func(*http.Request) (*http.Response, error) {
					time.Sleep(2 * time.Second)
					n++
					switch n {
					case 1:
						resp := byHand(http.StatusInternalServerError, ``)
						resp.Header.Set("X-Request-Id", "r"+testKey)
						return resp, nil
					case 2:
						return nil, errors.New("down")
					}
					return byHand(http.StatusOK, anOrg), nil
				})}))
			if _, err := c.Organizations.Get(t.Context(), "org_01"); err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
			if tt.want == nil {
				if len(lines) != 4 || strings.Contains(out.String(), "DEBUG") {
					t.Errorf("without debug level: got %s", out.String())
				}
				return
			}
			if !slices.Equal(lines, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", out.String(), strings.Join(tt.want, "\n"))
			}
		})
	}
}

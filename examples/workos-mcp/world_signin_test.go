package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
)

// code is what a browser brings back from a sign-in.
func (w *world) code(tool, arguments string) string {
	w.Helper()
	_, code, _ := strings.Cut(string(w.do(tool, arguments)), "code=")
	code, _, _ = strings.Cut(code, `"`)
	return code
}

// pending is the token of a sign-in that is not complete, as the email address is not verified. Tools do not show it.
func (w *world) pending(body string) string {
	w.Helper()
	r := httptest.NewRequestWithContext(w.ctx(), http.MethodPost,
		"https://api.workos.com/user_management/authenticate", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+sandboxKey)
	r.Header.Set("Content-Type", "application/json")
	response, err := w.sandbox.RoundTrip(r)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var refusal struct {
		Pending string `json:"pending_authentication_token"`
	}
	if err := json.NewDecoder(response.Body).Decode(&refusal); err != nil || refusal.Pending == "" {
		w.Fatalf("got %s and %v, want a pending sign-in", response.Status, err)
	}
	return refusal.Pending
}

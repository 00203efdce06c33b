package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// inMemory is a sandbox with a clock of its own. Its refusals have to be documented.
type inMemory struct {
	tb     testing.TB
	sb     *sandbox.Sandbox
	start  time.Time
	now    time.Time
	router *optable.Router
}

func newInMemory(tb testing.TB) *inMemory {
	tb.Helper()
	m := &inMemory{
		tb: tb, now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), router: optable.NewRouter(gen.Routes),
	}
	m.start = m.now
	m.sb = sandbox.New(sandbox.WithSeed(1), sandbox.WithClock(func() time.Time {
		m.now = m.now.Add(time.Millisecond)
		return m.now
	}))
	return m
}

func (m *inMemory) send(method, path, body string) (answer, error) {
	m.tb.Helper()
	var payload any
	if body != "" {
		payload = body
	}
	a := send(m.tb, m.sb, method, path, payload)
	m.checkRefusal(method, path, a)
	m.checkIDs(method+" "+path, a.text)
	return a, nil
}

func (m *inMemory) control(word, rest string) (string, error) {
	switch word {
	case "clock":
		d, err := time.ParseDuration(rest)
		m.now = m.now.Add(d)
		return "", err
	case "mail":
		code := ""
		for _, sent := range m.sb.Outbox() {
			if sent.About == rest {
				code = sent.Code
			}
		}
		return code, nil
	case "seed":
		return "", m.sb.Seed([]byte(rest))
	case "change":
		words := strings.SplitN(rest, " ", 3)
		return "", m.sb.Change(words[0], words[1], []byte(words[2]))
	case "remove":
		typ, id, _ := strings.Cut(rest, " ")
		return "", m.sb.Remove(typ, id)
	case "device":
		code, email, _ := strings.Cut(rest, " ")
		return "", m.sb.DecideDevice(code, email)
	case "impersonate":
		return m.impersonate(rest)
	case "totp":
		return sandbox.TOTP(rest, m.now), nil
	default:
		return "", fmt.Errorf("unknown step %q", word)
	}
}

func (m *inMemory) impersonate(text string) (code string, err error) {
	var i sandbox.Impersonation
	if err := json.Unmarshal([]byte(text), &i); err != nil {
		return "", err
	}
	callback, err := m.sb.Impersonate(i)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(callback)
	return u.Query().Get("code"), err
}

// checkRefusal holds a refusal to those that the operation documents. That a credential is missing, that a thing is not
// there and that a request is not as described holds for all.
func (m *inMemory) checkRefusal(method, path string, a answer) {
	m.tb.Helper()
	pure, _, _ := strings.Cut(path, "?")
	route := m.router.Match(method, pure)
	if route == nil || a.status < 400 || slices.Contains([]int{405, 413, 422}, a.status) && a.json["errors"] != nil ||
		a.status == http.StatusUnauthorized || a.status == http.StatusNotFound {
		return
	}
	documented := map[string][]string{}
	for i := range gen.Operations.Operations {
		if op := &gen.Operations.Operations[i]; op.ID == route.ID {
			_ = json.Unmarshal([]byte(op.Extension("x-errors")), &documented)
		}
	}
	codes, ok := documented[strconv.Itoa(a.status)]
	if code := codeIn(a); !ok || len(codes) > 0 && !slices.Contains(codes, code) {
		m.tb.Errorf("%s %s: %d %q is not documented: %v", method, path, a.status, code, documented)
	}
}

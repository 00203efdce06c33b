package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// TestScenarios runs the files of testdata/scenarios. A scenario begins with a line "# NAME | SOURCE", where the source
// is the operation of the official description, with status and code, or the page of the public documentation that the
// expectation is from. Then come steps in a sandbox of its own:
//
//	METHOD PATH [JSON] -> STATUS [field=value] [field=?] [field:=name] [#list=length] [body=text]
//	clock DURATION       moves the clock
//	mail ABOUT name      stores the code of the last message about that
//	seed JSON            puts things in
//	device CODE EMAIL    decides a device flow; without an email address it is denied
//	impersonate name JSON  stores the code of an impersonation
//	totp SECRET name     stores the code that an authenticator app shows
//
// A field is a path with dots; $name stands for what was stored; location?code is a parameter of a redirect.
func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/scenarios/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, scenario := range strings.Split("\n"+string(text), "\n# ")[1:] {
			head, steps, _ := strings.Cut(scenario, "\n")
			name, source, sourced := strings.Cut(head, " | ")
			if !sourced || source == "" {
				t.Errorf("%s: %s: no source", file, name)
			}
			count++
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+name, func(t *testing.T) {
				t.Parallel()
				newStage(t).play(steps)
			})
		}
	}
	if count < 150 {
		t.Errorf("got %d scenarios, want 150", count)
	}
}

// stage is where a scenario is played.
type stage struct {
	*testing.T

	sb     *sandbox.Sandbox
	now    time.Time
	router *optable.Router
	stored map[string]string
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{
		T: t, now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), router: optable.NewRouter(gen.Routes),
		stored: map[string]string{},
	}
	s.sb = sandbox.New(sandbox.WithSeed(1), sandbox.WithClock(func() time.Time {
		s.now = s.now.Add(time.Millisecond)
		return s.now
	}))
	return s
}

func (s *stage) play(steps string) {
	s.Helper()
	for line := range strings.Lines(steps) {
		line = os.Expand(strings.TrimSpace(line), func(name string) string { return s.stored[name] })
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		var err error
		switch words[0] {
		case "clock":
			var d time.Duration
			d, err = time.ParseDuration(words[1])
			s.now = s.now.Add(d)
		case "mail":
			for _, m := range s.sb.Outbox() {
				if m.About == words[1] {
					s.stored[words[2]] = m.Code
				}
			}
		case "seed":
			err = s.sb.Seed([]byte(strings.TrimPrefix(line, "seed ")))
		case "device":
			err = s.sb.DecideDevice(words[1], strings.Join(words[2:], ""))
		case "impersonate":
			s.stored[words[1]], err = s.impersonate(strings.Join(words[2:], " "))
		case "totp":
			s.stored[words[2]] = sandbox.TOTP(words[1], s.now)
		default:
			s.send(line)
		}
		if err != nil {
			s.Errorf("%s: %v", line, err)
		}
	}
}

func (s *stage) impersonate(text string) (code string, err error) {
	var i sandbox.Impersonation
	if err := json.Unmarshal([]byte(text), &i); err != nil {
		return "", err
	}
	callback, err := s.sb.Impersonate(i)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(callback)
	return u.Query().Get("code"), err
}

func (s *stage) send(line string) {
	s.Helper()
	request, want, _ := strings.Cut(line, " -> ")
	method, rest, _ := strings.Cut(request, " ")
	path, body, _ := strings.Cut(rest, " ")
	var payload any
	if body != "" {
		payload = body
	}
	a := send(s, s.sb, method, path, payload)
	expected := strings.Fields(want)
	if status, err := strconv.Atoi(expected[0]); err != nil || a.status != status {
		s.Fatalf("%s: got %d %s", line, a.status, a.text)
	}
	s.checkRefusal(line, method, path, a)
	for _, e := range expected[1:] {
		if field, name, stores := strings.Cut(e, ":="); stores {
			s.stored[name] = plain(field, a)
			continue
		}
		field, value, _ := strings.Cut(e, "=")
		if got := plain(field, a); value == "?" && got == "" || value != "?" && got != value {
			s.Errorf("%s: %s: got %q, want %q in %s", line, field, got, value, a.text)
		}
	}
}

// plain is a field of a response as text; for #field the length of a list.
func plain(field string, a answer) string {
	if name, ok := strings.CutPrefix(field, "location?"); ok {
		u, err := url.Parse(a.header.Get("Location"))
		if err != nil {
			return ""
		}
		return u.Query().Get(name)
	}
	if field == "body" {
		return a.text
	}
	name, counts := strings.CutPrefix(field, "#")
	var v any
	_ = json.Unmarshal([]byte(a.text), &v) // nil if there is no body
	for part := range strings.SplitSeq(name, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(at) {
				return ""
			}
			v = at[i]
		default:
			return ""
		}
	}
	if counts {
		return strconv.Itoa(len(list(v)))
	}
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return strings.ReplaceAll(v, " ", "_")
	default:
		return fmt.Sprint(v)
	}
}

// checkRefusal holds a refusal to those that the operation documents. That a credential is missing, that a thing is not
// there and that a request is not as described holds for all.
func (s *stage) checkRefusal(line, method, path string, a answer) {
	s.Helper()
	pure, _, _ := strings.Cut(path, "?")
	route := s.router.Match(method, pure)
	if route == nil || a.status < 400 || slices.Contains([]int{401, 404, 405, 413, 422}, a.status) && a.json["errors"] != nil ||
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
	code := str(a.json["code"])
	if code == "" {
		code = str(a.json["error"])
	}
	if !ok || len(codes) > 0 && !slices.Contains(codes, code) {
		s.Errorf("%s: %d %q is not documented: %v", line, a.status, code, documented)
	}
}

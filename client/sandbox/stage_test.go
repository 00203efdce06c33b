package sandbox_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// backend is what a scenario is played on.
type backend interface {
	// send puts a request. The response need not be parsed. An error is one of the backend, not of the API.
	send(method, path, body string) (answer, error)

	// control takes a step that is not a request. It returns the text to store, or "".
	control(word, rest string) (string, error)
}

// stage plays scenarios.
type stage struct {
	backend

	router *optable.Router
	stored map[string]string
	method string // of the last request
	path   string
}

func newStage(b backend) *stage {
	return &stage{backend: b, router: optable.NewRouter(gen.Routes), stored: map[string]string{}}
}

// difference is an expectation that was not met.
type difference struct {
	step string // method and path of the operation
	want string // as the scenario has it
	got  string
	text string // the response
}

// play takes the steps. It goes on after a difference unless what follows would be another story: after a refusal that
// was not expected, or one that was and did not come. The error is that of a step that the backend cannot take.
func (s *stage) play(steps string) (different []difference, err error) {
	clear(s.stored)
	for line := range strings.Lines(steps) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		more, goesOn := []difference(nil), true
		if request, want, isRequest := strings.Cut(line, " -> "); isRequest {
			more, goesOn, err = s.step(request, want)
		} else {
			err = s.controlStep(line)
		}
		different = append(different, more...)
		if err != nil {
			return different, fmt.Errorf("%s: %w", line, err)
		}
		if !goesOn {
			break
		}
	}
	return different, nil
}

func (s *stage) expand(text string) string {
	return os.Expand(text, func(name string) string { return s.stored[name] })
}

// controlStep takes a step without a response. Those that store a text name it in their last word, or in the first of
// those that follow if JSON ends the line.
func (s *stage) controlStep(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	name := ""
	switch word {
	case "mail", "totp":
		rest, name, _ = strings.Cut(rest, " ")
	case "impersonate":
		name, rest, _ = strings.Cut(rest, " ")
	}
	text, err := s.control(word, s.expand(rest))
	if name != "" {
		s.stored[name] = text
	}
	return err
}

func (s *stage) step(request, want string) (different []difference, goesOn bool, err error) {
	method, rest, _ := strings.Cut(s.expand(request), " ")
	path, body, _ := strings.Cut(rest, " ")
	s.method, s.path = method, path
	a, err := s.send(method, path, body)
	if err != nil {
		return nil, false, err
	}
	differs := func(want, got string) {
		different = append(different, difference{s.operation(), want, got, a.text})
	}
	expected := strings.Fields(want)
	status, err := strconv.Atoi(expected[0])
	if err != nil {
		return nil, false, err
	}
	if a.json == nil && (a.status != status || len(expected) > 1) {
		a = newAnswer(a.status, a.header, a.text)
	}
	if a.status != status {
		got := strconv.Itoa(a.status)
		if a.status >= 400 {
			got = strings.TrimSpace(got + " " + codeIn(a))
		}
		differs(refusalOf(expected), got)
		return different, (a.status < 400) == (status < 400), nil
	}
	for _, e := range expected[1:] {
		if field, name, stores := strings.Cut(e, ":="); stores {
			s.stored[name] = plain(field, a)
			if s.stored[name] == "" || s.stored[name] == "null" {
				differs(field, "none")
				return different, false, nil
			}
			continue
		}
		field, value, _ := strings.Cut(e, "=")
		if got := plain(field, a); value == "?" && (got == "" || got == "null") || value != "?" && got != s.expand(value) {
			differs(e, got)
		}
	}
	return different, true, nil
}

// operation is that of the last request.
func (s *stage) operation() string {
	path, _, _ := strings.Cut(s.path, "?")
	if route := s.router.Match(s.method, path); route != nil {
		path = route.Path
	}
	return s.method + " " + path
}

// refusalOf is what a step expects of the status and of the code of an error.
func refusalOf(expected []string) string {
	words := expected[:1:1]
	for _, e := range expected[1:] {
		if field, code, ok := strings.Cut(e, "="); ok && (field == "code" || field == "error") {
			words = append(words, code)
		}
	}
	return strings.Join(words, " ")
}

// codeIn is the code of an error, or "".
func codeIn(a answer) string {
	if code := str(a.json["code"]); code != "" {
		return code
	}
	return str(a.json["error"])
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
	if token, claim, ok := strings.Cut(field, "~"); ok {
		claims, _ := base64.RawURLEncoding.DecodeString(strings.Split(plain(token, a)+"..", ".")[1])
		return plain(claim, newAnswer(a.status, nil, string(claims)))
	}
	name, counts := strings.CutPrefix(field, "#")
	if v, ok := a.json[field]; ok { // a name with dots
		return written(v)
	}
	var v any = a.json
	if a.json == nil {
		_ = json.Unmarshal([]byte(a.text), &v) // v stays nil if there is no body
	}
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
	return written(v)
}

// written is a value as a scenario has it.
func written(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return strings.ReplaceAll(v, " ", "_")
	default:
		return fmt.Sprint(v)
	}
}

package mcpadapter

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/secrets"
)

// Limits of a question, so that a person can read it.
const (
	maxQuestionArguments = 12
	maxQuestionFields    = 6
	maxQuestionValue     = 120 // characters
	maxQuestionText      = 400 // of the operation's description

	questionTime = 5 * time.Second // for all its reads
)

// question describes in plain text what the call would do, to what. Everything in it that comes from the call or from
// the API may be the words of a third party, and so is quoted, limited and without control characters. It fails if the
// resource of the call does not exist.
func (c *call) question(ctx context.Context) (string, *Failure) {
	t := c.tool
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(t.title, ".") + "?\n")
	if t.operation.Description != "" {
		b.WriteString(phrase.Shorten(t.operation.Description, maxQuestionText) + "\n")
	}
	if t.risk.Has(RiskSends) {
		b.WriteString("It sends an email or a text message, which cannot be recalled.\n")
	}
	if t.risk.Has(RiskReadsSecret) && !t.engine.hides(ctx) {
		b.WriteString("It returns a secret, which the model and this conversation will have.\n")
	}
	ctx, cancel := context.WithTimeout(ctx, questionTime)
	defer cancel()
	l := &looker{call: c, left: maxReads, names: map[string]string{}}
	subject, missing := l.subjectText(ctx)
	if missing == nil {
		missing = l.nameArguments(ctx, subject.id)
	}
	if missing != nil {
		return "", missing
	}
	l.nameFields(ctx, subject.fields)
	b.WriteString("\n" + t.name + " with\n")
	l.writeArguments(&b)
	l.writeSubject(&b, subject)
	return strings.TrimSpace(b.String()), nil
}

// writeArguments writes a line for each argument, those of the path first, because they identify the resource.
func (l *looker) writeArguments(b *strings.Builder) {
	n := 0
	for _, arguments := range l.call.arguments() {
		for _, name := range value.SortedNames(arguments) {
			if n++; n <= maxQuestionArguments {
				id, _ := arguments[name].(string)
				b.WriteString("- " + name + ": " + l.label(display(name, arguments[name]), id) + "\n")
			}
		}
	}
	switch {
	case n == 0:
		b.WriteString("- no arguments\n")
	case n > maxQuestionArguments:
		fmt.Fprintf(b, "- and %d more arguments\n", n-maxQuestionArguments)
	}
}

// arguments returns what would be sent, by location.
func (c *call) arguments() []map[string]any {
	list := []map[string]any{c.request.path, c.request.params}
	if !c.request.given {
		return list
	}
	if body, flat := c.request.body.(map[string]any); flat && c.tool.input.flat {
		return append(list, c.tool.input.flatBody(body))
	}
	return append(list, map[string]any{wholeBody: c.request.body})
}

// display returns a value as a person reads it.
func display(name string, v any) string {
	if isSecret(name) {
		return "(not shown)"
	}
	switch v := v.(type) {
	case string:
		return quoted(v)
	case map[string]any, []any:
		if holdsSecret(v) {
			return "(not shown)"
		}
	}
	text, _ := json.Marshal(v) //nolint:errchkjson // as parsed
	if kind := text[0]; kind == '{' || kind == '[' {
		return quoted(string(text))
	}
	return phrase.Shorten(string(text), maxQuestionValue)
}

// isSecret reports whether the value of an argument must not be shown.
func isSecret(name string) bool {
	return secrets.Named(name) || name == "code" || strings.HasPrefix(name, "password")
}

func holdsSecret(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			if isSecret(name) || holdsSecret(value) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, holdsSecret)
	}
	return false
}

// quoted renders untrusted text as one quoted line. It escapes invisible characters, and what would start a link or
// code in Markdown.
func quoted(text string) string {
	return strconv.Quote(strings.NewReplacer("](", "] (", "`", "'").Replace(phrase.Shorten(text, maxQuestionValue)))
}

// subject is the resource of a call, as a question describes it.
type subject struct {
	id     string      // from the path
	get    *tool       // that looked it up; nil: none does
	fields [][2]string // names and values of what identifies it
	note   string      // why it could not be looked up
	with   string      // what goes with it
}

// subjectText fetches the resource of the call and what goes with it. It returns a failure if the resource does not
// exist. Any other problem becomes a note and prevents nothing.
func (l *looker) subjectText(ctx context.Context) (subject, *Failure) {
	c := l.call
	s := subject{get: c.tool.lookup()}
	if s.get != nil {
		args := map[string]any{}
		for i, p := range s.get.call.paths {
			v := c.request.path[c.tool.call.paths[i].argument]
			args[p.argument] = v
			s.id, _ = v.(string)
		}
		resource, f := l.read(ctx, s.get, args)
		switch {
		case f != nil && f.Status == http.StatusNotFound && c.makesIt(s.get):
			s.get = nil
		case f != nil && f.Status == http.StatusNotFound:
			return s, gone(f, s.get)
		case f != nil:
			s.note = f.Code
			if f.Status != 0 {
				s.note = strconv.Itoa(f.Status) + " " + f.Code
			} else if f.Code == CodeInvalidArguments {
				s.note = f.Message
			}
		default:
			s.fields = identifying(resource)
		}
	}
	s.with = l.withIt(ctx)
	return s, nil
}

// makesIt reports whether the call may make what the tool gets.
func (c *call) makesIt(get *tool) bool {
	return c.tool.risk.Has(RiskAdds) && shape(c.tool.operation.Path) == shape(get.operation.Path)
}

// nameFields looks up the IDs of the parents of a resource, as far as reads are left. One that does not exist stays as
// it is.
func (l *looker) nameFields(ctx context.Context, fields [][2]string) {
	for _, f := range fields {
		if id, err := strconv.Unquote(f[1]); err == nil && strings.HasSuffix(f[0], "_id") {
			_ = l.name(ctx, id)
		}
	}
}

func (l *looker) writeSubject(b *strings.Builder, s subject) {
	switch {
	case s.get == nil:
	case s.note != "":
		b.WriteString("\nCould not look up this resource (" + s.get.name + ": " + quoted(s.note) + ").\n")
	case len(s.fields) == 0:
		b.WriteString("\n" + s.get.name + " finds it, and nothing that would name it.\n")
	default:
		b.WriteString("\nLooked up by " + s.get.name + ":\n")
		for _, f := range s.fields {
			id, _ := strconv.Unquote(f[1])
			b.WriteString("- " + f[0] + ": " + l.label(f[1], id) + "\n")
		}
	}
	if s.with != "" {
		b.WriteString("\n" + s.with + "\n")
	}
}

// identifying selects the fields that identify a resource to a person: those with the usual names, then the IDs of its
// parents.
func identifying(resource map[string]any) [][2]string {
	names := []string{
		"name", "display_name", "title", "slug", "email", "first_name", "last_name", "username", "domain", "description",
		"type", "state", "status",
	}
	for _, name := range value.SortedNames(resource) {
		if strings.HasSuffix(name, "_id") {
			names = append(names, name)
		}
	}
	var fields [][2]string
	for _, name := range names {
		text, _ := resource[name].(string)
		if text != "" && len(fields) < maxQuestionFields {
			fields = append(fields, [2]string{name, quoted(text)})
		}
	}
	return fields
}

// lookup returns the tool that gets the resource of a call, if it is read-only and needs no arguments but those of the
// path; otherwise nil.
func (t *tool) lookup() *tool {
	get := t.engine.neighbours().getter(t)
	if get == nil || !get.annotations.ReadOnly || !get.needsPathAlone() {
		return nil
	}
	return get
}

func (t *tool) needsPathAlone() bool {
	return !slices.ContainsFunc(t.input.root.Properties, func(p value.Property) bool {
		return p.Required && t.input.locations[p.Name] != optable.InPath
	}) && len(t.input.exclusive) == 0
}

// shape returns a path template without the names of its parameters.
func shape(path string) string {
	var b strings.Builder
	for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if strings.HasPrefix(segment, "{") {
			segment = "{}"
		}
		b.WriteString("/" + segment)
	}
	return b.String()
}

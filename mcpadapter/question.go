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
)

// Limits of a question, so that a person can read it.
const (
	maxQuestionArguments = 12
	maxQuestionFields    = 6
	maxQuestionValue     = 120 // characters
	maxQuestionText      = 400 // of the operation's description

	questionTime = 5 * time.Second // for the one GET
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
	if t.operation.Extension(sendsEmail) == "true" {
		b.WriteString("It sends email, which cannot be called back.\n")
	}
	b.WriteString("\n" + t.name + " with\n")
	c.writeArguments(&b)
	if get := t.lookup(); get != nil {
		text, missing := c.subjectText(ctx, get)
		if missing != nil {
			return "", missing
		}
		b.WriteString("\n" + text)
	}
	return strings.TrimSpace(b.String()), nil
}

// writeArguments writes a line for each argument, those of the path first, because they identify the resource.
func (c *call) writeArguments(b *strings.Builder) {
	n := 0
	for _, arguments := range c.arguments() {
		for _, name := range value.SortedNames(arguments) {
			if n++; n <= maxQuestionArguments {
				b.WriteString("- " + name + ": " + display(name, arguments[name]) + "\n")
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
		return append(list, body)
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
	return namesSecret(name) || name == "code" || strings.HasPrefix(name, "password")
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

// subjectText fetches the resource of the call and describes what identifies it. It returns a failure if the resource
// does not exist. Any other problem becomes part of the text and prevents nothing.
func (c *call) subjectText(ctx context.Context, get *tool) (string, *Failure) {
	ctx, cancel := context.WithTimeout(ctx, questionTime)
	defer cancel()
	fields, f := c.subject(ctx, get)
	switch {
	case f != nil && f.Status == http.StatusNotFound:
		missing := *f
		missing.Message = strings.TrimSuffix(f.Message, ".") + "; looked up by " + get.name + ", nothing else was sent"
		return "", &missing
	case f != nil:
		why := f.Code
		if f.Status != 0 {
			why = strconv.Itoa(f.Status) + " " + why
		} else if f.Code == CodeInvalidArguments {
			why = f.Message
		}
		return "Could not look up this resource (" + get.name + ": " + quoted(why) + ").", nil
	case len(fields) == 0:
		return get.name + " finds it, and nothing that would name it.", nil
	}
	lines := make([]string, len(fields))
	for i, f := range fields {
		lines[i] = "- " + f[0] + ": " + f[1]
	}
	return "Looked up by " + get.name + ":\n" + strings.Join(lines, "\n"), nil
}

// subject gets the resource of the call and returns names and values of the identifying fields.
func (c *call) subject(ctx context.Context, get *tool) ([][2]string, *Failure) {
	if f := get.filtered(ctx); f != nil {
		return nil, f
	}
	args := map[string]any{}
	for i, p := range get.paths {
		args[p.name] = c.request.path[c.tool.paths[i].name]
	}
	look := call{tool: get}
	if f := look.checkParsed(args); f != nil {
		return nil, f
	}
	r := look.send(ctx)
	if r.Failure != nil {
		return nil, r.Failure
	}
	resource, err := parseArguments(r.JSON, value.Parse)
	if err != nil {
		return nil, &Failure{Code: CodeRequestFailed, Message: "the response is unusable"}
	}
	return identifying(resource), nil
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

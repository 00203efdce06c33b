package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// defect is something that Prism gets wrong. It explains a violation only where the
// request itself shows it, or where Prism accepts the request once that alone is changed.
type defect struct {
	cause   string
	applies func(*request, *violation) bool
	change  func(*request, *violation) // nil: the request itself shows it
}

var defects = []defect{
	{
		cause: "Prism reads a property of a form as one text, however often it occurs, unless its encoding has a style; the " +
			"request has the property",
		applies: func(r *request, v *violation) bool {
			return r.isForm() && v.Code == "type" && strings.HasSuffix(v.Message, " must be array") && len(r.form()[v.name()]) > 0
		},
	},
	{
		cause: "Prism compares the text of a parameter with each form of a oneOf, so that 1 is an integer and a string; it " +
			"accepts the request with a word",
		applies: func(r *request, v *violation) bool {
			return v.Code == "oneOf" && v.place() == "query" && value.MatchString(r.query().Get(v.parameter()))
		},
		change: func(r *request, v *violation) {
			query := r.query()
			for i := range query[v.parameter()] {
				query[v.parameter()][i] = "word"
			}
			path, _, _ := strings.Cut(r.target, "?")
			r.target = path + "?" + query.Encode()
		},
	},
	{
		cause: "Prism reads every text/plain body as a string, also a number where the schema is one",
		applies: func(r *request, v *violation) bool {
			_, kind, found := strings.Cut(v.Message, "Request body must be ")
			return found && r.mediaType() == "text/plain" && (kind == "number" || kind == "integer" || kind == "boolean") &&
				value.Match(r.body)
		},
	},
	{
		cause: "Prism misses a parameter of the style deepObject, or a property of it, that the request has: it finds none " +
			"whose schema has no type, and none with capital letters",
		applies: func(r *request, v *violation) bool {
			_, property, found := strings.Cut(v.Message, " must have required property '")
			if !found || v.place() != "query" {
				return false
			}
			names := append(slices.Clone(v.Location[2:]), strings.TrimSuffix(property, "'"))
			key := names[0]
			for _, name := range names[1:] {
				key += "[" + name + "]"
			}
			return slices.ContainsFunc(slices.Collect(maps.Keys(r.query())), func(sent string) bool {
				return len(names) > 1 && strings.EqualFold(sent, key) ||
					len(sent) > len(key) && strings.EqualFold(sent[:len(key)+1], key+"[")
			})
		},
	},
	{
		cause: "Prism reads the body of no multipart type but multipart/form-data as an object; the request has a part for each " +
			"property",
		applies: func(r *request, v *violation) bool {
			return v.Message == "Request body must be object" && r.mediaType() != "multipart/form-data" && len(r.parts()) > 0
		},
	},
}

// value is a number or a boolean as text.
var value = regexp.MustCompile(`^(-?[0-9]+(\.[0-9]+)?|true|false)$`)

// place is where the request violates the description: path, query, header or body.
func (v *violation) place() string {
	if len(v.Location) < 2 {
		return ""
	}
	return v.Location[1]
}

// parameter is the name of the parameter that a violation is about.
func (v *violation) parameter() string {
	if len(v.Location) < 3 {
		return ""
	}
	return v.Location[2]
}

func (r *request) query() url.Values {
	_, query, _ := strings.Cut(r.target, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil
	}
	return values
}

// name is the property or parameter that a violation is about; "": the whole body.
func (v *violation) name() string { return strings.Join(v.Location[min(2, len(v.Location)):], ".") }

func (r *request) mediaType() string {
	name, _, _ := mime.ParseMediaType(r.header.Get("Content-Type"))
	return name
}

// parts returns the names of the parts of a multipart body. It returns nil for another body and if a part has no name.
func (r *request) parts() []string {
	name, params, err := mime.ParseMediaType(r.header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(name, "multipart/") {
		return nil
	}
	var names []string
	for reader := multipart.NewReader(bytes.NewReader(r.body), params["boundary"]); ; {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil || part.FormName() == "" {
			return nil
		}
		names = append(names, part.FormName())
	}
}

func (r *request) isForm() bool { return r.mediaType() == "application/x-www-form-urlencoded" }

func (r *request) form() url.Values {
	values, err := url.ParseQuery(string(r.body))
	if err != nil {
		return nil
	}
	return values
}

// judge says what is known of a call: by what Prism says about its request and, where Prism refuses it, by a second
// request that is different in what Prism gets wrong.
func (m *mock) judge(r *report) {
	if r.Exchange == nil {
		r.verdict, r.cause = refused, "nothing is sent: "+firstLine(r.Failure)
		return
	}
	x := m.exchanges[*r.Exchange]
	switch {
	case x.ended != "":
		r.verdict, r.cause = notJudged, "the request ends Prism: "+x.ended
		if strings.HasPrefix(x.ended, "Error:") { // a complaint about the request, not a mistake within Prism
			if x.isMatrix(r.Arguments) {
				r.cause += "; its path has the argument as RFC 6570 section 3.2.7 expands it, with no name before the pairs"
			} else {
				r.verdict = refused
			}
		}
	case x.failure != "":
		r.verdict, r.cause = refused, x.failure
	case !x.refused:
		r.verdict = accepted
	default:
		r.verdict, r.cause, r.codes = refused, x.why(), x.codes()
		if cause := m.explain(x); cause != "" {
			r.verdict, r.cause = notJudged, cause
		}
	}
}

// isMatrix reports whether the last segment of the path is the exploded expansion of an argument that is an object, as
// ;x=1;y=2 is of {"x": 1, "y": 2} (RFC 6570 section 3.2.7).
func (r *request) isMatrix(arguments string) bool {
	path, _, _ := strings.Cut(r.target, "?")
	expansion, found := strings.CutPrefix(path[strings.LastIndex(path, "/")+1:], ";")
	var given map[string]map[string]any
	if !found || json.Unmarshal([]byte(arguments), &given) != nil {
		return false
	}
	for _, object := range given {
		var pairs []string
		for name, value := range object {
			pairs = append(pairs, url.PathEscape(name)+"="+url.PathEscape(fmt.Sprint(value)))
		}
		sent := strings.Split(expansion, ";")
		slices.Sort(pairs)
		slices.Sort(sent)
		if slices.Equal(pairs, sent) {
			return true
		}
	}
	return false
}

// explain returns the defects that are the only cause of a refusal, or "".
func (m *mock) explain(x *exchange) string {
	changed := exchange{request: x.request}
	var causes []string
	different := false
	for i := range x.reasons {
		v := &x.reasons[i]
		found := slices.IndexFunc(defects, func(d defect) bool { return d.applies(&x.request, v) })
		if found < 0 {
			return ""
		}
		if change := defects[found].change; change != nil {
			change(&changed.request, v)
			different = true
		}
		if cause := defects[found].cause; !slices.Contains(causes, cause) {
			causes = append(causes, cause)
		}
	}
	if len(causes) == 0 {
		return ""
	}
	if different {
		if _, err := m.send(&changed); err != nil || changed.refused {
			return ""
		}
	}
	return strings.Join(causes, "; ")
}

// why returns what Prism says.
func (x *exchange) why() string {
	var texts []string
	for i := range x.reasons {
		texts = append(texts, x.reasons[i].String())
	}
	if len(texts) == 0 {
		return x.problem
	}
	return strings.Join(texts, "; ")
}

// codes returns the keywords that the request violates, each once.
func (x *exchange) codes() []string {
	var list []string
	for i := range x.reasons {
		list = append(list, x.reasons[i].Code)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

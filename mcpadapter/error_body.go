package mcpadapter

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// errorJSON returns the body of an error response without its secrets, whose names mark them as such, or nil if it is
// not JSON.
func (e *engine) errorJSON(body []byte) json.RawMessage {
	var compact bytes.Buffer
	if json.Compact(&compact, validText(body)) != nil || compact.Len() == 0 || jsontext.TooDeep(compact.Bytes()) {
		return nil
	}
	return e.withoutSecrets(nil, compact.Bytes(), nil)
}

// errorMembers lists the members of an error response. Some APIs have those of the error in a member of their own, as
// in {"error": {"code": …}}: only these are the error's, and they are first. There are none if the body is no object.
func errorMembers(body json.RawMessage) (own, all []jsontext.Member) {
	all = jsontext.Members(body)
	for i, m := range all {
		if m.Name == "error" && m.Value[0] == '{' {
			own = jsontext.Members(m.Value)
			return own, slices.Concat(own, all[:i], all[i+1:])
		}
	}
	return all, all
}

// read takes the code and the message from the members of an error response, in the order of preference. All others
// are details.
func (f *Failure) read(body json.RawMessage) {
	own, all := errorMembers(body)
	f.Code = cmp.Or(first(own, "code", "error"), f.Code)
	f.Message = first(own, "message", "error_description", "detail", "title")
	more := f.beside(all)
	if f.Message == "" && !slices.ContainsFunc(more, isDetails) {
		text := strings.TrimSpace(phrase.Printable(body))
		if f.Message = phrase.Preview(text); f.Message == text {
			return
		}
	}
	switch {
	case len(more) == 1 && isDetails(more[0]):
		f.Details = more[0].Value
	case len(more) > 0:
		f.Details = jsontext.AppendObject(nil, more)
	}
}

// isDetails reports whether a member holds details by its name.
func isDetails(m jsontext.Member) bool { return m.Name == "errors" || m.Name == "details" }

// beside returns the members of an error response that the failure does not say yet, each name once.
func (f *Failure) beside(members []jsontext.Member) []jsontext.Member {
	var more []jsontext.Member
	for _, m := range members {
		known := slices.ContainsFunc(more, func(other jsontext.Member) bool { return other.Name == m.Name })
		if !known && !f.says(m) {
			more = append(more, m)
		}
	}
	return more
}

// says reports whether a member of the response adds nothing to the failure.
func (f *Failure) says(m jsontext.Member) bool {
	switch text := string(m.Value); text {
	case `""`, "[]", "{}", "null", `"about:blank"`: // the last one is the type of no problem in particular (RFC 9457)
		return true
	case strconv.Itoa(f.Status):
		return strings.HasPrefix(strings.ToLower(m.Name), "status")
	}
	text, ok := jsontext.String(m.Value)
	return ok && (text == f.Code || text == f.Message || text == f.RequestID)
}

// first returns the first of the members that is a text and not empty, in the order of the names, or "".
func first(members []jsontext.Member, names ...string) string {
	for _, name := range names {
		for _, m := range members {
			if text, ok := jsontext.String(m.Value); ok && m.Name == name && text != "" {
				return text
			}
		}
	}
	return ""
}

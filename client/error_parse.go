package client

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

const (
	maxErrors  = 100 // field errors of an Error
	maxExcerpt = 256 // bytes of Message from a body that is not JSON
	maxFields  = 4   // levels of fields within fields: each is parsed again
)

// problem is the content of an error body.
type problem struct {
	code    string
	message string
	raw     bool // whether message is the body itself
	errors  []FieldError
}

// parseProblem reads all known shapes of error bodies, and as much as it can of others.
func parseProblem(body []byte) problem {
	var document struct {
		Code        json.RawMessage `json:"code"`
		Message     json.RawMessage `json:"message"`
		Error       json.RawMessage `json:"error"`
		Description json.RawMessage `json:"error_description"` // RFC 6749 section 5.2
		Errors      json.RawMessage `json:"errors"`
		Title       json.RawMessage `json:"title"`  // RFC 9457 section 3.1, as proxies write it
		Detail      json.RawMessage `json:"detail"` // likewise
	}
	if err := json.Unmarshal(body, &document); err != nil {
		return bareProblem(body)
	}
	p := problem{code: scalar(document.Code), message: scalar(document.Description)}
	oauth, listed := messages(document.Error)
	var within struct {
		Errors json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(document.Error, &within) == nil { // {"error": {code, message, errors}}
		listed = fieldErrors(within.Errors, maxFields)
		if nested := fieldError(document.Error, max(0, 1-len(listed))); len(nested) > 0 {
			p.code, p.message = cmp.Or(p.code, nested[0].Code), cmp.Or(p.message, nested[0].Message)
		}
	}
	if p.code == "" && isCode(oauth) {
		p.code = oauth
	}
	if text, errs := messages(document.Message); text != "" || len(errs) > 0 {
		p.message, p.errors = text, errs
	}
	p.message = cmp.Or(p.message, oauth, scalar(document.Detail), scalar(document.Title))
	p.errors = append(append(p.errors, listed...), fieldErrors(document.Errors, maxFields)...)
	p.errors = p.errors[:min(len(p.errors), maxErrors)]
	return p
}

// bareProblem reads a body that is not a JSON object: a JSON string, or plain text.
func bareProblem(body []byte) problem {
	var text string
	if json.Unmarshal(body, &text) == nil {
		return problem{message: text}
	}
	return problem{message: string(body), raw: true}
}

// messages reads a message: one text, or a list of texts and field errors.
func messages(raw json.RawMessage) (string, []FieldError) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return scalar(raw), nil
	}
	var texts []string
	var errs []FieldError
	for _, item := range list {
		if text := scalar(item); text != "" {
			texts = append(texts, text)
			continue
		}
		errs = append(errs, fieldError(item, maxFields)...)
	}
	return strings.Join(texts, "; "), errs
}

// fieldErrors reads a list of items, or one, with that many levels of fields.
func fieldErrors(raw json.RawMessage, levels int) []FieldError {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw}
	}
	list = list[:min(len(list), maxErrors)]
	errs := make([]FieldError, 0, len(list))
	for _, item := range list {
		errs = append(errs, fieldError(item, levels)...)
	}
	return errs
}

// fieldError reads one item: a text, {code, message, field}, {instancePath, keyword, message} of a JSON Schema
// validator, {property, constraints}, which yields one error for each constraint, or what byField reads.
func fieldError(raw json.RawMessage, levels int) []FieldError {
	var entry struct {
		Code         json.RawMessage `json:"code"`
		Message      json.RawMessage `json:"message"`
		Field        json.RawMessage `json:"field"`
		Property     json.RawMessage `json:"property"`
		InstancePath json.RawMessage `json:"instancePath"` //nolint:tagliatelle // the validator's name
		Keyword      json.RawMessage `json:"keyword"`
		Constraints  json.RawMessage `json:"constraints"`
	}
	if json.Unmarshal(raw, &entry) != nil {
		if text := scalar(raw); text != "" {
			return []FieldError{{Message: text}}
		}
		return nil
	}
	text, _ := messages(entry.Message)
	found := FieldError{
		Field:   cmp.Or(scalar(entry.Field), scalar(entry.Property), dotted(scalar(entry.InstancePath))),
		Code:    cmp.Or(scalar(entry.Code), scalar(entry.Keyword)),
		Message: text,
	}
	var constraints map[string]json.RawMessage
	if json.Unmarshal(entry.Constraints, &constraints) == nil && len(constraints) > 0 {
		errs := make([]FieldError, 0, len(constraints))
		for _, code := range slices.Sorted(maps.Keys(constraints)) {
			errs = append(errs, FieldError{Field: found.Field, Code: code, Message: scalar(constraints[code])})
		}
		return errs
	}
	if found == (FieldError{}) {
		return byField(raw, levels)
	}
	return []FieldError{found}
}

// byField reads {field: message}, {field: [message, …]}, and items of fieldError in place of messages.
func byField(raw json.RawMessage, levels int) []FieldError {
	if levels == 0 {
		return nil
	}
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(raw, &fields) // fieldError has checked that it is an object or null
	var errs []FieldError
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		errs = append(errs, ofField(name, fields[name], levels)...)
		if len(errs) >= maxErrors {
			break
		}
	}
	return errs[:min(len(errs), maxErrors)]
}

// ofField returns the errors of one field: of a message, of a list of messages, or of what is nested. A number or
// boolean is not a message.
func ofField(name string, raw json.RawMessage, levels int) []FieldError {
	var texts []string
	if json.Unmarshal(raw, &texts) != nil {
		texts = make([]string, 1)
		_ = json.Unmarshal(raw, &texts[0])
	}
	if text := strings.Join(texts, "; "); text != "" {
		return []FieldError{{Field: name, Message: text}}
	}
	if scalar(raw) != "" {
		return nil
	}
	errs := fieldErrors(raw, levels-1)
	for i := range errs {
		errs[i].Field = strings.TrimSuffix(name+"."+errs[i].Field, ".")
	}
	return errs
}

// dotted converts a JSON Pointer (RFC 6901) to a dotted path.
func dotted(pointer string) string {
	return strings.NewReplacer("/", ".", "~1", "/", "~0", "~").Replace(strings.TrimPrefix(pointer, "/"))
}

// scalar returns the text of a JSON string, number or boolean; "" for other values.
func scalar(raw json.RawMessage) string {
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return ""
	}
	switch value := value.(type) {
	case string:
		return value
	case float64, bool:
		return string(raw)
	default:
		return ""
	}
}

// isCode reports whether text is a code such as invalid_grant, not a text such as "Bad Request".
func isCode(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("_-.:", r)
	})
}

package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/client/internal/redact"
)

// UnknownField is a member of a response that this version of the SDK does not know.
type UnknownField struct {
	// Path is the place in the body, such as brand_new_field or data[0].brand_new_field.
	Path string
	// Value is the JSON as received.
	Value json.RawMessage
}

// Unknown returns the members of the body that the type of the result does not have, in the order of the body. Of a
// call without a result these are all members. It returns nil if the body is not JSON, or after a failed call.
func (r Response) Unknown() []UnknownField {
	if !json.Valid(r.Body) {
		return nil
	}
	var u unknown
	u.value(r.Body, r.result, "")
	return u.found
}

// Format writes status, request ID and attempts for every verb: Body may contain secrets.
func (r Response) Format(state fmt.State, verb rune) {
	redact.Format(state, verb, fmt.Sprintf("Response{StatusCode: %d, RequestID: %s, Attempts: %d}", r.StatusCode,
		cut(clean(r.RequestID), maxText), r.Attempts))
}

// LogValue returns status, request ID and attempts as a group.
func (r Response) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("status", r.StatusCode), slog.String("request_id", cut(clean(r.RequestID), maxText)),
		slog.Int("attempts", r.Attempts))
}

// pageOf is the shape of a list of T.
type pageOf[T any] struct {
	Object   any `json:"object"`
	Data     []T `json:"data"`
	Metadata struct {
		Before any `json:"before"`
		After  any `json:"after"`
	} `json:"list_metadata"`
}

// unknown collects the members of a document that a Go type does not have.
type unknown struct {
	pruner // for the fields of structs

	found []UnknownField
}

// value searches raw, which is valid JSON. A nil type has no fields.
func (u *unknown) value(raw json.RawMessage, typ reflect.Type, path string) {
	for typ != nil && (typ.Kind() == reflect.Pointer || isNullable(typ)) {
		typ = typ.Elem()
	}
	switch first := bytes.TrimLeft(raw, " \t\r\n")[0]; {
	case first == '{' && (typ == nil || typ.Kind() == reflect.Struct || typ.Kind() == reflect.Map):
		u.object(raw, typ, path)
	case first == '[' && typ != nil && typ.Kind() == reflect.Slice:
		decoder := json.NewDecoder(bytes.NewReader(raw))
		_, _ = decoder.Token() // the document is valid
		for i := 0; decoder.More(); i++ {
			var element json.RawMessage
			_ = decoder.Decode(&element)
			u.value(element, typ.Elem(), path+"["+strconv.Itoa(i)+"]")
		}
	}
}

func (u *unknown) object(raw json.RawMessage, typ reflect.Type, path string) {
	var fields map[string]reflect.Type
	if typ != nil && typ.Kind() == reflect.Struct {
		if fields = u.fieldsOf(typ); len(fields) == 0 {
			return // a type that decodes itself, such as time.Time
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	_, _ = decoder.Token()
	for decoder.More() {
		token, _ := decoder.Token()
		name, _ := token.(string)
		var member json.RawMessage
		_ = decoder.Decode(&member)
		at := strings.TrimPrefix(path+"."+name, ".")
		if typ != nil && typ.Kind() == reflect.Map {
			u.value(member, typ.Elem(), at)
		} else if known := fields[strings.ToLower(name)]; known != nil {
			u.value(member, known, at)
		} else {
			u.found = append(u.found, UnknownField{Path: at, Value: member})
		}
	}
}

package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// WithBodyField sets a field of the request body that the SDK does not know yet, or replaces one that it knows. The
// path has the names of nested objects separated by dots, such as "settings.theme"; missing objects are created. The
// value is encoded as JSON. It is an option of calls only; GET requests have no body.
func WithBodyField(path string, value any) Option {
	return func(cfg *config) error {
		if !cfg.perCall {
			return errors.New("WithBodyField: option of calls only")
		}
		names := strings.Split(path, ".")
		if slices.Contains(names, "") {
			return fmt.Errorf("WithBodyField: invalid path %q: want names separated by dots", path)
		}
		text, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("WithBodyField: %s: %w", path, err)
		}
		cfg.bodyFields = append(slices.Clip(cfg.bodyFields), bodyField{names, text})
		return nil
	}
}

// WithQuery adds a query parameter that the SDK does not know yet. It is an option of calls only.
func WithQuery(name, value string) Option {
	return func(cfg *config) error {
		switch {
		case !cfg.perCall:
			return errors.New("WithQuery: option of calls only")
		case name == "":
			return errors.New("WithQuery: name is empty")
		}
		parameter := [2]string{url.QueryEscape(name), url.QueryEscape(value)}
		cfg.query = append(slices.Clip(cfg.query), parameter)
		return nil
	}
}

// bodyField is a field to set in a request body.
type bodyField struct {
	names []string
	value json.RawMessage
}

// extend adds the parameters and fields of a call's options to its request.
func (r *request) extend(cfg *config, method string) error {
	for _, parameter := range cfg.query {
		r.query.add(parameter[0], parameter[1])
	}
	if len(cfg.bodyFields) == 0 {
		return nil
	}
	if method == http.MethodGet {
		return errors.New("WithBodyField: a GET request has no body")
	}
	text := []byte(`{}`)
	if r.body != nil {
		var err error
		if text, err = encodeBody(r.body); err != nil {
			return err
		}
	}
	for _, field := range cfg.bodyFields {
		var err error
		if text, err = setField(text, field.names, field.value); err != nil {
			return fmt.Errorf("WithBodyField: %s: %w", strings.Join(field.names, "."), err)
		}
	}
	r.body = json.RawMessage(text)
	return nil
}

// setField returns the JSON object with a value at the path of names.
func setField(object json.RawMessage, names []string, value json.RawMessage) (json.RawMessage, error) {
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(object, &members); err != nil || members == nil {
		return nil, errors.New("not a field of an object")
	}
	if len(names) > 1 {
		inner, ok := members[names[0]]
		if !ok || string(inner) == "null" {
			inner = json.RawMessage(`{}`)
		}
		var err error
		if value, err = setField(inner, names[1:], value); err != nil {
			return nil, err
		}
	}
	members[names[0]] = value
	return json.Marshal(members) //nolint:wrapcheck // of valid parts
}

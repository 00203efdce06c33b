package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// Event is an event type.
type Event struct {
	Name    string // on the wire, such as user.created
	GoName  string // such as UserCreated
	Payload string // component of its data
}

// document is the part of an OpenAPI document that counts here.
type document struct {
	Components struct {
		Schemas map[string]struct {
			Payloads yaml.Node `yaml:"x-event-payloads"` //nolint:tagliatelle // how extensions are named
		} `yaml:"schemas"`
	} `yaml:"components"`
}

var wireName = regexp.MustCompile(`^[a-z]+([._][a-z]+)+$`)

// Read returns the event types of a document, sorted by name. A payload that is no component, or two types that would
// share a Go name, are errors that name the line.
func Read(data []byte) ([]Event, error) {
	var d document
	if err := yaml.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("parse YAML: %w", err)
	}
	node := d.Components.Schemas["Event"].Payloads
	if node.Kind != yaml.MappingNode {
		return nil, errors.New("the component Event has no mapping x-event-payloads")
	}
	var events []Event
	seen := map[string]string{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, payload := node.Content[i], node.Content[i+1].Value
		e := Event{Name: key.Value, GoName: goName(key.Value), Payload: payload}
		if !wireName.MatchString(e.Name) {
			return nil, fmt.Errorf("line %d: event type %q does not match %s", key.Line, e.Name, wireName)
		}
		if _, found := d.Components.Schemas[payload]; !found {
			return nil, fmt.Errorf("line %d: the payload %q of %s is no component", key.Line, payload, e.Name)
		}
		if other := seen[e.GoName]; other != "" {
			return nil, fmt.Errorf("line %d: %s and %s would both be called %s", key.Line, other, e.Name, e.GoName)
		}
		seen[e.GoName] = e.Name
		events = append(events, e)
	}
	slices.SortFunc(events, func(a, b Event) int { return strings.Compare(a.Name, b.Name) })
	return events, nil
}

// initialisms are the words that package gen does not write as words, either.
var initialisms = map[string]string{
	"api": "API", "byok": "BYOK", "dek": "DEK", "kek": "KEK", "mfa": "MFA", "oauth": "OAuth", "saml": "SAML", "sso": "SSO",
}

// goName is how package gen would name the member of an enum.
func goName(name string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '.' || r == '_' }) {
		if known, found := initialisms[word]; found {
			b.WriteString(known)
			continue
		}
		runes := []rune(word)
		b.WriteRune(unicode.ToUpper(runes[0]))
		b.WriteString(string(runes[1:]))
	}
	return b.String()
}

package events_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/gen"
)

func TestEveryPayloadIsDecodedWhole(t *testing.T) {
	t.Parallel()
	components, payloads := readComponents(t)
	all := decoders()
	if got, want := len(all), 127; got != want || len(payloads) != want {
		t.Fatalf("event types: got %d decoders and %d payloads, want %d of each", got, len(payloads), want)
	}
	for name, decode := range all {
		for _, nulls := range []bool{false, true} {
			sample := components.sample(t, components[payloads[name]], nulls)
			data, err := json.Marshal(sample)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got, err := decode(&events.Event{ID: "event_01", Type: name, Data: data})
			if err != nil {
				t.Errorf("%s of %s: %v", name, data, err)
				continue
			}
			if typ := reflect.TypeOf(got).Elem().Name(); typ != payloads[name] {
				t.Errorf("%s: got a payload of type %s, want %s", name, typ, payloads[name])
			}
			again, err := json.Marshal(got)
			if err != nil {
				t.Errorf("%s: encode: %v", name, err)
				continue
			}
			if !sameValues(t, again, data) {
				t.Errorf("%s: got %s, want %s", name, again, data)
			}
		}
		if _, err := decode(&events.Event{ID: "event_01", Type: name, Data: []byte(`[]`)}); err == nil {
			t.Errorf("%s: a payload that is an array is accepted", name)
		}
	}
}

func TestPayloadMayGrow(t *testing.T) {
	t.Parallel()
	components, payloads := readComponents(t)
	for name, decode := range decoders() {
		sample, ok := components.sample(t, components[payloads[name]], false).(map[string]any)
		if !ok {
			t.Fatalf("%s: the payload %s is no object", name, payloads[name])
		}
		sample["a_field_to_come"] = []any{1, nil, map[string]any{}}
		for field := range sample {
			if property := components.property(components[payloads[name]], field); property != nil && property["enum"] != nil {
				sample[field] = "a_member_to_come"
			}
		}
		data, err := json.Marshal(sample)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := decode(&events.Event{ID: "event_01", Type: name, Data: data}); err != nil {
			t.Errorf("%s of %s: %v", name, data, err)
		}
	}
}

func TestEveryWebhookTypeHasAPayload(t *testing.T) {
	t.Parallel()
	components, payloads := readComponents(t)
	members, ok := components["WebhookEventType"]["enum"].([]any)
	if !ok || len(members) < 90 {
		t.Fatalf("WebhookEventType: got %v, want an enum", members)
	}
	for _, member := range members {
		if name, _ := member.(string); payloads[name] == "" {
			t.Errorf("webhook event type %v has no payload", member)
		}
	}
}

// TestConstantsAreNamedAsInGen holds the names to those that gen gives the types which webhooks deliver.
func TestConstantsAreNamedAsInGen(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		got  string
		want gen.WebhookEventType
	}{
		{events.APIKeyCreated.String(), gen.WebhookEventTypeAPIKeyCreated},
		{events.AuthenticationMFASucceeded.String(), gen.WebhookEventTypeAuthenticationMFASucceeded},
		{events.AuthenticationOAuthFailed.String(), gen.WebhookEventTypeAuthenticationOAuthFailed},
		{events.AuthenticationSSOTimedOut.String(), gen.WebhookEventTypeAuthenticationSSOTimedOut},
		{events.ConnectionSAMLCertificateRenewed.String(), gen.WebhookEventTypeConnectionSAMLCertificateRenewed},
		{events.DsyncGroupUserAdded.String(), gen.WebhookEventTypeDsyncGroupUserAdded},
	} {
		if test.got != string(test.want) {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
}

// components are the schemas of api.yaml by name.
type components map[string]map[string]any

// apiYAML is read once, as that takes a while.
var apiYAML = sync.OnceValues(parseComponents)

func parseComponents() (components, error) {
	text, err := os.ReadFile(filepath.Join("..", "..", "api.yaml"))
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	var document struct {
		Components struct {
			Schemas components `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	return document.Components.Schemas, nil
}

func readComponents(t *testing.T) (all components, payloads map[string]string) {
	t.Helper()
	all, err := apiYAML()
	if err != nil {
		t.Fatal(err)
	}
	payloads = map[string]string{}
	byType, _ := all["Event"]["x-event-payloads"].(map[string]any)
	for name, component := range byType {
		payloads[name], _ = component.(string)
	}
	return all, payloads
}

func (c components) follow(schema map[string]any) map[string]any {
	if ref, ok := schema["$ref"].(string); ok {
		return c[strings.TrimPrefix(ref, "#/components/schemas/")]
	}
	return schema
}

func (c components) property(schema map[string]any, name string) map[string]any {
	properties, _ := schema["properties"].(map[string]any)
	property, _ := properties[name].(map[string]any)
	return c.follow(property)
}

// sample is an instance with every property, each null where nulls asks for it and it may be.
func (c components) sample(t *testing.T, schema map[string]any, nulls bool) any {
	t.Helper()
	schema = c.follow(schema)
	types := []any{schema["type"]}
	if list, ok := schema["type"].([]any); ok {
		types = list
	}
	if variants, ok := schema["oneOf"].([]any); ok && len(variants) == 2 { // a component or null
		if nulls {
			return nil
		}
		variant, _ := variants[0].(map[string]any)
		return c.sample(t, variant, nulls)
	}
	if nulls && slices.Contains(types, any("null")) {
		return nil
	}
	if members, ok := schema["enum"].([]any); ok {
		return members[0]
	}
	if value, ok := schema["const"]; ok {
		return value
	}
	switch types[0] {
	case "string":
		if schema["format"] == "date-time" {
			return "2026-01-02T03:04:05.678Z"
		}
		return "text"
	case "integer", "number":
		return -3
	case "boolean":
		return true
	case "array":
		items, _ := schema["items"].(map[string]any)
		return []any{c.sample(t, items, nulls)}
	case "object":
		object := map[string]any{}
		properties, _ := schema["properties"].(map[string]any)
		for name := range properties {
			property, _ := properties[name].(map[string]any)
			object[name] = c.sample(t, property, nulls)
		}
		if len(properties) == 0 {
			object["key"] = "value"
		}
		return object
	default:
		t.Fatalf("no sample for %v", schema)
		return nil
	}
}

// sameValues compares JSON by what it says; a field that is null is the same as an absent one, as optional pointers
// leave it out.
func sameValues(t *testing.T, a, b []byte) bool {
	t.Helper()
	var values [2]any
	for i, text := range [][]byte{a, b} {
		if err := json.Unmarshal(text, &values[i]); err != nil {
			t.Fatalf("decode %s: %v", text, err)
		}
		values[i] = withoutNulls(values[i])
	}
	return reflect.DeepEqual(values[0], values[1])
}

func withoutNulls(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			if member == nil {
				delete(value, name)
				continue
			}
			value[name] = withoutNulls(member)
		}
	case []any:
		for i := range value {
			value[i] = withoutNulls(value[i])
		}
	}
	return value
}

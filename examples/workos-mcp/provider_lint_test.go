package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// serverName is what people call the server in their clients' settings, as the README does.
const serverName = "workos"

// offer is a tool as a client hands it to a model.
type offer struct {
	name, description string
	schema            json.RawMessage
}

// rule is something that a client or the API behind it refuses, drops or cuts off, often together with all other
// tools. Rules on the number of tools in a request, such as 128 of OpenAI and VS Code and 512 of Gemini, are met by the
// client, which knows all its servers and offers a choice.
type rule struct {
	who      string
	styles   []mcpadapter.NameStyle // nil: all
	profiles []mcpadapter.Profile   // nil: all
	check    func(o offer) []string // what breaks the rule
	broken   offer                  // an example of that
}

func styles() []mcpadapter.NameStyle {
	return []mcpadapter.NameStyle{mcpadapter.NamesDots, mcpadapter.NamesUnderscore, mcpadapter.NamesShort}
}

func TestNoProviderRefusesATool(t *testing.T) {
	all := rules()
	for _, profile := range profiles() {
		for _, style := range styles() {
			names := map[string]bool{}
			for _, tool := range toolsIn(t, profile) {
				o := offer{style.Name(tool.Name()), tool.Description(), tool.InputSchema()}
				if names[o.name] { // Anthropic: "Tool names must be unique."
					t.Errorf("%v: two tools are called %s", style, o.name)
				}
				names[o.name] = true
				for _, r := range all {
					if r.styles != nil && !slices.Contains(r.styles, style) ||
						r.profiles != nil && !slices.Contains(r.profiles, profile) {
						continue
					}
					for _, breach := range r.check(o) {
						t.Errorf("%s in %v and %v: %s: %s", tool.Name(), style, profile, r.who, breach)
					}
				}
			}
		}
	}
}

// A rule that finds nothing in what breaks it would hold for everything.
func TestEveryRuleFindsWhatBreaksIt(t *testing.T) {
	good := offer{"organizations_get", "Get an organization.", json.RawMessage(`{"type":"object","properties":{` +
		`"id":{"type":"string"}},"required":["id"],"additionalProperties":false}`)}
	for i, r := range rules() {
		o := r.broken
		if o.name == "" {
			o.name = good.name
		}
		if o.schema == nil {
			o.schema = good.schema
		}
		if len(r.check(o)) == 0 {
			t.Errorf("rule %d, of %s, finds nothing wrong with %+v", i, r.who, r.broken)
		}
		if o := good; !slices.Contains(r.profiles, mcpadapter.ProfileGemini) {
			if got := r.check(o); len(got) > 0 {
				t.Errorf("rule %d, of %s, finds %v in what keeps it", i, r.who, got)
			}
		}
	}
}

// Claude Code cuts the instructions of a server off too: https://code.claude.com/docs/en/mcp, "For MCP server authors".
func TestInstructionsAreReadToTheEnd(t *testing.T) {
	adapter := withoutEnvironment(t)
	for _, m := range []bool{false, true} {
		if n := utf8.RuneCountInString(instructions(t.Context(), adapter, m)); n > 2048 {
			t.Errorf("the instructions have %d characters, want at most 2048", n)
		}
	}
}

func breach(broken bool, format string, args ...any) []string {
	if !broken {
		return nil
	}
	return []string{fmt.Sprintf(format, args...)}
}

func decoded(o offer) map[string]any {
	var root map[string]any
	if err := json.Unmarshal(o.schema, &root); err != nil {
		return map[string]any{"invalid": err.Error()}
	}
	return root
}

// nested returns a schema's properties as if it had nothing else.
func nested(o offer) json.RawMessage {
	text, _ := json.Marshal(map[string]any{"properties": decoded(o)["properties"]})
	return text
}

// visit calls the function with a schema and each that is in it.
func visit(s map[string]any, at string, see func(at string, s map[string]any)) {
	see(at, s)
	if properties, ok := s["properties"].(map[string]any); ok {
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			if inner, ok := properties[name].(map[string]any); ok {
				visit(inner, at+"."+name, see)
			}
		}
	}
	for _, keyword := range []string{"items", "additionalProperties", "propertyNames"} {
		if inner, ok := s[keyword].(map[string]any); ok {
			visit(inner, at+"/"+keyword, see)
		}
	}
	for i, alternative := range anys(s["anyOf"]) {
		if inner, ok := alternative.(map[string]any); ok {
			visit(inner, fmt.Sprintf("%s/anyOf/%d", at, i), see)
		}
	}
}

func inEach(check func(s map[string]any) []string) func(offer) []string {
	return func(o offer) []string {
		var list []string
		visit(decoded(o), "", func(at string, s map[string]any) {
			for _, b := range check(s) {
				list = append(list, strings.TrimPrefix(at+": "+b, ": "))
			}
		})
		return list
	}
}

// unknown lists the keywords that are none of the known ones.
func unknown(s map[string]any, known ...string) []string {
	var list []string
	for _, keyword := range slices.Sorted(maps.Keys(s)) {
		list = append(list, breach(!slices.Contains(known, keyword), "there is a keyword %s", keyword)...)
	}
	return list
}

func without(keywords ...string) func(offer) []string {
	return inEach(func(s map[string]any) []string {
		var list []string
		for _, keyword := range keywords {
			_, ok := s[keyword]
			list = append(list, breach(ok, "there is a keyword %s", keyword)...)
		}
		return list
	})
}

func formats(known ...string) func(offer) []string {
	return inEach(func(s map[string]any) []string {
		name, ok := s["format"].(string)
		return breach(ok && !slices.Contains(known, name), "there is a format %s", name)
	})
}

func propertiesNamed(pattern string) func(offer) []string {
	re := regexp.MustCompile(pattern)
	return inEach(func(s map[string]any) []string {
		var list []string
		properties, _ := s["properties"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			list = append(list, breach(!re.MatchString(name), "%q does not match %s", name, pattern)...)
		}
		return list
	})
}

// limits counts properties, levels of nesting, enum members, and the characters of names and members.
func limits(properties, levels, members, characters int) func(offer) []string {
	return func(o offer) []string {
		var names, deepest, values, length int
		visit(decoded(o), "", func(at string, s map[string]any) {
			deepest = max(deepest, strings.Count(at, ".")+strings.Count(at, "/items"))
			inside, _ := s["properties"].(map[string]any)
			names += len(inside)
			for name := range inside {
				length += len(name)
			}
			enum := append(anys(s["enum"]), s["const"])
			values += len(enum) - 1
			for _, m := range enum {
				length += len(fmt.Sprint(m))
			}
		})
		return breach(names > properties || deepest > levels || values > members || length > characters,
			"%d properties, %d levels, %d enum members, %d characters", names, deepest, values, length)
	}
}

// is tells whether values of the type are among those that a schema says it accepts.
func is(s map[string]any, name string) bool {
	return s["type"] == name || slices.Contains(anys(s["type"]), any(name))
}

func anys(v any) []any {
	list, _ := v.([]any)
	return list
}

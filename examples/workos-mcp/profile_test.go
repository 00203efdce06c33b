package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestProfileIsAFlagOfEveryCommand(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string // of the argument metadata of organizations.create
	}{
		{nil, `"propertyNames"`},
		{[]string{"--profile", "standard"}, `"propertyNames"`},
		{[]string{"--profile", "openai"}, "Names of at most 40 characters."},
		{[]string{"--profile", "gemini"}, "A JSON object as text."},
	} {
		args := append([]string{"tool", "get", "organizations.create"}, c.args...)
		if o := execute(t, nil, "", args...); o.code != exitOK || !strings.Contains(o.stdout, c.want) {
			t.Errorf("%v: got %d %s %s, want %s", c.args, o.code, o.stdout, o.stderr, c.want)
		}
		list := `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
		o := execute(t, nil, initialize+"\n"+list+"\n", append([]string{"stdio", "--log-level", "error"}, c.args...)...)
		if !strings.Contains(o.stdout, c.want) {
			t.Errorf("%v: the list over stdio lacks %s", c.args, c.want)
		}
	}
	if o := execute(t, nil, "", "tool", "list", "--profile", "strict"); o.code != exitUsage {
		t.Errorf("got code %d (%s), want %d for a profile that there is none of", o.code, o.stderr, exitUsage)
	}
}

// What a profile has no keyword for stands in the description of the argument.
func TestNoProfileLosesAFact(t *testing.T) {
	standard := toolsIn(t, mcpadapter.ProfileStandard)
	for _, profile := range profiles()[1:] {
		for i, tool := range toolsIn(t, profile) {
			s, o := decoded(offer{schema: standard[i].InputSchema()}), decoded(offer{schema: tool.InputSchema()})
			for _, fact := range lost(s, o, tool.Name()) {
				t.Errorf("%v: %s", profile, fact)
			}
		}
	}
}

// lost lists what a schema in the standard profile says and its like in another profile does not.
func lost(standard, other map[string]any, at string) []string {
	said := descriptions(other)
	var list []string
	for keyword, value := range standard {
		switch keyword {
		case "properties":
			properties, _ := other[keyword].(map[string]any)
			for name, p := range object(value) {
				list = append(list, lost(object(p), object(properties[name]), at+"."+name)...)
			}
		case "items":
			list = append(list, lost(object(value), object(other[keyword]), at+"/items")...)
		case "additionalProperties", "propertyNames":
			if inner := object(other[keyword]); inner != nil {
				list = append(list, lost(object(value), inner, at+"/"+keyword)...)
			} else if inner := object(value); inner != nil {
				list = append(list, lost(inner, map[string]any{"description": said}, at+"/"+keyword)...)
			}
		case "anyOf":
			others := anys(other[keyword])
			for i, alternative := range anys(value) {
				inner := map[string]any{"description": said}
				if len(others) > i {
					inner = object(others[i])
				}
				list = append(list, lost(object(alternative), inner, at+"/anyOf")...)
			}
		default:
			if !reflect.DeepEqual(other[keyword], value) && !stated(keyword, value, other, said) {
				list = append(list, fmt.Sprintf("%s: nothing says %s %v: %v", at, keyword, value, other))
			}
		}
	}
	return list
}

// membersMatch reports whether a pattern that stands for a long enum accepts all of its members.
func membersMatch(members []any, pattern string) bool {
	accepts, err := regexp.Compile(pattern)
	return err == nil && len(members) > 0 && !slices.ContainsFunc(members, func(member any) bool {
		return !accepts.MatchString(fmt.Sprint(member))
	})
}

// stated tells whether words or other keywords say the same as a keyword.
func stated(keyword string, value any, other map[string]any, said string) bool {
	text, _ := json.Marshal(value)
	has := func(words string) bool { return strings.Contains(said, words) }
	switch keyword {
	case "type":
		return sameTypes(value, other, said)
	case "description":
		text, _ := value.(string)
		return has(text)
	case "const":
		return slices.Equal(anys(other["enum"]), []any{value})
	case "enum":
		members := slices.DeleteFunc(slices.Clone(anys(value)), func(v any) bool { return v == nil })
		return other["nullable"] == true && slices.Equal(members, anys(other["enum"]))
	case "pattern":
		return has(fmt.Sprint(value)) || membersMatch(anys(other["enum"]), fmt.Sprint(value))
	case "default":
		return has("Default " + string(text) + ".")
	case "deprecated":
		return has("eprecated")
	case "exclusiveMinimum":
		least, _ := value.(float64)
		return other["type"] == "integer" && other["minimum"] == least+1
	case "uniqueItems":
		return has("No item twice.")
	case "format":
		return has(map[any]string{"email": "email address", "uri": "URI"}[value])
	case "minLength", "minItems", "minProperties":
		return has("t least "+string(text)+" ") || has(string(text)+" to ")
	case "maxLength", "maxItems", "maxProperties":
		return has("t most "+string(text)+" ") || has(" to "+string(text)+" ")
	}
	return false
}

// sameTypes compares types whose null may be a keyword, and that may be told in words or as the text of an object.
func sameTypes(value any, other map[string]any, said string) bool {
	types := anys(value)
	if types == nil {
		types = []any{value}
	}
	for _, name := range types {
		plural := map[any]string{"string": "strings", "number": "numbers", "boolean": "booleans"}[name]
		switch {
		case name == other["type"], name == "null" && other["nullable"] == true:
		case name == "object" && other["type"] == "string" && strings.Contains(said, "A JSON object as text."):
		case name == "null" && strings.Contains(said, "or null"), plural != "" && strings.Contains(said, plural):
		default:
			return false
		}
	}
	return true
}

// descriptions joins those of a schema and all that is in it.
func descriptions(s map[string]any) string {
	var said strings.Builder
	visit(s, "", func(_ string, s map[string]any) {
		if text, ok := s["description"].(string); ok {
			said.WriteString(text + "\n")
		}
	})
	return said.String()
}

func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

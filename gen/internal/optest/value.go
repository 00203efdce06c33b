package optest

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maker makes values of the schemas of api.yaml: valid ones, and ones with a single defect.
type maker struct {
	*rand.Rand

	d *Description
}

// value makes a valid value with every property.
func (m maker) value(s Keywords) any {
	if s["const"] != nil {
		return s["const"]
	}
	if members := listOf(s["enum"]); len(members) > 0 {
		return members[m.IntN(len(members))]
	}
	if alternatives := m.d.alternatives(s); len(alternatives) > 0 {
		return m.value(alternatives[m.IntN(len(alternatives))])
	}
	types := slices.DeleteFunc(typeList(s), func(typ string) bool { return typ == "null" })
	if len(types) == 0 {
		return m.text(Keywords{})
	}
	switch types[0] {
	case "object":
		return m.object(s)
	case "array":
		return m.array(s, max(1, limit(s, "minItems", 0))+m.IntN(2))
	case "integer":
		least := limit(s, "minimum", limit(s, "exclusiveMinimum", -6)+1)
		return float64(least + m.IntN(limit(s, "maximum", least+1000)-least+1))
	case "number":
		return float64(limit(s, "minimum", 0)) + 0.25
	case "boolean":
		return m.IntN(2) == 0
	}
	return m.text(s)
}

// limit reads a keyword that bounds a value.
func limit(s Keywords, keyword string, without int) int {
	if n, ok := s[keyword].(float64); ok {
		return int(n)
	}
	return without
}

func (m maker) object(s Keywords) map[string]any {
	object := map[string]any{}
	properties := m.d.propertiesOf(s)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		object[name] = m.value(properties[name])
	}
	if len(properties) > 0 || s["additionalProperties"] == false {
		return object
	}
	for range max(2, limit(s, "minProperties", 0)) {
		m.grow(s, object)
	}
	return object
}

// grow gives an object of arbitrary names one more.
func (m maker) grow(s Keywords, object map[string]any) {
	additional := m.d.nested(s, "additionalProperties")
	if additional == nil { // anything
		object["k"+strconv.Itoa(len(object))] = map[string]any{"list": []any{1.5, nil, "x"}, "": false}
		return
	}
	object["k"+strconv.Itoa(len(object))] = m.value(additional)
}

func (m maker) array(s Keywords, n int) []any {
	if s["uniqueItems"] == true {
		n = min(n, 1) // a second item, changed later, might become the first
	}
	list := make([]any, min(n, limit(s, "maxItems", n)))
	for i := range list {
		list[i] = m.value(m.d.nested(s, "items"))
	}
	return list
}

// text makes a text with all that has to be escaped somewhere, unless the schema allows only plain ones.
func (m maker) text(s Keywords) string {
	if name, ok := s["format"].(string); ok {
		all := formatted(name).valid
		return all[m.IntN(len(all))]
	}
	least := limit(s, "minLength", 1)
	text := m.runes(`ab1_-/?#%&=+ ,;:[]"\<>`+"ü✓\n", max(least, 1+m.IntN(12)))
	if pattern, ok := s["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(text) {
		text = patternPrefix(pattern) + m.runes("abXY01_-", max(least, 1+m.IntN(12)))
	}
	if most := limit(s, "maxLength", 0); most > 0 && utf8.RuneCountInString(text) > most {
		return string([]rune(text)[:most])
	}
	return text
}

func (m maker) runes(alphabet string, n int) string {
	from := []rune(alphabet)
	runes := make([]rune, n)
	for i := range runes {
		runes[i] = from[m.IntN(len(from))]
	}
	return string(runes)
}

// formatted lists texts that are of a format, and texts that are not.
func formatted(name string) struct{ valid, invalid []string } {
	all := map[string]struct{ valid, invalid []string }{
		"email": {
			[]string{"a@example.com", "first.last+tag@sub.example.co.uk", "x_1-y@example.org"},
			[]string{"", "plain", "a@", "A <a@example.com>", "a b@example.com", "a@example.com\n"},
		},
		"uri": {
			[]string{"https://example.com/a?b=c&d=%20#e", "http://localhost:3000", "myapp://callback", "urn:a:b"},
			[]string{"", "relative/path", "/rooted", "//example.com/x", "example.com", "https://[::1", "http://a b/"},
		},
		"password": { // which every text is
			[]string{"plain", `a "quoted" \ one`, "ü✓/?#%&=+ ", "line\nfeed"}, []string{},
		},
		"date-time": {
			[]string{"2026-01-31T12:00:00Z", "2024-02-29T23:59:59.123456+02:00", "2026-01-31T12:00:00-11:30"},
			[]string{"", "2026-01-31", "2026-01-31 12:00:00Z", "2026-02-30T00:00:00Z", "2026-01-31T25:00:00Z", "tomorrow",
				"2026-01-31T12:00:00", "1769860800"},
		},
	}
	if all[name].valid == nil {
		panic("no samples of the format " + name)
	}
	return all[name]
}

// edges lists valid values at the limits of a schema: every member, alternative and bound, null, and what is empty.
func (m maker) edges(s Keywords) []any {
	var values []any
	if slices.Contains(typeList(s), "null") {
		values = append(values, nil)
	}
	if s["const"] != nil {
		return values
	}
	if members := listOf(s["enum"]); len(members) > 0 {
		return append(values, members...)
	}
	for _, a := range m.d.alternatives(s) {
		values = append(append(values, m.value(a)), m.edges(a)...)
	}
	for _, typ := range typeList(s) {
		switch typ {
		case "string":
			values = append(values, m.textEdges(s)...)
		case "integer":
			if s["exclusiveMinimum"] != nil {
				values = append(values, limit(s, "exclusiveMinimum", 0)+1)
			}
			for _, bound := range []string{"minimum", "maximum"} {
				if s[bound] != nil {
					values = append(values, s[bound], json.RawMessage(strconv.Itoa(limit(s, bound, 0))+".0"))
				}
			}
		case "number":
			values = append(values, float64(limit(s, "minimum", 0)), json.RawMessage("1e1"))
		case "boolean":
			values = append(values, true, false)
		case "array":
			values = append(values, m.array(s, limit(s, "minItems", 0)))
			if most := limit(s, "maxItems", 0); most > 0 {
				values = append(values, m.array(s, most))
			}
		case "object":
			values = append(values, m.objectEdges(s)...)
		}
	}
	return values
}

func (m maker) textEdges(s Keywords) []any {
	if name, ok := s["format"].(string); ok {
		var values []any
		for _, text := range formatted(name).valid {
			values = append(values, text)
		}
		return values
	}
	letter, prefix := "ü", "" // lengths count characters, not bytes
	if pattern, ok := s["pattern"].(string); ok {
		letter, prefix = "x", patternPrefix(pattern)
	}
	least := limit(s, "minLength", 0)
	if least == 0 && s["pattern"] != nil {
		least = 1
	}
	values := []any{prefix + strings.Repeat(letter, least)}
	if s["maxLength"] != nil {
		values = append(values, strings.Repeat(letter, limit(s, "maxLength", 0)))
	}
	return values
}

func (m maker) objectEdges(s Keywords) []any {
	if properties := m.d.propertiesOf(s); len(properties) > 0 {
		least := map[string]any{}
		for _, name := range textsOf(s["required"]) {
			least[name] = m.value(properties[name])
		}
		return []any{least}
	}
	values := []any{map[string]any{}}
	if least := limit(s, "minProperties", 0); least > 0 {
		values = nil
	}
	if s["maxProperties"] == nil {
		return values
	}
	most := map[string]any{}
	for range limit(s, "maxProperties", 0) {
		m.grow(s, most)
	}
	return append(values, most)
}

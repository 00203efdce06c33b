package mcpadapter_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func profiles() []mcpadapter.Profile {
	return []mcpadapter.Profile{mcpadapter.ProfileStandard, mcpadapter.ProfileOpenAI, mcpadapter.ProfileGemini}
}

func TestProfilesAreWrittenAndReadAsText(t *testing.T) {
	t.Parallel()
	for i, want := range []string{"standard", "openai", "gemini"} {
		p := profiles()[i]
		text, err := p.MarshalText()
		if err != nil || string(text) != want || p.String() != want {
			t.Errorf("got %q, %q and %v, want %s", text, p, err, want)
		}
		var read mcpadapter.Profile
		if err := read.UnmarshalText(text); err != nil || read != p {
			t.Errorf("%s: read %v (%v), want %v", text, read, err, p)
		}
	}
	for _, text := range []string{"", "OpenAI", "openai ", "strict"} {
		p := mcpadapter.ProfileGemini
		if err := p.UnmarshalText([]byte(text)); err == nil || p != mcpadapter.ProfileGemini {
			t.Errorf("%q: got %v and %v, want an error and nothing changed", text, p, err)
		}
	}
	for _, p := range []mcpadapter.Profile{-1, 3} {
		if text, err := p.MarshalText(); err == nil {
			t.Errorf("%v: got %q, want an error", p, text)
		}
	}
}

func TestWithProfileChoosesTheInputSchema(t *testing.T) {
	t.Parallel()
	plain, _ := shoptest.New(t, nil)
	for _, p := range profiles() {
		a, _ := shoptest.New(t, nil, mcpadapter.WithProfile(p))
		for i, tool := range a.Tools() {
			if got, want := string(tool.InputSchema()), string(tool.Schema(p)); got != want {
				t.Errorf("%v: %s: got %s, want %s", p, tool.Name(), got, want)
			}
			if got, want := string(tool.Schema(mcpadapter.ProfileStandard)), string(plain.Tools()[i].InputSchema()); got != want {
				t.Errorf("%v: %s: got %s, want the standard %s", p, tool.Name(), got, want)
			}
		}
	}
	c, err := shop.NewClient("https://tea.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []mcpadapter.Profile{-1, 3} {
		_, err := mcpadapter.New(c, &shop.Operations, mcpadapter.WithProfile(p))
		if err == nil || !strings.Contains(err.Error(), "WithProfile: invalid profile Profile(") {
			t.Errorf("%v: got %v, want an error that names the option", p, err)
		}
	}
}

func TestArgumentsInOtherProfiles(t *testing.T) {
	t.Parallel()
	const (
		supplier = `"properties":{"name":{"type":"string"},"contact":{"type":"object","properties":{` +
			`"email":{"type":"string","description":"An email address."},"hours":{"type":"array","items":{` +
			`"type":"integer","minimum":0,"maximum":23}}}}},"required":["name"]}`
		brewing = `{"type":"object","description":"How to brew it.","properties":{"way":{"type":"string",` +
			`"description":"Selects the form.","enum":["hot","cold"]},"degrees":{"type":"integer",` +
			`"description":"Only with hot.","minimum":60,"maximum":100},"minutes":{"type":"number",` +
			`"description":"Only with hot."},"hours":{"type":"integer","description":"Only with cold.","minimum":1,` +
			`"maximum":24}},"required":["way"]}`
		hotOrCold = `"anyOf":[{"type":"object","properties":{"way":{"type":"string","const":"hot"},"degrees":{` +
			`"type":"integer","minimum":60,"maximum":100},"minutes":{"type":"number"}},"required":["way","degrees"],` +
			`"additionalProperties":false},{"type":"object","properties":{"way":{"type":"string","const":"cold"},` +
			`"hours":{"type":"integer","minimum":1,"maximum":24}},"required":["way","hours"],` +
			`"additionalProperties":false}]`
	)
	adapter, _ := shoptest.New(t, nil)
	for _, example := range []struct{ tool, argument, openAI, gemini string }{
		{
			"teas.list", "country", `{"type":"string","description":"2 characters."}`,
			`{"type":"string","minLength":2,"maxLength":2}`,
		},
		{
			"teas.list", "grades", "",
			`{"type":"array","description":"Grades to look for. No item twice.",` +
				`"items":{"type":"string","enum":["leaf","broken","dust"]},"minItems":1,"maxItems":3}`,
		},
		{
			"teas.list", "labels",
			`{"type":"object","description":"At least 1 entry.","properties":{},"additionalProperties":{"type":"string"}}`,
			`{"type":"string","description":"A JSON object as text. At least 1 entry. Values: strings."}`,
		},
		{
			"teas.list", "max_price", `{"type":"number","maximum":999.5,"exclusiveMinimum":0}`,
			`{"type":"number","description":"More than 0.","maximum":999.5}`,
		},
		{
			"teas.list", "limit", `{"type":"integer","description":"Default 20.","minimum":1,"maximum":100}`,
			`{"type":"integer","description":"Default 20.","minimum":1,"maximum":100}`,
		},
		{
			"teas.create", "barcode", `{"type":"string","format":"uuid"}`,
			`{"type":"string","description":"A UUID."}`,
		},
		{
			"teas.create", "page", `{"type":"string","description":"An absolute URI such as https://example.com/."}`,
			`{"type":"string","description":"An absolute URI such as https://example.com/."}`,
		},
		{
			"teas.create", "opened_at", `{"type":"string","format":"date-time"}`,
			`{"type":"string","format":"date-time"}`,
		},
		{
			"teas-update", "stock", `{"type":["integer","null"]}`, `{"type":"integer","nullable":true}`,
		},
		{
			"teas-update", "supplier", "", `{"type":"object","nullable":true,` + supplier,
		},
		{
			"surveys.create", "mood", `{"type":["string","null"],"enum":["good","bad",null]}`,
			`{"type":"string","nullable":true,"enum":["good","bad"]}`,
		},
		{
			"surveys.create", "size", `{"type":"number","enum":[0.5,1.0]}`,
			`{"type":"number","description":"One of 0.5, 1.0."}`,
		},
		{
			"payments.create", "tip", `{"type":["string","integer"],"description":"Not with voucher."}`,
			`{"anyOf":[{"type":"string","description":"Not with voucher."},{"type":"integer"}]}`,
		},
		{
			"blends.create", "brewing", `{"description":"How to brew it.",` + hotOrCold + `}`, brewing,
		},
		{
			"blends.create", "strength", `{"anyOf":[{"type":"integer","minimum":1},{"type":"string",` +
				`"enum":["mild","strong"]},{"type":"null"}]}`, `{"anyOf":[{"type":"integer","nullable":true,"minimum":1},{"type":"string",` +
				`"enum":["mild","strong"]}]}`,
		},
		{
			"facts.replace", "body",
			`{"type":"object","description":"1 to 3 entries.","properties":{},"additionalProperties":true}`,
			`{"type":"string","description":"A JSON object as text. 1 to 3 entries."}`,
		},
		{
			"facts.add", "body", "",
			`{"type":"object","description":"Other properties: strings, numbers or booleans.","properties":{"title":{` +
				`"type":"string"},"weight":{"type":"integer","format":"int64"}},"required":["title"]}`,
		},
		{ // An object among strings could not be told from one if it came as text.
			"facts.note", "body", "",
			`{"anyOf":[{"type":"string","description":"Any JSON value."},{"type":"number"},{"type":"boolean"},` +
				`{"type":"array","items":{"anyOf":[{"type":"string","nullable":true,"description":"Any JSON value."},` +
				`{"type":"number"},{"type":"boolean"}]}},{"type":"object","properties":{}}]}`,
		},
		{
			"moods.replace", "body", "",
			`{"type":"object","description":"Other properties are accepted.","properties":{"title":{` +
				`"type":"string"}},"required":["title"]}`,
		},
		{
			"parcels.slip", "width", `{"type":"integer","description":"Format int32. Deprecated.","multipleOf":8}`,
			`{"type":"integer","description":"A multiple of 8. Deprecated.","format":"int32"}`,
		},
	} {
		for p, want := range map[mcpadapter.Profile]string{
			mcpadapter.ProfileOpenAI: example.openAI, mcpadapter.ProfileGemini: example.gemini,
		} {
			var root struct{ Properties map[string]json.RawMessage }
			if err := json.Unmarshal(shoptest.Tool(t, adapter, example.tool).Schema(p), &root); err != nil {
				t.Fatal(err)
			}
			if got := string(root.Properties[example.argument]); want != "" && got != want {
				t.Errorf("%s of %s in %v:\ngot  %s\nwant %s", example.argument, example.tool, p, got, want)
			}
		}
	}
}

// What a provider does not know, it refuses, and all tools with it.
func TestProfilesKeepToTheirKeywords(t *testing.T) {
	t.Parallel()
	shared := []string{
		"type", "description", "enum", "pattern", "minimum", "maximum", "items", "minItems", "maxItems", "properties",
		"required", "anyOf", "format",
	}
	keywords := map[mcpadapter.Profile][]string{
		mcpadapter.ProfileOpenAI: append([]string{
			"const", "additionalProperties", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
		}, shared...),
		mcpadapter.ProfileGemini: append([]string{
			"nullable", "minLength", "maxLength", "minProperties", "maxProperties",
		}, shared...),
	}
	a, _ := shoptest.New(t, nil)
	for p, known := range keywords {
		for _, tool := range a.Tools() {
			var root map[string]any
			if err := json.Unmarshal(tool.Schema(p), &root); err != nil {
				t.Fatalf("%s in %v: %v", tool.Name(), p, err)
			}
			if root["type"] != "object" || root["properties"] == nil || root["anyOf"] != nil {
				t.Errorf("%s in %v: the root is no plain object with properties", tool.Name(), p)
			}
			walk(root, tool.Name(), func(at string, s map[string]any) {
				for keyword := range s {
					if !slices.Contains(known, keyword) {
						t.Errorf("%s in %v: has %s", at, p, keyword)
					}
				}
				if s["type"] == "object" && s["properties"] == nil || s["type"] == "array" && s["items"] == nil {
					t.Errorf("%s in %v: lacks properties or items", at, p)
				}
			})
		}
	}
}

// walk visits a schema and those in it.
func walk(s map[string]any, at string, visit func(at string, s map[string]any)) {
	visit(at, s)
	if properties, ok := s["properties"].(map[string]any); ok {
		for name, p := range properties {
			if p, ok := p.(map[string]any); ok {
				walk(p, at+"."+name, visit)
			}
		}
	}
	for _, keyword := range []string{"items", "additionalProperties"} {
		if inner, ok := s[keyword].(map[string]any); ok {
			walk(inner, at+"/"+keyword, visit)
		}
	}
	if alternatives, ok := s["anyOf"].([]any); ok {
		for _, alternative := range alternatives {
			if inner, ok := alternative.(map[string]any); ok {
				walk(inner, at+"/anyOf", visit)
			}
		}
	}
}

// A client may be told one profile and send what another one asks for.
func TestCallsAreTheSameInEveryProfile(t *testing.T) {
	t.Parallel()
	for _, p := range profiles() {
		a, s := shoptest.New(t, shoptest.RespondWith(200, "application/json", `{}`), mcpadapter.WithProfile(p))
		for _, arguments := range []string{
			`{"name":"Oolong","stock":1,"facts":{"origin":"Fujian"}}`,
			`{"name":"Oolong","stock":1,"facts":"{\"origin\":\"Fujian\"}"}`,
		} {
			if r := shoptest.Invoke(t, a, "teas.create", arguments); r.Failure != nil {
				t.Errorf("%v: %s: got %s", p, arguments, r.Text())
			}
			const want = `{"facts":{"origin":"Fujian"},"name":"Oolong","stock":1}`
			if seen := s.Seen(); len(seen) != 1 || seen[0].Body != want {
				t.Errorf("%v: %s: got %v on the wire, want %s", p, arguments, seen, want)
			}
		}
		for _, arguments := range []string{
			`{"name":"Oolong","stock":1,"facts":{"UPPER":"x"}}`,
			`{"name":"Oolong","stock":1,"facts":"{\"UPPER\":\"x\"}"}`,
			`{"name":"thirteen long","stock":1}`,
			`{"name":"Oolong","stock":1,"tags":["a","a"]}`,
			`{"name":"Oolong","stock":1,"strange":1}`,
		} {
			if r := shoptest.Invoke(t, a, "teas.create", arguments); r.Failure == nil || len(s.Seen()) > 0 {
				t.Errorf("%v: %s was sent, want it refused", p, arguments)
			}
		}
	}
}

// Words in place of keywords make a schema wider, never narrower.
func TestProfileOpenAIAcceptsWhatTheStandardAccepts(t *testing.T) {
	t.Parallel()
	standard, _ := shoptest.New(t, nil)
	openAI, _ := shoptest.New(t, nil, mcpadapter.WithProfile(mcpadapter.ProfileOpenAI))
	for i, tool := range standard.Tools() {
		narrow, wide := resolved(t, tool), resolved(t, openAI.Tools()[i])
		g := generator{rand.New(rand.NewPCG(2, uint64(i)))} // the same in each run
		for range 200 {
			text, err := json.Marshal(g.value(narrow.Schema(), 0))
			if err != nil {
				t.Fatal(err)
			}
			var instance any
			if err := json.Unmarshal(text, &instance); err != nil {
				t.Fatal(err)
			}
			if narrow.Validate(instance) != nil {
				continue
			}
			if err := wide.Validate(instance); err != nil {
				t.Fatalf("%s: %s is valid by the standard profile, and by the other one %v", tool.Name(), text, err)
			}
		}
	}
}

package media_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
)

// parsed returns a JSON object as arguments are parsed.
func parsed(tb testing.TB, text string) map[string]any {
	tb.Helper()
	v, err := value.Parse([]byte(text))
	object, ok := v.(map[string]any)
	if err != nil || !ok {
		tb.Fatalf("%s: got %v, want an object", text, err)
	}
	return object
}

func TestFormsFollowTheEncodingOfEachProperty(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		object   string
		encoding optable.Encoding // of v
		want     string
	}{
		{`{}`, optable.Encoding{}, ""},
		{`{"v":"a b&c=é+"}`, optable.Encoding{}, "v=a+b%26c%3D%C3%A9%2B"},
		{`{"b":1,"v":true,"a":null}`, optable.Encoding{}, "a=&b=1&v=true"},
		{`{"v":9007199254740993}`, optable.Encoding{}, "v=9007199254740993"},
		{`{"v":1.50}`, optable.Encoding{}, "v=1.50"},
		{`{"v":["a","b,c"]}`, optable.Encoding{}, "v=a&v=b%2Cc"},
		{`{"v":[]}`, optable.Encoding{}, ""},
		{`{"v":["a","b,c"]}`, optable.Encoding{Style: "form", Explode: "true"}, "v=a&v=b%2Cc"},
		{`{"v":["a","b,c"]}`, optable.Encoding{Style: "form", Explode: "false"}, "v=a,b%2Cc"},
		{`{"v":["a","b,c"]}`, optable.Encoding{Explode: "false"}, "v=a,b%2Cc"},
		{`{"v":["a","b c"]}`, optable.Encoding{Style: "spaceDelimited"}, "v=a%20b+c"},
		{`{"v":["a","b"]}`, optable.Encoding{Style: "spaceDelimited", Explode: "true"}, "v=a&v=b"},
		{`{"v":["a","b|c"]}`, optable.Encoding{Style: "pipeDelimited", Explode: "false"}, "v=a%7Cb%7Cc"},
		{`{"v":["a",["b"]]}`, optable.Encoding{Style: "deepObject", Explode: "true"}, "v%5B0%5D=a&v%5B1%5D%5B0%5D=b"},
		{`{"v":["a"]}`, optable.Encoding{ContentType: "application/json"}, "v=%5B%22a%22%5D"},
		{`{"v":[{"a":1},{"b":2}]}`, optable.Encoding{}, "v=%7B%22a%22%3A1%7D&v=%7B%22b%22%3A2%7D"},
		{`{"v":{"b":1,"a":["x"]}}`, optable.Encoding{}, "v=%7B%22a%22%3A%5B%22x%22%5D%2C%22b%22%3A1%7D"},
		{`{"v":{"b":1,"a":"x"}}`, optable.Encoding{Style: "form"}, "a=x&b=1"},
		{`{"v":{"b":1,"a":"x"}}`, optable.Encoding{Style: "form", Explode: "false"}, "v=a,x,b,1"},
		{`{"v":{"b":{"c":1},"a":"x"}}`, optable.Encoding{Style: "deepObject"}, "v%5Ba%5D=x&v%5Bb%5D%5Bc%5D=1"},
		{`{"v":"text"}`, optable.Encoding{ContentType: "application/json"}, "v=%22text%22"},
		{`{"v":"text"}`, optable.Encoding{ContentType: "text/plain"}, "v=text"},
	} {
		c.encoding.Property = "v"
		got, err := media.AppendForm(nil, parsed(t, c.object), []optable.Encoding{{Property: "w", Style: "deepObject"}, c.encoding})
		if err != nil || string(got) != c.want {
			t.Errorf("%s %+v: got %s (%v), want %s", c.object, c.encoding, got, err, c.want)
		}
	}
}

// What a form parser reads is what was given, whatever the names and the texts are.
func FuzzFormsAreReadAsGiven(f *testing.F) {
	f.Add("name", "value")
	f.Add("a[b]", "=&;%")
	f.Add("", "\x00\xff é+ ")
	f.Fuzz(func(t *testing.T, name, text string) {
		object := map[string]any{name: text, name + "n": json.Number("1"), name + "l": []any{text, "x"}}
		b, err := media.AppendForm(nil, object, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := url.ParseQuery(string(b))
		if err != nil {
			t.Fatalf("%q: %v", b, err)
		}
		list := got[name+"l"]
		if len(got) != 3 || got.Get(name) != text || got.Get(name+"n") != "1" || len(list) != 2 || list[0] != text {
			t.Errorf("%q: got %v, want %v", b, got, object)
		}
	})
}

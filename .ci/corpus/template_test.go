package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestTemplatesBecomeThoseOfOpenAPI(t *testing.T) {
	for from, want := range map[string]string{
		"  /a/{b}:\n":                 "  /a/{b}:\n",
		"  /a/{b*}/{c}:\n":            "  /a/{b}/{c}:\n",
		"  /a/{;b}:\n":                "  /a/{b}:\n",
		"  '/a/{.b*}' :\n":            "  '/a/{b}' :\n",
		`{"/a/{;b*}": {}, "/c": 1}`:   `{"/a/{b}": {}, "/c": 1}`,
		"  text: /a/{b*}\n":           "  text: /a/{b*}\n",
		"  description: {b*} stays\n": "  description: {b*} stays\n",
	} {
		got, changed := plainTemplates([]byte(from))
		if string(got) != want || (len(changed) == 0) != (from == want) {
			t.Errorf("%q: got %q, changed %q, want %q", from, got, changed, want)
		}
	}
}

func TestChangedTemplatesAreListedOnce(t *testing.T) {
	_, changed := plainTemplates([]byte("/a/{b*}: 1\n/c/{b*}: 2\n/d/{.b}: 3\n/e/{f}: 4\n"))
	if want := []string{"{.b}", "{b*}"}; !slices.Equal(changed, want) {
		t.Errorf("got %q, want %q", changed, want)
	}
}

func TestAMockReadsACopyOnlyWherePrismCannotReadTheDescription(t *testing.T) {
	b := &builder{work: t.TempDir()}
	for text, want := range map[string]string{
		"paths:\n  /a/{b}: {}\n":  "",
		"paths:\n  /a/{b*}: {}\n": "paths:\n  /a/{b}: {}\n",
		`{"example": {"$ref": "https://a.example/b"}, "schema": {"$ref": "#/c"}}`: `{"example": {"ref": "https://a.example/b"}, ` +
			`"schema": {"$ref": "#/c"}}`,
	} {
		r := &row{file: filepath.Join(t.TempDir(), "description.yaml")}
		if err := os.WriteFile(r.file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := b.mocked(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(file)
		if err != nil || (file == r.file) != (want == "") || want != "" && string(got) != want {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
}

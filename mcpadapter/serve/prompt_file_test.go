package serve

import (
	"bytes"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

func TestReadPrompts(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	got, err := ReadPrompts(fstest.MapFS{
		"prompts/find_tea.tmpl": file("---\r\ntitle: Find a tea\r\ndescription: Find one.\r\narguments:\r\n" +
			"  - {name: taste, title: Taste, description: Its taste., required: true, values: [smoky], operation: teas.list,\r\n" +
			"     argument: order}\r\n---\r\n\r\nFind {{.taste}}.\r\n---\r\nThanks.\r\n"),
		"prompts/README.md":    file("no prompt"),
		"prompts/a/clean.tmpl": file("---\n\n---\nClean."),
	})
	want := []Prompt{
		{Name: "clean", Text: "Clean.", Arguments: []PromptArgument{}},
		{
			Name: "find_tea", Title: "Find a tea", Description: "Find one.", Text: "Find {{.taste}}.\n---\nThanks.",
			Arguments: []PromptArgument{{
				Name: "taste", Title: "Taste", Description: "Its taste.", Required: true, Values: []string{"smoky"},
				Operation: "teas.list", Argument: "order",
			}},
		},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	for text, wanted := range map[string]string{
		"Find a tea.":                                 "a.tmpl: want a line of three hyphens",
		"---\ntitle: Find a tea\n":                    "a.tmpl: want a line of three hyphens",
		"---\ntitel: Find a tea\n---\nFind.":          "field titel not found",
		"---\ntitle: [Find]\n---\nFind.":              "cannot unmarshal",
		"---\narguments: [{nmae: taste}]\n---\nFind.": "field nmae not found",
	} {
		if _, err := ReadPrompts(fstest.MapFS{"a.tmpl": file(text)}); err == nil || !strings.Contains(err.Error(), wanted) {
			t.Errorf("%q: got %v, want %q in it", text, err, wanted)
		}
	}
}

// A server whose prompts cannot be read does not start.
func TestServerNeedsItsPrompts(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	store.prompts = func() ([]Prompt, error) {
		return ReadPrompts(fstest.MapFS{"a.tmpl": &fstest.MapFile{Data: []byte("no head")}})
	}
	var stderr bytes.Buffer
	code := Run(t.Context(), store.api(), Process{
		Args: []string{"stdio"}, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &stderr,
	})
	if code != ExitFailed || !strings.Contains(stderr.String(), "read prompts: a.tmpl") {
		t.Errorf("got %d %s, want a failure that names the file", code, &stderr)
	}
}

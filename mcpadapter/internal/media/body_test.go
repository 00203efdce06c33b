package media_test

import (
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
)

func TestBodiesAreEncoded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body         media.Body
		value        any
		chosen       string
		want, as, no string
	}{
		"JSON":            {media.Body{MediaType: "application/json", Kind: media.JSON}, map[string]any{"a": "<"}, "", `{"a":"\u003c"}`, "application/json", ""},
		"form":            {media.Body{MediaType: "application/x-www-form-urlencoded", Kind: media.Form}, map[string]any{"a": "b c"}, "", "a=b+c", "application/x-www-form-urlencoded", ""},
		"text":            {media.Body{MediaType: "text/csv", Kind: media.Text}, "a,b", "", "a,b", "text/csv", ""},
		"number as text":  {media.Body{MediaType: "text/plain", Kind: media.Text}, 7, "", "7", "text/plain", ""},
		"any text":        {media.Body{MediaType: "text/*", Kind: media.Text}, "a", "", "a", "text/plain", ""},
		"bytes":           {media.Body{MediaType: "application/zip", Kind: media.Binary}, "AAE=", "", "\x00\x01", "application/zip", ""},
		"any bytes":       {media.Body{MediaType: "*/*", Kind: media.Binary}, "AAE=", "", "\x00\x01", "application/octet-stream", ""},
		"base64 itself":   {media.Body{MediaType: "image/png", Kind: media.Image, Encoded: true}, "AAE=", "", "AAE=", "image/png", ""},
		"one of a range":  {media.Body{MediaType: "image/*", Kind: media.Image}, "AAE=", "image/png", "\x00\x01", "image/png", ""},
		"none of a range": {media.Body{MediaType: "image/*", Kind: media.Image}, "AAE=", "", "\x00\x01", "application/octet-stream", ""},
		"no base64":       {media.Body{MediaType: "image/png", Kind: media.Image}, "…", "", "", "", "expected base64"},
		"no JSON":         {media.Body{MediaType: "application/json", Kind: media.JSON}, func() {}, "", "", "application/json", "write as JSON: json: unsupported type: func()"},
	} {
		body, as, err := c.body.Encode(c.value, c.chosen)
		if c.no != "" {
			if err == nil || err.Error() != c.no {
				t.Errorf("%s: got %v, want %s", name, err, c.no)
			}
			continue
		}
		if string(body) != c.want || as != c.as || err != nil {
			t.Errorf("%s: got %q as %s, %v, want %q as %s", name, body, as, err, c.want, c.as)
		}
	}
}

func TestRangesOfMediaTypes(t *testing.T) {
	t.Parallel()
	for mediaType, want := range map[string]bool{
		"image/*": true, "audio/*": true, "image/png": false, "text/*": false, "application/*": false, "*/*": false, "": false,
	} {
		if got := (&media.Body{MediaType: mediaType}).IsRange(); got != want {
			t.Errorf("%s: got %t, want %t", mediaType, got, want)
		}
	}
}

func TestWhatTakesObjectsTakesThemAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		types, want optable.Types
		takes       bool
	}{
		{optable.Object, optable.Object, true}, {0, optable.Object, true}, {value.AnyType, optable.Object, true},
		{optable.String, optable.String, false}, {optable.Object | optable.Null, optable.Object | optable.Null, true},
	} {
		given := &value.Schema{Types: c.types}
		b := media.Body{Schema: given}
		if got := b.TakesObject(); got != c.takes || b.Schema.Types != c.want || given.Types != c.types {
			t.Errorf("%v: got %t and %v, want %t and %v", c.types, got, b.Schema.Types, c.takes, c.want)
		}
	}
}

func TestFilesAndItemsOfABody(t *testing.T) {
	t.Parallel()
	file := &value.Schema{Types: optable.String, Format: "binary", Description: "A photo."}
	given := &value.Schema{Types: optable.Object, Properties: []value.Property{
		{Name: "photo", Schema: file}, {Name: "photos", Schema: &value.Schema{Types: optable.Array, Items: file}},
		{Name: "names", Schema: &value.Schema{Types: optable.Array, Items: &value.Schema{Types: optable.String}}},
		{Name: "some", Schema: &value.Schema{Types: optable.Array, MinItems: 2}},
	}}
	s, files := media.WithFiles(given)
	if len(files) != 2 || !files["photo"] || !files["photos"] {
		t.Errorf("got %v, want photo and photos", files)
	}
	for _, f := range []*value.Schema{s.Property("photo").Schema, s.Property("photos").Schema.Items} {
		if names := f.Names(); !slices.Equal(names, []string{media.FileText, media.FileContent, media.FileName}) || !f.Closed {
			t.Errorf("got %q, want the object that stands for a file", names)
		}
	}
	if given.Property("photo").Schema != file || s.Property("names").Schema != given.Property("names").Schema {
		t.Error("what is no file is another schema, or the given schema was changed")
	}
	s = media.WithItems(given)
	if got := s.Property("names").Schema.MinItems; got != 1 || given.Property("names").Schema.MinItems != 0 {
		t.Errorf("got at least %d items, want 1", got)
	}
	if got := s.Property("some").Schema.MinItems; got != 2 {
		t.Errorf("got at least %d items, want 2 as before", got)
	}
}

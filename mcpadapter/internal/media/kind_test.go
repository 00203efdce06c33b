package media_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
)

func TestKindsOfMediaTypes(t *testing.T) {
	t.Parallel()
	for mediaType, want := range map[string]media.Kind{
		"": media.Binary, "no media type": media.Binary, "application/octet-stream": media.Binary,
		"application/pdf": media.Binary, "video/mp4": media.Binary, "*/*": media.Binary, "application/*": media.Binary,
		"multipart/byteranges": media.Binary, "application/zip; q=1": media.Binary,
		"application/json": media.JSON, "Application/JSON; charset=utf-8": media.JSON, "text/json": media.JSON,
		"application/merge-patch+json": media.JSON, "application/*+json": media.JSON, "application/vnd.api+json": media.JSON,
		"application/x-www-form-urlencoded": media.Form, "multipart/form-data; boundary=x": media.Multipart,
		"multipart/mixed": media.Multipart, "multipart/related": media.Multipart, "text/plain": media.Text, "text/*": media.Text, "text/csv": media.Text,
		"application/xml": media.Text, "application/atom+xml": media.Text, "application/yaml": media.Text,
		"application/openapi+yaml": media.Text, "image/svg+xml": media.Text, "text/html;charset=utf-8": media.Text,
		"application/x-ndjson": media.Lines, "application/jsonl": media.Lines, "application/json-seq": media.Lines,
		"text/event-stream": media.Events, "image/png": media.Image, "image/*": media.Image, "audio/mpeg": media.Audio,
	} {
		if got := media.KindOf(mediaType); got != want {
			t.Errorf("%q: got %d, want %d", mediaType, got, want)
		}
	}
}

func TestIsPage(t *testing.T) {
	for _, c := range []struct {
		mediaType, body string
		want            bool
	}{
		{"text/html", "<!DOCTYPE html><p>", true},
		{"Text/HTML; charset=utf-8", "\uFEFF \r\n<HTML lang=en>", true},
		{"application/xhtml+xml", `<?xml version="1.0"?><html>`, true},
		{"text/html", "<!-- x --><html>", true},
		{"text/html", "OK", false},
		{"text/html", "<p>OK", false},
		{"text/html", "", false},
		{"text/plain", "<html>", false},
		{"application/xml", "<html>", false},
	} {
		if got := media.IsPage(c.mediaType, []byte(c.body)); got != c.want {
			t.Errorf("%s, %q: got %t", c.mediaType, c.body, got)
		}
	}
}

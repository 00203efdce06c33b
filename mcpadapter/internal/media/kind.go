// Package media writes the bodies of requests and reads those of responses by their media types.
package media

import (
	"bytes"
	"mime"
	"strings"
)

// Kind is how the content of a media type is written.
type Kind int

// The kinds of media types.
const (
	Binary    Kind = iota // bytes of which nothing more is known
	JSON                  // application/json and every +json
	Form                  // application/x-www-form-urlencoded
	Multipart             // multipart/form-data, multipart/mixed and multipart/related
	Text                  // text, XML and other types that people read
	Lines                 // JSON values, one a line, or records of RFC 7464
	Events                // text/event-stream
	Image
	Audio
)

// related is the media type of parts that belong together (RFC 2387).
const related = "multipart/related"

// KindOf returns the kind of a media type, with or without parameters. A type that is no media type is binary.
func KindOf(mediaType string) Kind {
	base := Base(mediaType)
	main, sub, _ := strings.Cut(base, "/")
	switch base {
	case "application/x-www-form-urlencoded":
		return Form
	case "multipart/form-data", "multipart/mixed", related:
		return Multipart
	case "text/event-stream":
		return Events
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
		"application/jsonlines", "application/json-lines", "application/json-seq", "application/x-json-stream",
		"application/stream+json":
		return Lines
	case "application/xml", "application/yaml", "application/x-yaml", "application/javascript", "application/graphql",
		"application/toml", "application/sql", "application/x-sh":
		return Text
	}
	switch {
	case sub == "json", strings.HasSuffix(sub, "+json"):
		return JSON
	case main == "image" && sub != "svg+xml":
		return Image
	case main == "audio":
		return Audio
	case main == "text", strings.HasSuffix(sub, "+xml"), strings.HasSuffix(sub, "+yaml"):
		return Text
	}
	return Binary
}

// IsPage reports whether a body is a whole HTML page, as a proxy, a portal or a server at a wrong URL returns in place
// of what was asked for. Texts such as OK, which some servers declare as HTML, are none.
func IsPage(mediaType string, body []byte) bool {
	if base := Base(mediaType); base != "text/html" && base != "application/xhtml+xml" {
		return false
	}
	body = bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\uFEFF")), " \t\r\n\f")
	for _, start := range []string{"<!doctype html", "<html", "<?xml", "<!--", "<head"} {
		if len(body) >= len(start) && strings.EqualFold(string(body[:len(start)]), start) {
			return true
		}
	}
	return false
}

// Base returns a media type in lower case and without parameters.
func Base(mediaType string) string {
	if mediaType == "application/json" { // as most are
		return mediaType
	}
	if base, _, err := mime.ParseMediaType(mediaType); err == nil {
		return base
	}
	base, _, _ := strings.Cut(mediaType, ";")
	return strings.ToLower(strings.TrimSpace(base))
}

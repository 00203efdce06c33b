package sandbox

import "strings"

// A path's segments are literal, or parameters such as {id}.

func segments(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }

func isParam(segment string) bool { return strings.HasPrefix(segment, "{") }

func paramName(segment string) string { return strings.Trim(segment, "{}") }

// pattern is a path without its parameters' names.
func pattern(segs []string) string {
	var b strings.Builder
	for _, s := range segs {
		b.WriteByte('/')
		if isParam(s) {
			s = "{}"
		}
		b.WriteString(s)
	}
	return b.String()
}

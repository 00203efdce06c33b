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

// collectionOf is the path without the parameters that end it, and whether there were any.
func collectionOf(segs []string) ([]string, bool) {
	n := len(segs)
	for n > 0 && isParam(segs[n-1]) {
		n--
	}
	return segs[:n], n < len(segs)
}

// lastStatic is the name of the collection or action that a path ends in, its parameters aside.
func lastStatic(path string) string {
	segs, _ := collectionOf(segments(path))
	if len(segs) == 0 {
		return ""
	}
	return snake(segs[len(segs)-1])
}

package bindtest

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"
)

// canonical returns JSON with sorted members, its numbers as they are, and without what a library adds by itself or
// what differs between two runs.
func canonical(tb testing.TB, text json.RawMessage) string {
	tb.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		tb.Fatalf("%v in %s", err, text)
	}
	if object, ok := v.(map[string]any); ok {
		for _, name := range []string{"cacheScope", "ttlMs", "resultType", "nextCursor"} {
			delete(object, name)
		}
		if meta, ok := object["_meta"].(map[string]any); ok {
			delete(meta, "io.modelcontextprotocol/serverInfo")
			if len(meta) == 0 {
				delete(object, "_meta")
			}
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		tb.Fatal(err)
	}
	return varying().ReplaceAllString(b.String(), "VARIES")
}

// varying matches times, and tokens, which are long.
func varying() *regexp.Regexp {
	return regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|[A-Za-z0-9_.-]{50,}`)
}

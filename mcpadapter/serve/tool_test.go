package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func TestArgumentsFromStdinAreBounded(t *testing.T) {
	for size, ok := range map[int]bool{0: true, 1: true, 4<<20 - 1: true, 4 << 20: true, 4<<20 + 1: false} {
		text := strings.Repeat("x", size)
		got, err := readArguments("-", iotest.HalfReader(strings.NewReader(text)))
		if ok && (err != nil || string(got) != text) {
			t.Errorf("%d bytes: got %d and %v, want all of them", size, len(got), err)
		}
		const want = "read the arguments: more than 4194304 bytes"
		if !ok && (err == nil || err.Error() != want || got != nil) {
			t.Errorf("%d bytes: got %d and %v, want %s", size, len(got), err, want)
		}
	}
	broken := errors.New("broken")
	if got, err := readArguments("-", iotest.ErrReader(broken)); !errors.Is(err, broken) || got != nil {
		t.Errorf("got %q and %v, want %v", got, err, broken)
	}
}

func TestWhereArgumentsComeFrom(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "arguments.json")
	if err := os.WriteFile(file, []byte("of the file"), 0o600); err != nil {
		t.Fatal(err)
	}
	for from, want := range map[string]string{
		"": "", "{}": "{}", "-": "of stdin", "--": "--", " -": " -", "@" + file: "of the file", "x@y": "x@y",
	} {
		got, err := readArguments(from, strings.NewReader("of stdin"))
		if string(got) != want || err != nil {
			t.Errorf("%q: got %q and %v, want %q", from, got, err, want)
		}
	}
	for _, from := range []string{"@", "@" + dir, "@" + file + ".missing"} {
		got, err := readArguments(from, strings.NewReader("of stdin"))
		if err == nil || !strings.HasPrefix(err.Error(), "read the arguments: ") || got != nil {
			t.Errorf("%q: got %q and %v, want an error alone", from, got, err)
		}
	}
}

func TestJSONIsPrintedAsItIs(t *testing.T) {
	var out bytes.Buffer
	if err := writeJSON(&out, map[string]any{"a": "<b> & \u2028"}); err != nil {
		t.Fatal(err)
	}
	if want := "{\n  \"a\": \"<b> & \\u2028\"\n}\n"; out.String() != want {
		t.Errorf("got %q, want %q", &out, want)
	}
	out.Reset()
	err := writeJSON(&out, json.RawMessage("{"))
	if err == nil || !strings.HasPrefix(err.Error(), "write JSON: ") || out.Len() != 0 {
		t.Errorf("got %v and %q, want an error alone", err, &out)
	}
}

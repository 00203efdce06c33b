package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	eventgen "github.com/seed-f165d83c/workos/gen/eventgen"
	"github.com/seed-f165d83c/workos/gen/internal/generator/commandtest"
)

func TestMain(m *testing.M) { commandtest.Main(m, eventgen.Main) }

func TestTheEventTypesInUseAreWhatTheDescriptionGenerates(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	description, err := filepath.Abs(filepath.Join("..", "..", "api.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := commandtest.Run(t, dir, "-out", "types.gen.go", "-test", "types_gen_test.go", description)
	if err != nil || stderr != "" {
		t.Fatalf("got %v: %s", err, stderr)
	}
	for _, file := range []string{"types.gen.go", "types_gen_test.go"} {
		if commandtest.Read(t, dir, file) != commandtest.Read(t, "..", "..", "client", "events", file) {
			t.Errorf("client/events/%s is not what api.yaml generates; run go generate", file)
		}
	}
}

func TestTheCommandRefusesAndWritesNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "eventgen: missing -out, -test\n"},
		{[]string{"-out", "a", "-test", "b"}, "eventgen: want one OpenAPI document, got []\n"},
		{[]string{"-out", "a", "events.yaml"}, "eventgen: missing -test\n"},
		{[]string{"-test", "b", "events.yaml"}, "eventgen: missing -out\n"},
		{[]string{"-out", "a", "-test", "b", "events.yaml", "events.yaml"}, "eventgen: want one OpenAPI document, got ["},
		{[]string{"-package", "a"}, "flag provided but not defined: -package\n"},
		{[]string{"-out", "a", "-test", "b", "none.yaml"}, "eventgen: read the document: open none.yaml"},
		{[]string{"-out", "a", "-test", "b", "bad.yaml"}, "eventgen: bad.yaml: the component Event has no mapping"},
		{[]string{"-out", "no/a", "-test", "no/b", "events.yaml"}, "eventgen: write no/"},
	} {
		dir := t.TempDir()
		for name, text := range map[string]string{"events.yaml": aDocument, "bad.yaml": "a: b\n"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		stderr, err := commandtest.Run(t, dir, c.args...)
		if err == nil || err.Error() != "exit status 1" || !strings.HasPrefix(stderr, c.want) {
			t.Errorf("%v: got %v: %s, want 1 and %s", c.args, err, stderr, c.want)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
			t.Errorf("%v: got %v and %v, want no file", c.args, entries, err)
		}
	}
}

package generator_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/generator"
)

func run(dir string, fails error, args ...string) (stderr string, err error) {
	flags := flag.NewFlagSet("shout", flag.ContinueOnError)
	out := flags.String("out", "", "`file` to write")
	copied := flags.String("copy", "", "`file` to write too")
	var b bytes.Buffer
	for i, arg := range args {
		args[i] = strings.ReplaceAll(arg, "DIR", dir)
	}
	err = generator.Run(flags, args, &b, func(document []byte) (generator.Files, error) {
		return generator.Files{*out: bytes.ToUpper(document), *copied: document}, fails
	})
	return b.String(), err
}

func TestFilesAreWrittenFromTheDocument(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "api.yaml", "openapi: 3.1.1")
	if stderr, err := run(dir, nil, "-out", "DIR/out", "-copy", "DIR/copy", "DIR/api.yaml"); err != nil || stderr != "" {
		t.Fatalf("got %v and %q", err, stderr)
	}
	for file, want := range map[string]string{"out": "OPENAPI: 3.1.1", "copy": "openapi: 3.1.1"} {
		if got, err := os.ReadFile(filepath.Join(dir, file)); err != nil || string(got) != want {
			t.Errorf("%s: got %q and %v, want %q", file, got, err, want)
		}
	}
}

func TestNothingIsWrittenAfterAnError(t *testing.T) {
	t.Parallel()
	broken := errors.New("line 3: broken")
	for want, c := range map[string]struct {
		fails error
		args  []string
	}{
		"missing -copy, -out":                 {nil, []string{"DIR/api.yaml"}},
		"missing -copy":                       {nil, []string{"-out", "DIR/out", "DIR/api.yaml"}},
		"want one OpenAPI document, got []":   {nil, []string{"-out", "DIR/out", "-copy", "DIR/copy"}},
		`want one OpenAPI document, got ["a"`: {nil, []string{"-out", "DIR/out", "-copy", "DIR/copy", "a", "b"}},
		"flag provided but not defined: -x":   {nil, []string{"-x"}},
		"read the document: open ":            {nil, []string{"-out", "DIR/out", "-copy", "DIR/copy", "DIR/none.yaml"}},
		"DIR/api.yaml: line 3: broken":        {broken, []string{"-out", "DIR/out", "-copy", "DIR/copy", "DIR/api.yaml"}},
		"write DIR/no/out: open DIR/no/out: ": {nil, []string{"-out", "DIR/no/out", "-copy", "DIR/no/out", "DIR/api.yaml"}},
	} {
		dir := t.TempDir()
		write(t, dir, "api.yaml", "openapi: 3.1.1")
		_, err := run(dir, c.fails, c.args...)
		if want = strings.ReplaceAll(want, "DIR", dir); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("%s: got %v and %v, want the document alone", want, entries, err)
		}
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

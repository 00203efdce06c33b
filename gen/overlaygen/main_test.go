package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunWritesAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "api.yaml"), filepath.Join(dir, "overlay.yaml")
	if err := os.WriteFile(in, []byte("a: {type: [string, 'null'], x-clearable: true}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{"-out", out, in}, new(bytes.Buffer)); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(out); err != nil || !strings.Contains(string(got), "nullable.Nullable[string]") {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestRunRejects(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "api.yaml"), filepath.Join(dir, "overlay.yaml")
	if err := os.WriteFile(in, []byte("a: {x-clearable: 1}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"missing -out":                  {in},
		"one OpenAPI document, got":     {"-out", out},
		"flag provided but not defined": {"-x"},
		"read the document":             {"-out", out, in + "x"},
		"x-clearable: want true":        {"-out", out, in},
	} {
		if err := run(args, new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got the error %v, want %q in it", args, err, want)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a refused run wrote its file")
	}
}

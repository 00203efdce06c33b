package layout_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file holds one concept, which fits on a few screens.
const longest = 400 // lines of a file that is written by hand

func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	files := 0
	err := filepath.WalkDir("../../..", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == "node_modules" {
			return filepath.SkipDir
		}
		generated := strings.HasSuffix(file, ".gen.go") || strings.HasSuffix(file, "_gen_test.go")
		if entry.IsDir() || filepath.Ext(file) != ".go" || generated {
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		files++
		if lines := bytes.Count(text, []byte("\n")); lines > longest {
			t.Errorf("%s has %d lines, want at most %d", file, lines, longest)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 300 {
		t.Errorf("got %d files, want those of the whole repository", files)
	}
}

// A package whose files are many is several packages. The limits are of files that are written by hand, without tests.
func TestPackagesAreSmall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path         string
		files, lines int // 0: no limit
	}{
		{path: "mcpadapter", files: 35},
		{path: "examples/workos-mcp", lines: 300}, // all else is for a server of any API
	} {
		files, lines := 0, 0
		list, err := filepath.Glob(filepath.Join("../../..", c.path, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range list {
			if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, ".gen.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			files++
			lines += bytes.Count(text, []byte("\n"))
		}
		switch {
		case files == 0:
			t.Errorf("%s has no files", c.path)
		case c.files > 0 && files > c.files:
			t.Errorf("%s has %d files, want at most %d", c.path, files, c.files)
		case c.lines > 0 && lines > c.lines:
			t.Errorf("%s has %d lines, want at most %d", c.path, lines, c.lines)
		}
	}
}

// A test of the core bears the name of the file that it tests, alone or with another word behind it.
func TestTestsOfTheCoreStandBesideWhatTheyTest(t *testing.T) {
	t.Parallel()
	list, err := filepath.Glob("../../../mcpadapter/*.go")
	if err != nil {
		t.Fatal(err)
	}
	beside := map[string]bool{"helper": true}
	for _, file := range list {
		if !strings.HasSuffix(file, "_test.go") {
			beside[strings.TrimSuffix(filepath.Base(file), ".go")] = true
		}
	}
	for _, file := range list {
		name, isTest := strings.CutSuffix(filepath.Base(file), "_test.go")
		found := !isTest
		for ; !found && name != ""; name = name[:max(0, strings.LastIndexByte(name, '_'))] {
			found = beside[name]
		}
		if !found {
			t.Errorf("%s stands beside no file that it tests", file)
		}
	}
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The sizes in the documents are those that this command prints. What is rounded there is rounded to thousands or tens.
func TestDocumentsHaveTheseSizes(t *testing.T) {
	direct, few := listed(t, "direct"), listed(t, dynamic)
	all, allDynamic := totalOf(t, direct), totalOf(t, few)
	catalogue, err := tokens(few.catalogue)
	if err != nil {
		t.Fatal(err)
	}
	rounded := fmt.Sprintf("for %d tokens instead of %s", (allDynamic+5)/10*10, grouped((all+500)/1000*1000))
	for file, wants := range map[string][]string{
		"README.md":      {rounded},
		"docs/server.md": {rounded},
		"docs/figures.md": {
			fmt.Sprintf("| %s tokens (o200k), %d kB |", grouped(all), (listBytes(direct.tools)+500)/1000),
			fmt.Sprintf("| %d tokens (o200k); %s |", allDynamic, grouped(catalogue[0])),
		},
	} {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s does not say %q", file, want)
			}
		}
	}
}

// What the README compares is what docs/figures.md has.
func TestReadmeComparesMeasuredFigures(t *testing.T) {
	read := func(file string) string {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	_, table, ok := strings.Cut(read("README.md"), "<!-- compared -->\n")
	table, _, ended := strings.Cut(table, "<!-- end -->")
	if !ok || !ended {
		t.Fatal("README.md has no table between <!-- compared --> and <!-- end -->")
	}
	figures := read("docs/figures.md")
	rows := regexp.MustCompile(`(?m)^\| (.+?) \| (.+?) \| (.+) \|$`).FindAllStringSubmatch(table, -1)
	if len(rows) < 3 { // names of columns, and two rows
		t.Fatalf("the table has %d rows", len(rows))
	}
	for _, row := range rows[1:] {
		if strings.HasPrefix(row[1], "---") {
			continue
		}
		for _, number := range regexp.MustCompile(`\d[\d,.]*( (×|MiB|MB|µs|ms|%))?`).FindAllString(row[2], -1) {
			if !strings.Contains(figures, number) {
				t.Errorf("%s: docs/figures.md has no %q", row[1], number)
			}
		}
		if command := strings.Trim(row[3], "` "); !strings.Contains(figures, command) {
			t.Errorf("%s: docs/figures.md has no command %q", row[1], command)
		}
	}
}

func totalOf(t *testing.T, l listing) int {
	t.Helper()
	costs, err := count(l.tools)
	if err != nil {
		t.Fatal(err)
	}
	return costs[len(costs)-1].all
}

// grouped writes a number with commas between thousands.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

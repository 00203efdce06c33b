package client

import (
	"os"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
)

func TestVersionIsThatOfTheBuild(t *testing.T) {
	t.Parallel()
	const other = "path\texample.com/acme\nmod\texample.com/acme\tv9.9.9\n"
	for _, c := range []struct{ name, build, want string }{
		{"dependency", other + "dep\t" + modulePath + "\tv0.3.1\th1:x\n", "0.3.1"},
		{"pseudo-version", other + "dep\t" + modulePath + "\tv0.3.2-0.20261129050000-0123456789ab\th1:x\n",
			"0.3.2-0.20261129050000-0123456789ab"},
		{"module with the path as a prefix", other + "dep\t" + modulePath + "/x\tv0.3.1\th1:x\n", development},
		{"fork", other + "dep\t" + modulePath + "\tv0.3.1\n=>\texample.com/fork\tv0.4.0\th1:x\n", "0.4.0"},
		{"local directory", other + "dep\t" + modulePath + "\tv0.3.1\n=>\t../workos\t(devel)\t\n", development},
		{"program of the module", "mod\t" + modulePath + "\tv0.5.0\th1:x\n", "0.5.0"},
		{"work tree", "mod\t" + modulePath + "\t(devel)\t\n", development},
		{"no module", other, development},
	} {
		info, err := debug.ParseBuildInfo(c.build)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := versionOf(info); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	if got := versionOf(nil); got != development {
		t.Errorf("without build information: got %s, want %s", got, development)
	}
}

// TestDevelopmentVersionIsTheNextRelease holds the version to the heading on top of the changelog.
func TestDevelopmentVersionIsTheNextRelease(t *testing.T) {
	t.Parallel()
	changelog, err := os.ReadFile("../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	heading := regexp.MustCompile(`(?m)^## (\d+\.\d+\.\d+) \((unreleased|\d{4}-\d\d-\d\d)\)$`).FindStringSubmatch(string(changelog))
	if heading == nil || heading[1] != strings.TrimSuffix(development, "-devel") {
		t.Errorf("got the heading %q, want that of %s", heading, development)
	}
}

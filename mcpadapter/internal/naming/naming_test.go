package naming_test

import (
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/naming"
)

// tail is what a name that was shortened ends in.
func tail(id string) string { return fmt.Sprintf("_%04x", crc32.ChecksumIEEE([]byte(id))>>16) }

func TestNamesAreShortenedAtTheirLimitAndNotBefore(t *testing.T) {
	t.Parallel()
	x := func(n int) string { return strings.Repeat("x", n) }
	for _, c := range []struct{ name, want string }{
		{"", ""}, {x(51), x(51)}, {x(52), x(46) + tail(x(52))},
		// Of a word without an abbreviation four characters stay, from the left and no more than needed.
		{"aaaaaa_bbbbbb_" + x(38), "aaaa_bbbb_" + x(36) + tail("aaaaaa_bbbbbb_"+x(38))},
		{"aaaaaa_bb_" + x(39) + "_zz", "aaaa_bb_xxxx_zz" + tail("aaaaaa_bb_"+x(39)+"_zz")},
		// The last word stays whole while it can.
		{"a_" + x(60), "a_" + x(44) + tail("a_"+x(60))},
	} {
		if got := naming.Shorten(c.name, 51, c.name); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	if got, want := naming.Shorten(x(52), 51, "id"), x(46)+tail("id"); got != want {
		t.Errorf("got %s, want the checksum of the ID: %s", got, want)
	}
}

func TestEachWordHasItsAbbreviation(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"administrators": "admins", "application": "app", "applications": "apps", "assignment": "assign",
		"assignments": "assigns", "attribute": "attr", "attributes": "attrs", "authentication": "authn",
		"authorization": "auth", "configuration": "config", "configurations": "configs", "credential": "cred",
		"credentials": "creds", "directories": "dirs", "directory": "dir", "environment": "env", "environments": "envs",
		"integration": "integ", "integrations": "integs", "management": "mgmt", "membership": "member",
		"memberships": "members", "organization": "org", "organizations": "orgs", "permission": "perm",
		"permissions": "perms", "verification": "verif",
	} {
		last := strings.Repeat("z", 46-2*len(want+"_")) // leaves room for two abbreviations and the checksum
		name := word + "_" + word + "_" + last
		if got := naming.Shorten(name, 51, name); got != want+"_"+want+"_"+last+tail(name) {
			t.Errorf("%s: got %s, want it as %s", word, got, want)
		}
	}
}

func TestNamesThatMCPAllows(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"A", "Z", "a", "z", "0", "9", "_", "-", ".", strings.Repeat("a", naming.Limit)} {
		if !naming.Valid(name) || strings.Trim(name, "_") != naming.Sanitize(name) {
			t.Errorf("%q: got %t and %q, want it as it is", name, naming.Valid(name), naming.Sanitize(name))
		}
	}
	long := strings.Repeat("plain", 30)
	for name, want := range map[string]string{
		"": "", "@": "", "[": "", "`": "", "{": "", "/": "", ":": "", ",": "", " ": "", "\x00": "", "é": "",
		"a/": "a", "/a": "a", "a b": "a_b", "/p l:a#in!": "p_l_a_in", "a??b": "a_b", long: long[:119] + "_00bcebd4",
	} {
		if got := naming.Sanitize(name); naming.Valid(name) || got != want {
			t.Errorf("%q: got %t and %q, want %q", name, naming.Valid(name), got, want)
		}
	}
}

func TestNamesOfArguments(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 70)
	for name, want := range map[string]string{
		"When": "When", "When<": "When_lt", "When>": "When_gt", "ids[]": "ids", "$top": "top", "filter[a b]": "filter_a_b",
		"é": "argument", "": "argument", long[:64]: long[:64], long: long[:55] + "_2b818143",
	} {
		if got := naming.Argument(name); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
}

package serve

import (
	"strings"
	"testing"
)

func TestAWrongFileIsRefusedWithItsLine(t *testing.T) {
	s := newStore(t)
	for _, c := range []struct{ text, want string }{
		{"max-call: 3\n", `:1: unknown setting "max-call"; did you mean max-calls?`},
		{"rate: 1\n\nreadonly: true\n", `:3: unknown setting "readonly"; did you mean read-only?`},
		{"config: x\n", `:1: unknown setting "config"`},
		{"zzzzzzzzz: x\n", `:1: unknown setting "zzzzzzzzz": want the name of a flag, without dashes, such as read-only`},
		{"[a]: x\n", ":1: unknown setting: want the name of a flag"},
		{"rate: 1\nrate: 2\n", ":2: rate is set already, in line 1"},
		{"rate:\n", ":1: rate: has no value"},
		{"deny: []\n", ":1: deny: the list is empty"},
		{"deny: ['']\n", ":1: deny: the list has an empty entry"},
		{"rate: {a: 1}\n", ":1: rate: want a value, or a list of values"},
		{"deny: [[a]]\n", ":1: deny: want a value, or a list of values"},
		{"a: &x 1\nrate: *x\n", ":1: unknown setting"},
		{"- rate\n", ":1: want a mapping of settings"},
		{"rate: 1\n---\nrate: 2\n", ": want one document"},
		{"rate: [1\n", "line 1"},
		{"max-elements: many\n", ":1: max-elements: invalid value \"many\": want a number such as 10"},
		{"mode: odd\n", ":1: mode: "},
		{strings.Repeat("#", maxCredential+1), "has more than"},
	} {
		file := written(t, "settings.yaml", c.text)
		code, stdout, stderr := printed(t, s.api(), nil, "--config", file, "tool", "call", "teas.list")
		if code != ExitUsage || stdout != "" || !strings.Contains(stderr, file) || !strings.Contains(stderr, c.want) ||
			s.requests.Load() > 0 {
			t.Errorf("%.40q: got %d %s%s and %d requests, want %q", c.text, code, stdout, stderr, s.requests.Load(), c.want)
		}
	}
	if code, _, stderr := printed(t, s.api(), nil, "--config", "nowhere.yaml", "tool", "list"); code != ExitUsage ||
		!strings.Contains(stderr, "--config: ") || !strings.Contains(stderr, "nowhere.yaml") {
		t.Errorf("got %d %s, want the file that is missing", code, stderr)
	}
	for _, text := range []string{"", "# nothing\n", "addr: 127.0.0.1:0\nallow-host: [a, b]\n"} {
		file := written(t, "settings.yaml", text)
		if code, _, stderr := printed(t, s.api(), nil, "--config", file, "tool", "list"); code != ExitOK {
			t.Errorf("%q: got %d %s, want it accepted, also by a command without these flags", text, code, stderr)
		}
	}
}

// What config prints is a file with the same settings.
func TestTheSettingsInForceAreAFile(t *testing.T) {
	s := newStore(t)
	environ := []string{
		"SHOP_MCP_STORE=redis://user:hunter2pass@h/0?password=hunter3pass", "SHOP_MCP_ALLOW_ORIGIN=https://a.example https://b.example",
		"SHOP_MCP_CONFIRM_KEY=0123456789abcdef0123456789abcdef",
	}
	code, stdout, stderr := printed(t, s.api(), environ, "config", "--deny", "*.delete,x.*", "--max-calls=9")
	if code != ExitOK {
		t.Fatalf("got %d %s", code, stderr)
	}
	for _, secret := range []string{"hunter", "0123456789abcdef"} {
		if strings.Contains(stdout, secret) {
			t.Errorf("got %s, want no secret", stdout)
		}
	}
	for _, part := range []string{
		"# SHOP_MCP_ALLOW_ORIGIN\nallow-origin: ['https://a.example', 'https://b.example']\n", "max-calls: 9 # flag\n",
		"deny: '*.delete,x.*' # flag\n", "rate: 0 # default\n", "addr: 127.0.0.1:8080 # default\n",
	} {
		if !strings.Contains(stdout, part) {
			t.Errorf("got %s, want %q", stdout, part)
		}
	}
	file := written(t, "settings.yaml", stdout)
	code, again, stderr := printed(t, s.api(), nil, "config", "--config", file)
	if code != ExitOK || !strings.Contains(again, "max-calls: 9 # "+file) || !strings.Contains(again, `deny is "*.delete,x.*"`) {
		t.Errorf("got %d %s%s, want the same settings from the file", code, again, stderr)
	}
}

// A file of what config prints permits what the sources do together, as far as one list of globs can say that.
func TestFiltersInForceAreThoseOfAllSources(t *testing.T) {
	s := newStore(t)
	environ := []string{
		"SHOP_MCP_READ_ONLY=1", "SHOP_MCP_TOOLSETS=teas,orders", "SHOP_MCP_DENY=*.delete", "SHOP_MCP_ALLOW=teas.*,orders.*",
	}
	args := []string{"config", "--toolsets", "orders,baskets", "--deny", "*.create", "--allow", "*.list"}
	const (
		readOnly = "read-only: true # SHOP_MCP_READ_ONLY is \"1\"\n"
		toolsets = "toolsets: orders # flag; SHOP_MCP_TOOLSETS is \"teas,orders\"\n"
		deny     = "deny: '*.create,*.delete' # flag; SHOP_MCP_DENY is \"*.delete\"\n"
		allow    = "allow: '*.list' # flag; SHOP_MCP_ALLOW is \"teas.*,orders.*\"\n"
	)
	code, stdout, stderr := printed(t, s.api(), environ, args...)
	for _, part := range []string{readOnly, toolsets, deny, allow} {
		if code != ExitOK || !strings.Contains(stdout, part) {
			t.Errorf("got %d %s%s, want %q", code, stdout, stderr, part)
		}
	}
	for range 2 { // also of a file that is itself printed
		_, stdout, stderr = printed(t, s.api(), nil, "config", "--config", written(t, "settings.yaml", stdout))
		for _, part := range []string{"read-only: true #", "toolsets: orders #", "deny: '*.create,*.delete' #", "allow: '*.list' #"} {
			if !strings.Contains(stdout, part) {
				t.Errorf("got %s%s, want %q", stdout, stderr, part)
			}
		}
	}
	code, stdout, stderr = printed(t, s.api(), []string{"SHOP_MCP_READ_ONLY=yes"}, "config")
	if code != ExitUsage || stdout != "" || !strings.Contains(stderr, `SHOP_MCP_READ_ONLY: invalid value "yes": want true or false`) {
		t.Errorf("got %d %q %q, want the value refused", code, stdout, stderr)
	}
}

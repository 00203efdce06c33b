package main

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

// clientFiles are where the clients have their configuration below the home directory, on systems other than macOS and
// Windows.
var clientFiles = map[string]string{
	"claude-desktop": ".config/Claude/claude_desktop_config.json",
	"codex":          ".codex/config.toml",
	"copilot-cli":    ".copilot/mcp-config.json",
	"cursor":         ".cursor/mcp.json",
	"gemini-cli":     ".gemini/settings.json",
	"opencode":       ".config/opencode/opencode.json",
	"windsurf":       ".codeium/windsurf/mcp_config.json",
	"zed":            ".config/zed/settings.json",
}

const secret = "sk_test_very_secret_1"

func TestInitWritesOnlyTheEntryOfTheServer(t *testing.T) {
	for client, name := range clientFiles {
		home := t.TempDir()
		file := filepath.Join(home, name)
		if client == "claude-desktop" {
			file = filepath.Join(home, "desktop.json") // its place differs by system
		}
		init := func(args ...string) outcome {
			if client == "claude-desktop" {
				args = append(args, "--file", file)
			}
			return execute(t, map[string]string{"HOME": home, "WORKOS_API_KEY": secret}, "",
				append([]string{"--read-only", "init", client}, args...)...)
		}
		if o := init("--print"); o.code != exitOK || !strings.Contains(o.stdout, "--read-only") {
			t.Errorf("%s: --print: got %+v", client, o)
		}
		if o := init("--dry-run"); o.code != exitOK || !strings.Contains(o.stdout, file+" would be:\n") {
			t.Errorf("%s: --dry-run: got %+v", client, o)
		}
		if left, err := os.ReadDir(home); err != nil || len(left) > 0 {
			t.Errorf("%s: --print and --dry-run left %v, %v", client, left, err)
		}
		// Clients take the last member of a name.
		old := `{"z": [1, 2.50], "mcpServers": {"overridden": {}}, "mcpServers": {"other": {"command": "x"}}, "a": "ä<&>"}`
		if client == "codex" {
			old = "# mine\nmodel = \"m\"\n[mcp_servers.other]\ncommand = \"x\"\n"
		}
		write(t, file, old)
		if o := init(); o.code != exitOK || !strings.Contains(o.stdout, "wrote "+file) {
			t.Errorf("%s: got %+v", client, o)
		}
		text := read(t, file)
		if backup := read(t, file+".bak"); backup != old {
			t.Errorf("%s: backup: got %s", client, backup)
		}
		if strings.Contains(text, secret) {
			t.Errorf("%s: the file has the key", client)
		}
		if client == "codex" {
			if !strings.HasPrefix(text, old) || !strings.Contains(text, "\n[mcp_servers.workos]\n") {
				t.Errorf("%s: got %s", client, text)
			}
		} else {
			checkMerged(t, client, text)
		}
		if o := init(); !strings.Contains(o.stdout, "has this entry already") || read(t, file) != text {
			t.Errorf("%s: again: got %+v", client, o)
		}
	}
}

func checkMerged(t *testing.T, client, text string) {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal([]byte(text), &root); err != nil {
		t.Fatalf("%s: %v: %s", client, err, text)
	}
	others, _ := root["mcpServers"].(map[string]any)
	if root["a"] != "ä<&>" || others["other"] == nil || !strings.Contains(text, "2.50") ||
		!strings.HasPrefix(text, "{\n  \"z\": [") || !strings.Contains(text, `"workos": {`) {
		t.Errorf("%s: got %s, want all that was there, in its order, and the server", client, text)
	}
}

func TestInitRefusesWhatItCannotKeep(t *testing.T) {
	home := t.TempDir()
	env := map[string]string{"HOME": home}
	for name, c := range map[string]struct{ client, file, old, want string }{
		"comments":      {"cursor", ".cursor/mcp.json", "{} // mine", "it may have comments, which would be lost"},
		"a list":        {"zed", ".config/zed/settings.json", "[]", "the file is no JSON object"},
		"a wrong type":  {"gemini-cli", ".gemini/settings.json", `{"mcpServers": 1}`, `"mcpServers" is no object`},
		"another table": {"codex", ".codex/config.toml", "[mcp_servers.workos]\ncommand = \"x\"\n", "another [mcp_servers.workos]"},
	} {
		file := filepath.Join(home, c.file)
		write(t, file, c.old)
		o := execute(t, env, "", "init", c.client)
		if o.code != exitFailed || !strings.Contains(o.stderr, c.want) || !strings.Contains(o.stderr, "nothing was written") {
			t.Errorf("%s: got %+v, want %s", name, o, c.want)
		}
		if read(t, file) != c.old {
			t.Errorf("%s: the file was changed", name)
		}
	}
	for args, want := range map[string]string{
		"init":                   "expected one client after init: claude-code, claude-desktop",
		"init cursr":             `unknown client "cursr"; did you mean cursor?`,
		"init qqqq":              "want claude-code, claude-desktop, codex",
		"init cursor --name a.b": `--name: invalid name "a.b"`,
	} {
		if o := execute(t, env, "", strings.Fields(args)...); o.code != exitUsage || !strings.Contains(o.stderr, want) {
			t.Errorf("%s: got %+v, want %s", args, o, want)
		}
	}
}

// The client starts the server in a directory of its own.
func TestInitNamesFilesFromTheRoot(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, filepath.Join(dir, "c.yaml"), "read-only: true\n")
	for flag, want := range map[string]string{
		"--sandbox=state.json":                       "--sandbox=" + filepath.Join(dir, "state.json"),
		"--sandbox=http://127.0.0.1:4100":            "--sandbox=http://127.0.0.1:4100",
		"--sandbox":                                  "--sandbox",
		"--audit-log=audit.log":                      "--audit-log=" + filepath.Join(dir, "audit.log"),
		"--audit-log=stderr":                         "--audit-log=stderr",
		"--config=c.yaml":                            "--config=" + filepath.Join(dir, "c.yaml"),
		"--interpreter=" + filepath.Join("b", "qjs"): "--interpreter=" + filepath.Join(dir, "b", "qjs"),
		"--interpreter=qjs":                          "--interpreter=qjs", // of PATH
	} {
		o := execute(t, map[string]string{"HOME": dir}, "", flag, "init", "cursor", "--print")
		var got struct {
			MCPServers struct{ WorkOS struct{ Args []string } }
		}
		if err := json.Unmarshal([]byte(o.stdout), &got); err != nil || !slices.Contains(got.MCPServers.WorkOS.Args, want) {
			t.Errorf("%s: got %+v, %v, want %s", flag, o, err, want)
		}
	}
}

func TestInitReplacesOnlyFilesThatTheUserMayWrite(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	init := func(name string) outcome { return execute(t, nil, "", "init", "cursor", "--file", name) }
	socket, err := new(net.ListenConfig).Listen(t.Context(), "unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Skip(err)
	}
	for _, name := range []string{dir, socket.Addr().String()} {
		if o := init(name); o.code != exitFailed || !strings.Contains(o.stderr, name+" is not a regular file") {
			t.Errorf("%s: got %+v, want it refused", name, o)
		}
	}
	_ = socket.Close() // which removes it
	write(t, file, "{}")
	if err := os.Chmod(file, 0o444); err != nil {
		t.Fatal(err)
	}
	if o := init(file); o.code != exitFailed || !strings.Contains(o.stderr, "is read-only") || read(t, file) != "{}" {
		t.Errorf("a read-only file: got %+v and %s, want it as it was", o, read(t, file))
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("got %v, %v, want nothing written", left, err)
	}
	if err := os.Symlink("later", link); err != nil {
		t.Skip(err)
	}
	o := init(link)
	if info, err := os.Lstat(link); err != nil || info.Mode().IsRegular() || o.code != exitOK {
		t.Errorf("a link: got %+v, %v, want it to stay", o, err)
	}
	write(t, filepath.Join(dir, "later"), "\xef\xbb\xbf{\"a\": 1}")
	if o := init(link); o.code != exitOK || !json.Valid([]byte(read(t, link))) || !strings.Contains(read(t, link), `"a": 1`) {
		t.Errorf("a byte order mark: got %+v and %s, want it ignored", o, read(t, link))
	}
}

// A table that occurs twice makes a file of TOML invalid, and Codex does not start with it.
func TestInitAddsNoTableTwice(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.toml")
	for old, added := range map[string]bool{
		"[mcp_servers]\nworkos = { command = \"x\" }\n":         false,
		"[mcp_servers]\n  workos.command = \"x\"\n":             false,
		"mcp_servers.workos.command = \"x\"\n":                  false,
		"mcp_servers = { other = { command = \"x\" } }\n":       false,
		"[mcp_servers.'workos']\ncommand = \"x\"\n":             false,
		"[ \"mcp_servers\" . workos ]\ncommand = \"x\"\n":       false,
		"\xef\xbb\xbf[mcp_servers.workos.env]\r\nA = \"b\"\r\n": false,
		"# [mcp_servers.workos]\nmodel = \"workos = x\"\n":      true,
		"mcp_servers.other.command = \"x\"\n":                   true,
		"[mcp_servers]\nother = { command = \"workos\" }\n":     true,
		"[mcp_servers.workos2]\r\ncommand = \"x\"\r\n":          true,
	} {
		write(t, file, old)
		o := execute(t, nil, "", "init", "codex", "--file", file)
		text := read(t, file)
		if added != strings.Contains(text, "\n\n[mcp_servers.workos]\n") || added != (o.code == exitOK) || !added && text != old {
			t.Errorf("%q: got %+v and %q, want it added: %t", old, o, text, added)
		}
	}
}

func TestInitWritesKeysOnlyIfAsked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "zed", "settings.json")
	env := map[string]string{"HOME": "/nowhere", "WORKOS_API_KEY": secret}
	o := execute(t, env, "", "init", "zed", "--file", file)
	if text := read(t, file); strings.Contains(text, secret) || !strings.Contains(text, "REPLACE_ME") ||
		!strings.Contains(o.stderr, "replace REPLACE_ME of WORKOS_API_KEY") {
		t.Errorf("got %s and %+v, want a placeholder", text, o)
	}
	execute(t, env, "", "init", "zed", "--file", file, "--write-keys")
	if text := read(t, file); !strings.Contains(text, secret) {
		t.Errorf("--write-keys: got %s, want the key", text)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v; want a file for the user alone", info.Mode(), err)
	}
	execute(t, env, "", "--sandbox", "init", "zed", "--file", file)
	if text := read(t, file); strings.Contains(text, "WORKOS_API_KEY") || !strings.Contains(text, "--sandbox") {
		t.Errorf("--sandbox: got %s, want no key", text)
	}
}

func TestDoctor(t *testing.T) {
	u := newUpstream(t, answer(`{"object":"list","data":[],"list_metadata":{}}`))
	for name, c := range map[string]struct {
		env  map[string]string
		args string
		code int
		want []string
	}{
		"healthy": {
			map[string]string{"WORKOS_API_KEY": secret, "WORKOS_BASE_URL": u.URL, "HTTPS_PROXY": "http://u:pw@proxy.test:1"}, "", exitOK,
			[]string{"21 characters, staging", "organizations.list succeeds", "agrees with the server's", "go through proxy.test:1", "Claude Code"},
		},
		"no key":     {nil, "--offline", exitFailed, []string{"WORKOS_API_KEY", "not set", "1 problem found"}},
		"sandbox":    {nil, "--sandbox", exitOK, []string{"not needed"}},
		"quotes":     {map[string]string{"WORKOS_API_KEY": `"` + secret + `"`}, "--offline", exitFailed, []string{"has quotes"}},
		"line break": {map[string]string{"WORKOS_API_KEY": secret + "\n"}, "--offline", exitFailed, []string{"line breaks"}},
		"client ID":  {map[string]string{"WORKOS_API_KEY": "client_01"}, "--offline", exitFailed, []string{"belongs in WORKOS_CLIENT_ID"}},
		"a header":   {map[string]string{"WORKOS_API_KEY": "Bearer " + secret}, "--offline", exitFailed, []string{"remove the word"}},
		"a key as ID": {
			map[string]string{"WORKOS_API_KEY": secret, "WORKOS_CLIENT_ID": secret}, "--offline", exitFailed,
			[]string{"an API key belongs in WORKOS_API_KEY"},
		},
		"a proxy whose password is not escaped": {
			map[string]string{"WORKOS_API_KEY": secret, "HTTPS_PROXY": "http://u:p%w@proxy.test:1"}, "--offline", exitOK,
			[]string{"HTTPS_PROXY", "requests may be sent without the proxy", "%2F"},
		},
		"no HTTPS_PROXY": {
			map[string]string{"WORKOS_API_KEY": secret, "HTTP_PROXY": "http://u:pw@proxy.test:1"}, "--offline", exitOK,
			[]string{"HTTP_PROXY", "is not used for https requests", "set HTTPS_PROXY"},
		},
		"exceptions": {
			map[string]string{"WORKOS_API_KEY": secret, "HTTPS_PROXY": "http://proxy.test:1", "NO_PROXY": ".test"}, "--offline",
			exitOK, []string{"but for the hosts of NO_PROXY"},
		},
		"no certificates": {
			map[string]string{"WORKOS_API_KEY": secret, "SSL_CERT_FILE": "/no/such/file"}, "--offline", exitOK,
			[]string{"SSL_CERT_FILE", "no such file", "unset it"},
		},
		"placeholder": {map[string]string{"WORKOS_API_KEY": "sk_…"}, "--offline", exitFailed, []string{"beyond ASCII"}},
		"another key": {map[string]string{"WORKOS_API_KEY": "pk_test_1"}, "--offline", exitOK, []string{"begins with none of sk_"}},
		"misspelt":    {map[string]string{"WORKOS_APIKEY": secret}, "--offline", exitFailed, []string{"WORKOS_APIKEY", "rename it to WORKOS_API_KEY"}},
		"base URL":    {map[string]string{"WORKOS_API_KEY": secret, "WORKOS_BASE_URL": "nowhere"}, "--offline", exitFailed, nil},
		"unreachable": {
			map[string]string{"WORKOS_API_KEY": secret, "WORKOS_BASE_URL": "http://127.0.0.1:1"}, "", exitFailed,
			[]string{"failure  server", "check the network", "failure  credentials"},
		},
		"filters": {map[string]string{"WORKOS_API_KEY": secret}, "--offline --deny *", exitFailed, []string{"the filters together permit no operation"}},
	} {
		o := execute(t, c.env, "", append(strings.Fields(c.args), "doctor")...)
		if strings.Contains(c.args, "--offline") {
			o = execute(t, c.env, "", append([]string{"doctor"}, strings.Fields(c.args)...)...)
		}
		if o.code != c.code {
			t.Errorf("%s: got %d %s%s, want %d", name, o.code, o.stdout, o.stderr, c.code)
		}
		for _, want := range c.want {
			if !strings.Contains(o.stdout+o.stderr, want) {
				t.Errorf("%s: got %s%s, want %q", name, o.stdout, o.stderr, want)
			}
		}
		if strings.Contains(o.stdout+o.stderr, "very_secret") || strings.Contains(o.stdout+o.stderr, ":pw@") {
			t.Errorf("%s: the output has a secret: %s%s", name, o.stdout, o.stderr)
		}
	}
	o := execute(t, nil, "", "doctor", "--sandbox", "--json")
	var findings []struct{ Level, Check, Detail string }
	if err := json.Unmarshal([]byte(o.stdout), &findings); err != nil || len(findings) < 10 || o.code != serve.ExitOK {
		t.Errorf("--json: got %v and %+v", err, o)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

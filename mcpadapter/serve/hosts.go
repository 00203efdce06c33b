package serve

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// host is an MCP client and how it is configured. The facts are those of its documentation.
type host struct {
	name, title string
	client      string // in clientInfo
	// file is the path of its configuration below the home directory, or below the working directory.
	file    func(getenv func(string) string, os, home string) string
	project bool // whether the file is that of a project, which is usually committed
	under   string
	entry   func(launch) any
	toml    bool // the file is TOML; under and entry are not used
	// reference is how the file refers to an environment variable of the client; "": it cannot, and has the value.
	reference string
	// remote returns the entry of a server at a URL; nil: the client has none in its file.
	remote func(url string, headers object) any
	after  string // what else is to do
}

// launch is how a client starts the server.
type launch struct {
	url     string // not "": the server runs there, and the client does not start it
	command string
	args    []string
	env     []variable
}

type variable struct{ name, value string }

// object is a JSON object that is written in this order.
type object []member

func (o object) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err //nolint:wrapcheck // a string
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(m.value)
	}
	b.WriteByte('}')
	return []byte(b.String()), nil
}

// with returns the object with another member.
func (o object) with(name string, value any) object {
	text, err := json.Marshal(value)
	if err != nil { // of strings and lists of them
		text = []byte("null")
	}
	return append(o, member{name, text})
}

func (l launch) variables() object {
	o := object{}
	for _, v := range l.env {
		o = o.with(v.name, v.value)
	}
	return o
}

// common adds the members that most clients share.
func (l launch) common(o object) object {
	o = o.with("command", l.command).with("args", append([]string{}, l.args...))
	if len(l.env) > 0 {
		o = o.with("env", l.variables())
	}
	return o
}

func below(parts ...string) func(func(string) string, string, string) string {
	return func(_ func(string) string, _, home string) string {
		return filepath.Join(append([]string{home}, parts...)...)
	}
}

func claudeDesktop(getenv func(string) string, os, home string) string {
	const name = "claude_desktop_config.json"
	switch os {
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "Claude", name)
	case "windows":
		return filepath.Join(getenv("APPDATA"), "Claude", name)
	default:
		return filepath.Join(home, ".config", "Claude", name)
	}
}

func codexFile(getenv func(string) string, _, home string) string {
	if dir := getenv("CODEX_HOME"); dir != "" {
		return filepath.Join(dir, "config.toml")
	}
	return filepath.Join(home, ".codex", "config.toml")
}

// hosts returns the known clients in alphabetical order.
func hosts() []host {
	const servers = "mcpServers"
	addressAt := func(member string, o object) func(string, object) any {
		return func(url string, headers object) any {
			o := o.with(member, url)
			if len(headers) > 0 {
				o = o.with("headers", headers)
			}
			return o
		}
	}
	ofType := func(kind string) object { return object{}.with("type", kind) }
	plain := func(l launch) any { return l.common(nil) }
	typed := func(kind string) func(launch) any {
		return func(l launch) any { return l.common(object{}.with("type", kind)) }
	}
	return []host{
		{
			name: "claude-code", title: "Claude Code", client: "claude-code", project: true, under: servers,
			file: below(".mcp.json"), entry: typed("stdio"), reference: "${%s}", remote: addressAt("url", ofType("http")),
			after: "Start claude in this directory and approve the server.",
		},
		{
			name: "claude-desktop", title: "Claude Desktop", client: "claude-ai", under: servers,
			file: claudeDesktop, entry: plain, after: "Restart Claude Desktop.",
		},
		{name: "codex", title: "Codex", client: "codex-mcp-client", file: codexFile, toml: true, reference: "%s"},
		{
			name: "copilot-cli", title: "GitHub Copilot CLI", client: "github-copilot-developer", under: servers,
			file: below(".copilot", "mcp-config.json"), reference: "${%s}",
			remote: addressAt("url", ofType("http").with("tools", []string{"*"})),
			entry: func(l launch) any {
				return l.common(object{}.with("type", "local")).with("tools", []string{"*"})
			},
		},
		{
			name: "cursor", title: "Cursor", client: "cursor-vscode", under: servers,
			file: below(".cursor", "mcp.json"), entry: plain, reference: "${env:%s}", remote: addressAt("url", nil),
		},
		{
			name: "gemini-cli", title: "Gemini CLI", client: "gemini-cli-mcp-client", under: servers,
			file: below(".gemini", "settings.json"), entry: plain, reference: "$%s", remote: addressAt("httpUrl", nil),
		},
		{
			name: "opencode", title: "OpenCode", client: "opencode", under: "mcp",
			file: below(".config", "opencode", "opencode.json"), reference: "{env:%s}",
			remote: addressAt("url", ofType("remote").with("enabled", true)),
			entry: func(l launch) any {
				return object{}.with("type", "local").with("command", append([]string{l.command}, l.args...)).
					with("enabled", true).with("environment", l.variables())
			},
		},
		{
			name: "vscode", title: "VS Code", client: "Visual Studio Code", project: true, under: "servers",
			file: below(".vscode", "mcp.json"), entry: typed("stdio"), reference: "${env:%s}",
			remote: addressAt("url", ofType("http")),
			after:  "Start VS Code from a shell that has the variables, then run \"MCP: List Servers\".",
		},
		{
			name: "windsurf", title: "Windsurf", client: "windsurf", under: servers,
			file: below(".codeium", "windsurf", "mcp_config.json"), entry: plain, reference: "${env:%s}",
			remote: addressAt("serverUrl", nil),
		},
		{
			name: "zed", title: "Zed", client: "Zed", under: "context_servers",
			file: below(".config", "zed", "settings.json"), remote: addressAt("url", nil),
			entry: func(l launch) any { return l.common(object{}.with("source", "custom")) },
		},
	}
}

// tomlTable returns the table of Codex's configuration. Codex passes on the variables that env_vars names.
func tomlTable(server string, l launch) string {
	var b strings.Builder
	fmt.Fprintf(&b, "[mcp_servers.%s]\n", server)
	names := make([]string, len(l.env))
	for i, v := range l.env {
		names[i] = v.name
	}
	if l.url != "" {
		fmt.Fprintf(&b, "url = %s\n", strconv.Quote(l.url))
		if len(names) > 0 {
			fmt.Fprintf(&b, "bearer_token_env_var = %s\n", strconv.Quote(names[0]))
		}
		return b.String()
	}
	fmt.Fprintf(&b, "command = %s\nargs = %s\n", strconv.Quote(l.command), tomlList(l.args))
	if len(names) > 0 {
		fmt.Fprintf(&b, "env_vars = %s\n", tomlList(names))
	}
	return b.String()
}

// definition returns the entry of the server in the client's file.
func (h host) definition(l launch) (any, error) {
	if l.url == "" {
		return h.entry(l), nil
	}
	if h.remote == nil {
		return nil, fmt.Errorf("%s has no servers with a URL in its file: add it in the program's settings", h.title)
	}
	headers := object{}
	if len(l.env) > 0 {
		headers = headers.with("Authorization", "Bearer "+l.env[0].value)
	}
	return h.remote(l.url, headers), nil
}

// tomlList writes basic strings, whose escapes those of JSON are.
func tomlList(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = strconv.Quote(text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

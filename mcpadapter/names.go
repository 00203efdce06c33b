package mcpadapter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/naming"
)

// NameStyle is a way to write the names of tools. Clients get names in one style and may call tools by any. The zero
// value is [NamesDots]. As text, such as in a flag, the styles are dots, underscore and short.
type NameStyle int

// The styles of names. [New] fails if two operations have the same name, even in different styles.
const (
	// NamesDots is the operationId: at most 128 characters of [a-zA-Z0-9_.-].
	NamesDots NameStyle = iota
	// NamesUnderscore replaces '.' by '_': at most 64 characters of [a-zA-Z0-9_-].
	NamesUnderscore
	// NamesShort is for clients that prefix the name of the server and limit both together: at most 51 characters of
	// [a-zA-Z0-9_].
	NamesShort
)

// Limits of names, in characters.
const (
	// underscoreLimit is the limit for function names in the APIs of model providers.
	underscoreLimit = 64
	// shortLimit leaves room for mcp__server__ within 64 characters, and for server: within 60.
	shortLimit = 51
)

// String returns the style as text.
func (s NameStyle) String() string {
	switch s {
	case NamesDots:
		return "dots"
	case NamesUnderscore:
		return "underscore"
	case NamesShort:
		return "short"
	}
	return fmt.Sprintf("NameStyle(%d)", int(s))
}

// MarshalText returns the style as text.
func (s NameStyle) MarshalText() ([]byte, error) {
	if s < NamesDots || s > NamesShort {
		return nil, fmt.Errorf("workos/mcpadapter: invalid value %v", s)
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads what MarshalText writes and rejects everything else.
func (s *NameStyle) UnmarshalText(text []byte) error {
	for style := NamesDots; style <= NamesShort; style++ {
		if string(text) == style.String() {
			*s = style
			return nil
		}
	}
	return fmt.Errorf("workos/mcpadapter: unknown name style %q: want dots, underscore or short", text)
}

// Name returns the name of an operation in the style. It depends on the operationId alone: if a name is too long for
// the style, its words are abbreviated from the left, all but the last, and a checksum of the operationId is appended.
func (s NameStyle) Name(operationID string) string {
	name := operationID
	switch s {
	case NamesUnderscore:
		name = naming.Shorten(strings.ReplaceAll(name, ".", "_"), underscoreLimit, operationID)
	case NamesShort:
		name = naming.Shorten(strings.ReplaceAll(strings.ReplaceAll(name, ".", "_"), "-", "_"), shortLimit, operationID)
	case NamesDots:
	}
	return name
}

// clientRule is the style of names for clients whose name contains a part.
type clientRule struct {
	part  string // of the name in clientInfo or of the User-Agent, in lower case
	style NameStyle
}

// clientRules returns the rules for known clients. The first that matches applies.
func clientRules() []clientRule {
	return []clientRule{
		// Claude Code rewrites dots, but refuses a session in which mcp__server__tool has more than 64 characters:
		// https://github.com/anthropics/claude-code/issues/22327 and 19882. The User-Agent begins with its name:
		// https://github.com/TypingMind/typingmind-mcp/pull/25.
		{"claude-code", NamesShort},
		// Claude Desktop and claude.ai withhold all tools of a server if one name is not ^[a-zA-Z0-9_-]{1,64}$:
		// https://github.com/barryw/ImmichMCP/issues/4, https://github.com/evoila/meho/issues/2745. The desktop's name is
		// claude-ai, also behind mcp-remote: https://github.com/modelcontextprotocol/typescript-sdk/issues/179. The
		// connectors' is Anthropic/ClaudeAI: https://github.com/anthropics/claude-ai-mcp/issues/473. Their User-Agent is
		// Claude-User: https://github.com/anthropics/claude-ai-mcp/issues/975.
		{"claude-ai", NamesUnderscore},
		{"anthropic/", NamesUnderscore},
		{"claude-user", NamesUnderscore},
		// Copilot CLI (1.0.102) writes dashes for dots, cuts names at 64 characters and numbers those that then collide:
		// https://github.com/github/copilot-cli/issues/2581. Its older name is the second one:
		// https://github.com/github/copilot-cli/issues/1268.
		{"copilot-cli", NamesShort},
		{"github-copilot-developer", NamesShort},
		// OpenCode (1.18.33) puts the server's name in front and cuts nothing, so that APIs which take 64 characters end
		// the session: https://github.com/anomalyco/opencode/issues/3523.
		{"opencode", NamesShort},
		// Gemini CLI (0.61.0) cuts names in the middle to 63 characters.
		{"gemini-cli", NamesShort},
		// Codex passed names on to an API that takes [a-zA-Z0-9_-]; releases since then rewrite them, and cut
		// mcp__server__tool at 64 characters: https://github.com/openai/codex/issues/8174. Its name is that of the client in
		// https://github.com/openai/codex/tree/main/codex-rs, also in the User-Agent.
		{"codex-mcp-client", NamesShort},
		// Cursor leaves out tools whose names have anything but letters, digits and '_', or 60 characters together with the
		// server's: https://github.com/webstudio-is/webstudio/issues/5960 and
		// https://github.com/ComposioHQ/composio/issues/2788. It calls itself cursor-vscode, Cursor and cursor:
		// https://github.com/TianqiZhang/mcp-client-registry.
		{"cursor", NamesShort},
		// VS Code rewrites dots itself and copes with the length: https://github.com/microsoft/vscode/issues/308463.
		{"visual studio code", NamesDots},
		// The Inspector and mcporter show people the names as they are, and send them to no model. The Inspector calls
		// itself mcp-inspector or inspector-client.
		{"inspector", NamesDots},
		{"mcporter", NamesDots},
	}
}

// StyleFor returns the style of names for a client, by the name in its clientInfo or by its User-Agent. It is
// [NamesShort] unless the client is known to accept longer names or dots, because a name that a client or the API of
// its model rejects ends the session.
func StyleFor(client string) NameStyle {
	client = strings.ToLower(client)
	for _, rule := range clientRules() {
		if strings.Contains(client, rule.part) {
			return rule.style
		}
	}
	return NamesShort
}

// toolName returns the name of an operation's tool before duplicates are told apart: the operationId if it is a valid
// name, otherwise what is valid of it or of the method and the path.
func toolName(op *optable.Operation) string {
	if naming.Valid(op.ID) {
		return op.ID
	}
	if name := naming.Sanitize(op.ID); name != "" {
		return name
	}
	return naming.Sanitize(strings.ToLower(op.Method) + "_" + op.Path)
}

// name gives a tool a name that no other has in any style, and makes the tool available under it. A name that is taken
// gets a number.
func (a *Adapter) name(t *tool) {
	base := t.name
	for n := 2; !a.claim(t); n++ {
		t.name = base[:min(len(base), naming.Limit-len("_999"))] + "_" + strconv.Itoa(n)
	}
}

// claim makes a tool available under its name in every style, unless another tool has one of these names.
func (a *Adapter) claim(t *tool) bool {
	var names [NamesShort + 1]string
	for style := range names {
		names[style] = NameStyle(style).Name(t.name)
		if a.byName[names[style]] != nil {
			return false
		}
	}
	for _, name := range names {
		a.byName[name] = t
	}
	return true
}

// checkName returns why an operation cannot have its operationId as the name of its tool.
func (a *Adapter) checkName(op *optable.Operation) error {
	if !naming.Valid(op.ID) {
		return fmt.Errorf("operation %q: the name must be 1 to 128 characters of A-Z, a-z, 0-9, '_', '-' and '.'", op.ID)
	}
	for style := NamesDots; style <= NamesShort; style++ {
		name := style.Name(op.ID)
		switch other := a.byName[name]; {
		case other == nil:
		case other.operation.ID == op.ID:
			return fmt.Errorf("operation %q is in the table twice", op.ID)
		default:
			return fmt.Errorf("operations %q and %q have the same name %s", other.operation.ID, op.ID, name)
		}
	}
	return nil
}

// alias makes a tool available under its operationId as well, unless that is another tool's name.
func (a *Adapter) alias(t *tool) {
	if a.byName[t.operation.ID] == nil {
		a.byName[t.operation.ID] = t
	}
}

// remove withdraws the names of a tool.
func (a *Adapter) remove(t *tool) {
	maps.DeleteFunc(a.byName, func(_ string, other *tool) bool { return other == t })
}

// Directory presents the tools of an adapter to the clients of a server, for bindings to MCP libraries. The server has
// the tools registered under their own names, perhaps beside tools of other origin. The directory is immutable and safe
// for concurrent use if the function of its styles is.
type Directory struct {
	adapter *Adapter
	dynamic map[string]Tool
	style   func(client string) NameStyle
}

// Directory returns a directory whose clients get names in the style that the function returns for them, such as
// [StyleFor]. The function gets the name in clientInfo, or else the User-Agent, or "".
func (a *Adapter) Directory(style func(client string) NameStyle) *Directory {
	d := &Directory{adapter: a, dynamic: map[string]Tool{}, style: style}
	for _, t := range a.AllDynamicTools() {
		d.dynamic[t.Name()] = t
	}
	return d
}

// Entry is what a client gets of a tool, where that differs from what is registered.
type Entry struct {
	Name        string
	InputSchema json.RawMessage // nil: as registered
}

// Entry returns what a client gets of the tool that is registered under a name, and false if the filters of the context
// do not permit it. A tool of other origin stays as it is. The function taken reports whether the server has a tool of
// exactly that name; no tool gets a name that another one has.
func (d *Directory) Entry(
	ctx context.Context, client, name string, taken func(name string) bool,
) (e Entry, permitted bool) {
	e.Name = name
	t, own := d.dynamic[name]
	if !own {
		found, err := d.adapter.Tool(name)
		if err != nil || found.Name() != name {
			return e, true
		}
		t = found
	}
	if !t.Permitted(ctx) {
		return e, false
	}
	if styled := d.style(client).Name(name); styled != name && !taken(styled) {
		e.Name = styled
	}
	e.InputSchema, _ = t.InputSchemaIn(ctx)
	return e, true
}

// Resolve returns the name under which the tool is registered that a client calls by a name in any style. If there is
// none it returns "" and what to add to the error: the nearest tools as the client knows them, or where it calls
// operations through other tools, the one that calls the operation, the nearest operation or the names of those tools.
// The advice may be "".
func (d *Directory) Resolve(client, name string, taken func(name string) bool) (registered, advice string) {
	if taken(name) {
		return name, ""
	}
	t, err := d.adapter.Tool(name)
	if err == nil {
		caller := t.Caller()
		switch {
		case taken(t.Name()):
			return t.Name(), ""
		case taken(caller):
			return "", " (an operation: call it with " + caller + ")"
		}
		return "", ""
	}
	style := d.style(client)
	if near := d.nearestDynamic(name, taken); near != nil {
		for i := range near {
			near[i] = style.Name(near[i])
		}
		return "", " (did you mean " + strings.Join(near, " or ") + "?)"
	}
	unknown := (*UnknownToolError)(nil)
	if !errors.As(err, &unknown) {
		return "", ""
	}
	var names []string
	for _, nearest := range unknown.Nearest {
		if t, err := d.adapter.Tool(nearest); err == nil && !taken(nearest) && taken(t.Caller()) {
			return "", " (did you mean the operation " + nearest + "? call it with " + t.Caller() + ")"
		}
		if taken(nearest) {
			names = append(names, style.Name(nearest))
		}
	}
	if len(names) == 0 {
		return "", ""
	}
	return "", " (did you mean " + strings.Join(names, " or ") + "?)"
}

// nearestDynamic returns the registered tools of the dynamic mode that an unknown name may mean, or nil: those that are
// spelled alike, or else those that have all of its words.
func (d *Directory) nearestDynamic(name string, taken func(name string) bool) []string {
	const most = 3
	words := phrase.Words(name)
	var names, having []string
	for _, own := range slices.Sorted(maps.Keys(d.dynamic)) {
		if !taken(own) {
			continue
		}
		names = append(names, own)
		has := phrase.Words(own)
		if !slices.ContainsFunc(words, func(word string) bool { return !slices.Contains(has, word) }) {
			having = append(having, own)
		}
	}
	if near := phrase.Nearest(name, names, most); near != nil || len(words) == 0 {
		return near
	}
	return having
}

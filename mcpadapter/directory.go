package mcpadapter

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
)

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
// none it returns "" and what to add to the error: the nearest tools as the client knows them, or the tool that calls
// the operation. The advice may be "".
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
	unknown := (*UnknownToolError)(nil)
	if !errors.As(err, &unknown) {
		return "", ""
	}
	style := d.style(client)
	var names []string
	for _, nearest := range unknown.Nearest {
		if taken(nearest) {
			names = append(names, style.Name(nearest))
		}
	}
	if len(names) == 0 {
		return "", ""
	}
	return "", " (did you mean " + strings.Join(names, " or ") + "?)"
}

package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

// fastPath responds to the usual requests, a plain tools/call or tools/list of a revision up to 2025-11-25, with the
// bytes that mcp-go responds with, but reads the request and writes the result once. It also rejects parameters of the
// wrong form, for which mcp-go names its own Go types. All other unusual requests are left to mcp-go: it
// returns no response then.
//
// It is for the servers of this package alone, because it runs no hooks, middleware or filters of other servers.
type fastPath struct {
	server    *server.MCPServer
	tool      func(name string) (mcpadapter.Tool, bool) // as a call names it
	tools     []mcpadapter.Tool                         // all that lists may have; nil: mcp-go makes the lists
	directory *mcpadapter.Directory
	style     func(client string) mcpadapter.NameStyle
	lists     listCache
}

// newFastPath returns the fast path of a server that has the adapter's tools alone.
func newFastPath(s *server.MCPServer, adapter *mcpadapter.Adapter, f flags) *fastPath {
	p := &fastPath{server: s, directory: adapter.Directory(f.names.styleFor), style: f.names.styleFor}
	switch f.mode {
	case modeCode: // programs wait for their interpreter
		p.tool = func(string) (mcpadapter.Tool, bool) { return mcpadapter.Tool{}, false }
		return p
	case modeDirect:
	case modeDynamic:
		p.tools = adapter.AllDynamicTools()
		tools := map[string]mcpadapter.Tool{}
		for _, t := range p.tools {
			tools[t.Name()] = t
		}
		p.tool = func(name string) (mcpadapter.Tool, bool) { t, ok := tools[name]; return t, ok }
		return p
	}
	p.tools = adapter.AllTools()
	p.tool = func(name string) (mcpadapter.Tool, bool) {
		t, err := adapter.Tool(name)
		return t, err == nil
	}
	return p
}

// sender is the client that sent a message.
type sender struct {
	client string      // the client's name
	header http.Header // of the HTTP request; nil: there is none
}

// respond returns the parts of the response to a message, one line in all, or nil where mcp-go has to respond. The
// parts may be shared: a list that many clients read exists once.
func (p *fastPath) respond(ctx context.Context, m envelope, from sender, l *requestLog) [][]byte {
	if p == nil || !m.plain || string(m.version) != `"2.0"` || !plainID(m.id) || m.result != nil || m.failure != nil {
		return nil
	}
	var response [][]byte
	switch m.method {
	case string(mcp.MethodToolsCall):
		response = p.call(ctx, m, l)
	case string(mcp.MethodToolsList):
		response = p.list(ctx, m, from, l)
	}
	if response == nil {
		response = refuseParams(m, l)
	}
	return response
}

// refuseParams responds to a request whose parameters are not what MCP wants, or returns nil.
func refuseParams(m envelope, l *requestLog) [][]byte {
	wrong := wrongParams(m)
	if wrong == nil {
		return nil
	}
	response, err := json.Marshal(errorResponse(m.id, mcp.INVALID_PARAMS, wrong.Error()))
	if err != nil {
		return nil
	}
	l.err = codeText(mcp.INVALID_PARAMS)
	return [][]byte{append(response, '\n')}
}

// call responds to tools/call.
func (p *fastPath) call(ctx context.Context, m envelope, l *requestLog) [][]byte {
	var name, arguments json.RawMessage
	plain := walk(m.params, func(member, value []byte) bool {
		switch {
		case string(member) == "name" && name == nil:
			name = value
		case string(member) == "arguments" && arguments == nil:
			arguments = value
		default:
			return string(member) == "_meta" && meansNothing(value)
		}
		return true
	})
	text, ok := plainString(name)
	if !plain || !ok || !fitsFloats(arguments) {
		return nil
	}
	t, ok := p.tool(text)
	if !ok || mcpgo.CanAsk(ctx) && t.MayConfirm(ctx) {
		return nil
	}
	result := t.Invoke(ctx, arguments)
	l.tool, l.outcome = t.Name(), outcomeOK
	if result.Failure != nil {
		l.outcome = outcomeErrorResult
	}
	const room = 200 // for the envelope
	response := openResponse(make([]byte, 0, 2*len(result.JSON)+len(result.JSON)/4+room), m.id)
	return [][]byte{closeResponse(mcpgo.AppendResult(response, result))}
}

// walk is [jsontext.Walk] for objects without escapes in names.
func walk(object []byte, visit func(name, value []byte) bool) bool {
	return object != nil && jsontext.Walk(object, func(name, value []byte) bool {
		return bytes.IndexByte(name, '\\') < 0 && visit(name, value)
	})
}

func openResponse(b []byte, id []byte) []byte {
	return append(append(append(b, `{"jsonrpc":"2.0","id":`...), id...), `,"result":`...)
}

func closeResponse(b []byte) []byte { return append(b, "}\n"...) }

// meansNothing reports whether a _meta has no member that changes how a request is handled: neither a progress token
// nor what MCP reserves (revision 2026-07-28, basic, "_meta").
func meansNothing(meta []byte) bool {
	return walk(meta, func(member, _ []byte) bool {
		return string(member) != "progressToken" && !bytes.HasPrefix(member, []byte("io.modelcontextprotocol/"))
	})
}

// fitsFloats reports whether encoding/json can decode all numbers of a JSON text into float64, as mcp-go does before
// it calls a tool. It may be wrong about numbers with an exponent or many digits.
func fitsFloats(text []byte) bool {
	const maxDigits = 300
	for digits, i := 0, 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			for i++; text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			digits = 0
		case '0' <= c && c <= '9':
			if digits++; digits > maxDigits {
				return false
			}
		case digits > 0 && (c == 'e' || c == 'E'):
			return false
		default:
			digits = 0
		}
	}
	return true
}

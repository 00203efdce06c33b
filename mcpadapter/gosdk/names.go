package gosdk

import (
	"context"
	"errors"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Methods that the middleware looks at.
const (
	methodList = "tools/list"
	methodCall = "tools/call"
)

// Middleware lists to each client the tools that the filters of its request permit, with the argument for the token
// where its request asks for more confirmations, by names in the style that the function returns for it, and lets it
// call them by any style. The error for an unknown name has the nearest ones. The function, such as
// [mcpadapter.StyleFor], gets the client's name: the one in clientInfo, or else the User-Agent, as a server without
// sessions has no more, or "". It must be safe for concurrent use.
//
// The middleware is for [mcp.Server.AddReceivingMiddleware] of the server that the tools are registered with, under
// their own names. Other tools stay as they are: where one has the name that a tool would get, the tool keeps its own,
// and a call reaches the other one. What narrows the context of a request, such as [mcpadapter.Adapter.Narrow] by its
// headers, belongs into middleware that is added after this one, because the SDK runs that first.
//
// Lists depend on the client, so they are marked as private to it.
func Middleware(a *mcpadapter.Adapter, style func(client string) mcpadapter.NameStyle) mcp.Middleware {
	m := middleware{directory: a.Directory(style)}
	return func(next mcp.MethodHandler) mcp.MethodHandler {
		return func(ctx context.Context, method string, request mcp.Request) (mcp.Result, error) {
			switch r := request.(type) {
			case *mcp.ListToolsRequest:
				if method == methodList {
					return m.list(ctx, next, r)
				}
			case *mcp.CallToolRequest:
				if method == methodCall {
					return m.call(ctx, next, r)
				}
			}
			return next(ctx, method, request)
		}
	}
}

type middleware struct{ directory *mcpadapter.Directory }

// list returns the list for a request. The definitions belong to the server, so what changes is copied.
func (m middleware) list(
	ctx context.Context, next mcp.MethodHandler, request *mcp.ListToolsRequest,
) (mcp.Result, error) {
	result, err := next(ctx, methodList, request)
	listed, ok := result.(*mcp.ListToolsResult)
	if err != nil || !ok {
		return result, err
	}
	taken, err := others(ctx, next, request, listed)
	if err != nil {
		return nil, err
	}
	own := *listed
	own.Tools, own.CacheScope = make([]*mcp.Tool, 0, len(listed.Tools)), "private"
	client := clientName(request)
	for _, tool := range listed.Tools {
		entry, permitted := m.directory.Entry(ctx, client, tool.Name, taken.has)
		if !permitted {
			continue
		}
		if entry.Name != tool.Name || entry.InputSchema != nil {
			changed := *tool
			changed.Name = entry.Name
			if entry.InputSchema != nil {
				changed.InputSchema = entry.InputSchema
			}
			tool = &changed
		}
		own.Tools = append(own.Tools, tool)
	}
	return &own, nil
}

// call calls the tool that a client means by a name.
func (m middleware) call(
	ctx context.Context, next mcp.MethodHandler, request *mcp.CallToolRequest,
) (mcp.Result, error) {
	taken, err := gather(ctx, next, request.Session, request.Extra)
	if err != nil {
		return nil, err
	}
	name, advice := m.directory.Resolve(clientName(request), request.Params.Name, taken.has)
	if name == "" {
		return nil, &jsonrpc.Error{
			Code: jsonrpc.CodeInvalidParams, Message: fmt.Sprintf("unknown tool %q", request.Params.Name) + advice,
		}
	}
	if name != request.Params.Name {
		params, renamed := *request.Params, *request
		params.Name, renamed.Params = name, &params
		request = &renamed
	}
	return next(ctx, methodCall, request)
}

// toolNames are the names of all tools of a server.
type toolNames map[string]bool

func (n toolNames) has(name string) bool { return n[name] }

// others returns the names of all tools, of which the list may be a page.
func others(
	ctx context.Context, next mcp.MethodHandler, request *mcp.ListToolsRequest, listed *mcp.ListToolsResult,
) (toolNames, error) {
	if listed.NextCursor != "" || request.Params != nil && request.Params.Cursor != "" {
		return gather(ctx, next, request.Session, request.Extra)
	}
	return toolNames{}.with(listed.Tools), nil
}

func (n toolNames) with(tools []*mcp.Tool) toolNames {
	for _, tool := range tools {
		n[tool.Name] = true
	}
	return n
}

// gather lists all tools of the server of a session.
func gather(
	ctx context.Context, next mcp.MethodHandler, session *mcp.ServerSession, extra *mcp.RequestExtra,
) (toolNames, error) {
	all, params := toolNames{}, &mcp.ListToolsParams{}
	for {
		request := &mcp.ListToolsRequest{Session: session, Params: params, Extra: extra}
		result, err := next(ctx, methodList, request)
		if err != nil {
			return nil, err
		}
		listed, ok := result.(*mcp.ListToolsResult)
		if !ok {
			return nil, errors.New("the list of tools is of another type")
		}
		all.with(listed.Tools)
		if listed.NextCursor == "" || listed.NextCursor == params.Cursor {
			return all, nil
		}
		params = &mcp.ListToolsParams{Cursor: listed.NextCursor}
	}
}

// names returns the names of the tools that a server has. Everything happens within the process and waits for nothing.
func names(s *mcp.Server) (toolNames, error) {
	ctx := context.Background()
	_, transport := mcp.NewInMemoryTransports()
	session, err := s.Connect(ctx, transport, nil)
	if err != nil {
		return nil, err //nolint:wrapcheck // register says what was tried
	}
	defer func() { _ = session.Close() }()
	var handler mcp.MethodHandler
	s.AddReceivingMiddleware(func(next mcp.MethodHandler) mcp.MethodHandler {
		handler = next // what the server runs; it stays as it is
		return next
	})
	return gather(ctx, handler, session, nil)
}

// identified is a request of a client.
type identified interface {
	ClientInfo() *mcp.Implementation
	GetExtra() *mcp.RequestExtra
}

// clientName returns the client's name: that of the request since revision 2026-07-28, before that of its session, or
// else the User-Agent.
func clientName(request identified) string {
	if info := request.ClientInfo(); info != nil && info.Name != "" {
		return info.Name
	}
	if extra := request.GetExtra(); extra != nil {
		return extra.Header.Get("User-Agent")
	}
	return ""
}

package mcpauth

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	josejson "github.com/go-jose/go-jose/v4/json"
)

const (
	maxBody  = 4 << 20 // bytes
	maxCalls = 100     // messages of a batch

	otherTools = "*" // in ToolScopes, those that it does not name
)

// required returns the scopes that a request needs. With scopes of tools it reads the body, and puts it back: that of
// any method, because which methods the server treats as POST is not known here.
func (g *Guard) required(w http.ResponseWriter, r *http.Request) ([]string, *refusal) {
	required := g.config.Scopes
	if len(g.config.ToolScopes) == 0 || r.Body == nil || r.Body == http.NoBody {
		return required, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, &refusal{status: http.StatusRequestEntityTooLarge, code: "invalid_request", text: "the body is too large"}
	}
	if err != nil {
		return nil, &refusal{
			status: http.StatusBadRequest, code: "invalid_request", text: "the body cannot be read", cause: err,
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if len(body) == 0 { // it calls nothing
		return required, nil
	}
	tools, err := calledTools(body)
	if err != nil {
		return nil, &refusal{status: http.StatusBadRequest, code: "invalid_request", text: err.Error()}
	}
	for _, tool := range tools {
		scopes, named := g.config.ToolScopes[tool]
		if !named {
			scopes = g.config.ToolScopes[otherTools]
		}
		for _, scope := range scopes {
			if !slices.Contains(required, scope) {
				required = append(slices.Clip(required), scope)
			}
		}
	}
	return required, nil
}

var errMessage = errors.New("the body is not a JSON-RPC message, or has a member twice")

// calledTools returns the tools that JSON-RPC messages call. It refuses text that another parser may read otherwise: a
// member that occurs twice, or names that differ in case alone.
func calledTools(body []byte) ([]string, error) {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	messages := []josejson.RawMessage{josejson.RawMessage(body)}
	if len(trimmed) > 0 && trimmed[0] == '[' {
		messages = nil
		if josejson.Unmarshal(body, &messages) != nil || len(messages) > maxCalls {
			return nil, errMessage
		}
	}
	var tools []string
	for _, message := range messages {
		members, err := object(message, "method", "params")
		if err != nil {
			return nil, err
		}
		var method string
		if raw, ok := members["method"]; ok && josejson.Unmarshal(raw, &method) != nil {
			return nil, errMessage
		}
		if method != "tools/call" {
			continue
		}
		params, err := object(members["params"], "name")
		if err != nil {
			return nil, err
		}
		var name string
		if josejson.Unmarshal(params["name"], &name) != nil {
			return nil, errMessage
		}
		tools = append(tools, name)
	}
	return tools, nil
}

// object returns the members of a JSON object. It refuses those whose name is like one of these but for case.
func object(text []byte, names ...string) (map[string]josejson.RawMessage, error) {
	var members map[string]josejson.RawMessage
	if len(text) == 0 || josejson.Unmarshal(text, &members) != nil || members == nil {
		return nil, errMessage
	}
	for member := range members {
		for _, name := range names {
			if member != name && strings.EqualFold(member, name) {
				return nil, errMessage
			}
		}
	}
	return members, nil
}

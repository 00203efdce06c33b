package serve

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
)

// wrongParams returns what is wrong with the params of a request that mcp-go could not read, or what they lack, or nil.
// mcp-go itself would name types of Go.
func wrongParams(m envelope) error {
	params := m.params
	if params == nil || string(params) == "null" {
		params = json.RawMessage("{}")
	}
	text := slices.Concat([]byte(`{"params":`), params, []byte("}"))
	request := requestOf(mcp.MCPMethod(m.method))
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(json.Unmarshal(text, request), &wrong) {
		return fmt.Errorf("%s: expected %s, got %s", memberOf(wrong.Field), inJSON(wrong.Type), kindOf(wrong.Value))
	}
	switch r := request.(type) {
	case *mcp.ReadResourceRequest:
		if r.Params.URI == "" {
			return errors.New("params.uri: expected a URI")
		}
	case *requestWith[callParams]:
		if r.Params.Name == "" {
			return errors.New("params.name: expected the name of a tool")
		}
	case *requestWith[promptParams]:
		if r.Params.Name == "" {
			return errors.New("params.name: expected the name of a prompt")
		}
		return notText("params.arguments", r.Params.Arguments)
	case *requestWith[completeParams]:
		if t := r.Params.Ref.Type; t != "ref/prompt" && t != "ref/resource" {
			return errors.New("params.ref.type: expected ref/prompt or ref/resource")
		}
		return notText("params.context.arguments", r.Params.Context.Arguments)
	case *mcp.PaginatedRequest:
		if _, err := base64.StdEncoding.DecodeString(string(r.Params.Cursor)); err != nil {
			return errors.New("params.cursor: expected the nextCursor of an earlier result")
		}
	}
	return nil
}

// notText returns an error about the first member that is no string, or nil.
func notText(object string, members map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if _, ok := members[name].(string); !ok && members[name] != nil {
			return fmt.Errorf("%s.%s: expected a string", object, shortened(name))
		}
	}
	return nil
}

// requestOf returns where a request can be read to whenever mcp-go can read it.
func requestOf(method mcp.MCPMethod) any {
	switch method {
	case mcp.MethodInitialize:
		return new(mcp.InitializeRequest)
	case mcp.MethodPing:
		return new(mcp.PingRequest)
	case mcp.MethodToolsList, mcp.MethodPromptsList, mcp.MethodResourcesList, mcp.MethodResourcesTemplatesList:
		return new(mcp.PaginatedRequest)
	case mcp.MethodToolsCall: // whose arguments may be anything
		return new(requestWith[callParams])
	case mcp.MethodPromptsGet:
		return new(requestWith[promptParams])
	case mcp.MethodResourcesRead:
		return new(mcp.ReadResourceRequest)
	case mcp.MethodCompletionComplete:
		return new(requestWith[completeParams])
	default:
		return new(requestWith[struct{}])
	}
}

// requestWith is a request of mcp-go with params that say better what is wrong in them.
type requestWith[T any] struct {
	Params T `json:"params"`
}

type callParams struct {
	Name string         `json:"name"`
	Task mcp.TaskParams `json:"task"`
	Meta mcp.Meta       `json:"_meta"`
}

type promptParams struct {
	Name      string         `json:"name"`
	Arguments map[string]any `json:"arguments"` // see notText
	Meta      mcp.Meta       `json:"_meta"`
}

type completeParams struct {
	Ref struct {
		Type string `json:"type"`
		Name string `json:"name"`
		URI  string `json:"uri"`
	} `json:"ref"`
	Argument mcp.CompleteArgument `json:"argument"`
	Context  struct {
		Arguments map[string]any `json:"arguments"` // see notText
	} `json:"context"`
	Meta mcp.Meta `json:"_meta"`
}

// memberOf returns the path of a member without the names of Go's embedded structs, which begin with a capital.
func memberOf(field string) string {
	var members []string
	for name := range strings.SplitSeq(field, ".") {
		if name != "" && strings.ToLower(name[:1]) == name[:1] {
			members = append(members, name)
		}
	}
	return strings.Join(members, ".")
}

// inJSON returns what a Go type is in JSON.
func inJSON(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Struct, reflect.Map:
		return "an object"
	default:
		return "a number"
	}
}

// kindOf returns the kind of a value that encoding/json names, such as "number 5".
func kindOf(value string) string {
	switch kind, _, _ := strings.Cut(value, " "); kind {
	case "bool":
		return "true or false"
	case "array", "object":
		return "an " + kind
	default:
		return "a " + kind
	}
}

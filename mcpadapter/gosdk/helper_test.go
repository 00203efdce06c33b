package gosdk_test

import (
	"encoding/json"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// decode returns a request as the SDK's transports take it.
func decode(id int, method, params string) (jsonrpc.Message, error) {
	text, err := json.Marshal(map[string]any{
		"jsonrpc": "2.0", "id": id, "method": method, "params": json.RawMessage(params),
	})
	if err != nil {
		return nil, fmt.Errorf("write a request: %w", err)
	}
	return jsonrpc.DecodeMessage(text)
}

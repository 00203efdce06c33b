package serve

import (
	"bytes"
	"encoding/json"
	"math"
)

// malformation is why a valid JSON text is no message of MCP.
type malformation struct {
	message string
	id      json.RawMessage // for the response; nil: there is none that could be sent back
}

// maxID is the largest integer that every client and mcp-go read and write back alike (RFC 8259 section 6).
const maxID = 1<<53 - 1

// malformed checks the form of a message: one object with the version of JSON-RPC, which is a request, a notification
// or a response, and if it is a request with an ID that is written back as it came (JSON-RPC 2.0 sections 4 to 6; MCP
// revision 2025-11-25, basic, "Messages"). It returns nil for a message of that form.
func malformed(text []byte, m envelope) *malformation {
	switch first := bytes.TrimLeft(text, " \t\r\n")[0]; {
	case first == '[':
		return &malformation{message: "batches are not supported: send one message at a time"}
	case first != '{':
		return &malformation{message: "the message is no JSON object"}
	}
	response := m.method == "" && (m.result != nil || m.failure != nil)
	if m.id != nil && !response && !plainID(m.id) {
		if wrong := malformedID(m.id); wrong != nil {
			return wrong
		}
	}
	switch {
	case !isVersion(m.version):
		return &malformation{message: `the member "jsonrpc" must be "2.0"`, id: m.id}
	case m.method == "" && !response:
		return &malformation{message: `the member "method" must be a string that is not empty`, id: m.id}
	}
	return nil
}

// isVersion reports whether a JSON text is the version of JSON-RPC, however it is written.
func isVersion(text json.RawMessage) bool {
	if string(text) == `"2.0"` {
		return true
	}
	var version string
	return json.Unmarshal(text, &version) == nil && version == "2.0"
}

// malformedID checks the ID of a request.
func malformedID(id json.RawMessage) *malformation {
	var value any
	_ = json.Unmarshal(id, &value) // it is valid; a number that is too large leaves nil
	switch value := value.(type) {
	case string:
		return nil
	case float64:
		if value == math.Trunc(value) && math.Abs(value) <= maxID {
			return nil
		}
		return &malformation{message: "the id must be a string or an integer of at most 2^53-1", id: id}
	}
	return &malformation{message: "the id must be a string or an integer"}
}

package serve

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// envelope is a JSON-RPC message without its content (JSON-RPC 2.0 sections 4 and 5).
type envelope struct {
	version, id, params, result, failure json.RawMessage // as they came; nil: absent

	method string
	// plain reports that each member has a known name, spelled exactly and given once. Otherwise the members are those
	// that encoding/json reads, and mcp-go with it: names in any case, and the last one of a name.
	plain bool
}

// readEnvelope returns the envelope of a message. ok is false if the message is not valid JSON.
func readEnvelope(message []byte) (m envelope, ok bool) {
	if !json.Valid(message) {
		return envelope{}, false
	}
	var method json.RawMessage
	m.plain = jsontext.Walk(message, func(name, value []byte) bool {
		var member *json.RawMessage
		switch string(name) {
		case "jsonrpc":
			member = &m.version
		case "id":
			member = &m.id
		case "method":
			member = &method
		case "params":
			member = &m.params
		case "result":
			member = &m.result
		case "error":
			member = &m.failure
		}
		if member == nil || *member != nil {
			return false
		}
		*member = value
		return true
	})
	if m.plain && method != nil {
		m.method, m.plain = plainString(method)
	}
	if !m.plain {
		return readAnyEnvelope(message), true
	}
	return m, true
}

// readAnyEnvelope is readEnvelope for messages that are not plain. It is empty for anything but an object.
func readAnyEnvelope(message []byte) envelope {
	var m struct {
		Version json.RawMessage `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Method  json.RawMessage `json:"method"`
		Params  json.RawMessage `json:"params"`
		Result  json.RawMessage `json:"result"`
		Error   json.RawMessage `json:"error"`
	}
	if json.Unmarshal(message, &m) != nil {
		return envelope{}
	}
	e := envelope{version: m.Version, id: m.ID, params: m.Params, result: m.Result, failure: m.Error}
	_ = json.Unmarshal(m.Method, &e.method) // it stays "" if it is no string
	return e
}

// plainString returns the content of a JSON string of visible ASCII without escapes, which every encoder writes as it
// came.
func plainString(value []byte) (string, bool) {
	if len(value) < 2 || value[0] != '"' {
		return "", false
	}
	content := value[1 : len(value)-1]
	for _, c := range content {
		if c < ' ' || c > '~' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return "", false
		}
	}
	return string(content), true
}

// plainID reports whether a JSON-RPC ID is written back as it came: a plain string or an integer that a float64 holds.
func plainID(id []byte) bool {
	if _, ok := plainString(id); ok {
		return true
	}
	const maxDigits = 15
	digits := bytes.TrimPrefix(id, []byte{'-'})
	return len(digits) > 0 && len(digits) <= maxDigits && len(bytes.Trim(digits, "0123456789")) == 0
}

// idKey returns one spelling of a JSON-RPC ID, or "" for none: 1 and 1.0 are the same ID, 1 and "1" are not.
func idKey(id json.RawMessage) string {
	if plainID(id) {
		return string(id)
	}
	var v any
	if json.Unmarshal(id, &v) != nil {
		return ""
	}
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return `"` + v + `"`
	}
	return string(id)
}

const (
	methodInitialize = "initialize"
	methodCancelled  = "notifications/cancelled"
	methodListen     = "subscriptions/listen"
)

// cancelledID returns the ID that notifications/cancelled names.
func cancelledID(params json.RawMessage) json.RawMessage {
	var p struct {
		RequestID json.RawMessage `json:"requestId"`
	}
	_ = json.Unmarshal(params, &p)
	return p.RequestID
}

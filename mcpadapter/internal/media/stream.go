package media

import (
	"bytes"
	"encoding/json"
	"iter"
	"strings"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// Records yields the values of a stream as JSON: of [Lines] each line, of [Events] an object for each event. What is
// not JSON is a string, and so is what is nested too deep. An event or a line that the stream does not end is yielded
// too.
func Records(kind Kind, body []byte) iter.Seq[json.RawMessage] {
	if kind == Events {
		return events(body)
	}
	return func(yield func(json.RawMessage) bool) {
		for line := range bytes.Lines(body) {
			line = bytes.Trim(line, "\x1e \t\r\n") // RFC 7464 begins a record with RS
			if len(line) > 0 && !yield(asJSON(line)) {
				return
			}
		}
	}
}

// asJSON returns a compact JSON value, or the text as a string.
func asJSON(text []byte) json.RawMessage {
	text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
	var compact bytes.Buffer
	if json.Compact(&compact, text) == nil && !jsontext.TooDeep(compact.Bytes()) {
		return jsontext.Escape(compact.Bytes())
	}
	return jsontext.Escape(jsontext.AppendString(nil, string(text)))
}

// events yields server-sent events (HTML Living Standard, section 9.2): event and id where they are given, and data.
func events(body []byte) iter.Seq[json.RawMessage] {
	return func(yield func(json.RawMessage) bool) {
		var data []string
		var name, id string
		// dispatch yields the event whose fields were read, if it has data.
		dispatch := func() bool {
			if data == nil {
				name = ""
				return true
			}
			b := []byte{'{'}
			if name != "" {
				b = jsontext.AppendMember(b, "event", string(asString(name)))
			}
			if id != "" {
				b = jsontext.AppendMember(b, "id", string(asString(id)))
			}
			b = jsontext.AppendMember(b, "data", string(asJSON([]byte(strings.Join(data, "\n")))))
			data, name = nil, ""
			return yield(append(b, '}'))
		}
		text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(string(body), "\uFEFF"))
		for line := range strings.SplitSeq(text, "\n") {
			field, v, _ := strings.Cut(line, ":")
			v = strings.TrimPrefix(v, " ")
			switch {
			case line == "":
				if !dispatch() {
					return
				}
			case field == "data":
				data = append(data, v)
			case field == "event":
				name = v
			case field == "id":
				id = v
			}
		}
		dispatch()
	}
}

func asString(text string) json.RawMessage {
	return jsontext.Escape(jsontext.AppendString(nil, strings.ToValidUTF8(text, "\uFFFD")))
}

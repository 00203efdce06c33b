package serve

import (
	"bytes"
	"encoding/json"
)

// members are those of a JSON object in their order.
type members []member

type member struct {
	name  string
	value json.RawMessage
}

// readMembers reads an object; ok is false for any other value. If a name occurs twice, its last value counts, as for
// encoding/json and most parsers; YAML forbids a second one.
func readMembers(text json.RawMessage) (all members, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, false
	}
	at := map[string]int{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, false
		}
		m := member{}
		m.name, _ = token.(string)
		if decoder.Decode(&m.value) != nil {
			return nil, false
		}
		if i, present := at[m.name]; present {
			all[i].value = m.value
			continue
		}
		at[m.name] = len(all)
		all = append(all, m)
	}
	return all, true
}

func (m members) get(name string) json.RawMessage {
	for _, one := range m {
		if one.name == name {
			return one.value
		}
	}
	return nil
}

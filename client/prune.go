package client

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

const (
	maxInvalid = 100 // paths in Response.Invalid
	maxNesting = 64  // levels of Go types that are searched for invalid values
)

// pruner removes the values from a JSON document that do not fit a Go type, and nothing else.
type pruner struct {
	invalid []string // paths of the removed values, at most maxInvalid
	fields  map[reflect.Type]map[string]reflect.Type
}

// prune returns the part of raw, which is valid JSON, that fits typ; false if nothing does.
func (p *pruner) prune(raw json.RawMessage, typ reflect.Type, path string, depth int) (json.RawMessage, bool) {
	if json.Unmarshal(raw, reflect.New(typ).Interface()) == nil {
		return raw, true
	}
	if depth == maxNesting {
		return nil, false
	}
	before := len(p.invalid)
	var pruned json.RawMessage
	switch first := bytes.TrimLeft(raw, " \t\r\n")[0]; {
	case typ.Kind() == reflect.Pointer, isNullable(typ):
		return p.prune(raw, typ.Elem(), path, depth+1)
	case typ.Kind() == reflect.Struct && first == '{':
		fields := p.fieldsOf(typ)
		pruned = p.object(raw, path, depth, func(name string) reflect.Type { return fields[strings.ToLower(name)] })
	case typ.Kind() == reflect.Map && first == '{':
		pruned = p.object(raw, path, depth, func(string) reflect.Type { return typ.Elem() })
	case typ.Kind() == reflect.Slice && first == '[':
		pruned = p.array(raw, typ.Elem(), path, depth)
	default:
		return nil, false
	}
	if json.Unmarshal(pruned, reflect.New(typ).Interface()) != nil { // a type with rules of its own
		p.invalid = p.invalid[:min(before, len(p.invalid))]
		return nil, false
	}
	return pruned, true
}

// object prunes the members of an object. Members without a type, which the Go type does not know, are kept.
func (p *pruner) object(raw json.RawMessage, path string, depth int, typeOf func(string) reflect.Type) json.RawMessage {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	_, _ = decoder.Token() // the document is valid
	pruned := []byte{'{'}
	for decoder.More() {
		token, _ := decoder.Token()
		name, _ := token.(string)
		var value json.RawMessage
		_ = decoder.Decode(&value)
		if typ := typeOf(name); typ != nil {
			at := strings.TrimPrefix(path+"."+name, ".")
			kept, ok := p.prune(value, typ, at, depth+1)
			if !ok {
				p.remove(at)
				continue
			}
			value = kept
		}
		if len(pruned) > 1 {
			pruned = append(pruned, ',')
		}
		key, _ := json.Marshal(name) //nolint:errchkjson // a string
		pruned = append(append(append(pruned, key...), ':'), value...)
	}
	return append(pruned, '}')
}

// array prunes the elements of an array. Those of which nothing fits are left out.
func (p *pruner) array(raw json.RawMessage, elem reflect.Type, path string, depth int) json.RawMessage {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	_, _ = decoder.Token()
	pruned := []byte{'['}
	for i := 0; decoder.More(); i++ {
		var value json.RawMessage
		_ = decoder.Decode(&value)
		at := path + "[" + strconv.Itoa(i) + "]"
		kept, ok := p.prune(value, elem, at, depth+1)
		if !ok {
			p.remove(at)
			continue
		}
		if len(pruned) > 1 {
			pruned = append(pruned, ',')
		}
		pruned = append(pruned, kept...)
	}
	return append(pruned, ']')
}

func (p *pruner) remove(path string) {
	if len(p.invalid) < maxInvalid || path == "list_metadata.after" || path == "list_metadata.before" {
		p.invalid = append(p.invalid, cut(clean(path), maxText))
	}
}

// fieldsOf returns the types of a struct's fields by their JSON names in lower case, as encoding/json matches them.
func (p *pruner) fieldsOf(typ reflect.Type) map[string]reflect.Type {
	if fields, ok := p.fields[typ]; ok {
		return fields
	}
	fields := map[string]reflect.Type{}
	for _, field := range reflect.VisibleFields(typ) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case !field.IsExported(), name == "-", field.Anonymous && name == "":
			continue
		case name == "":
			name = field.Name
		}
		fields[strings.ToLower(name)] = field.Type
	}
	if p.fields == nil {
		p.fields = map[reflect.Type]map[string]reflect.Type{}
	}
	p.fields[typ] = fields
	return fields
}

// isNullable reports whether typ is a nullable.Nullable, which is a map from bool.
func isNullable(typ reflect.Type) bool {
	return typ.Kind() == reflect.Map && typ.Key().Kind() == reflect.Bool
}

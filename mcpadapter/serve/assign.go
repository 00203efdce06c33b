package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// assignment returns the pattern of an argument of the form name=value or name:=JSON. Servers do not need it.
func assignment() *regexp.Regexp {
	return regexp.MustCompile(`^([A-Za-z_$][^=]*?)(\[\])?(:?=)((?s:.*))$`)
}

// indexed matches a name that begins with an item of a list.
var indexed = regexp.MustCompile(`^([^.\[]+)\[[0-9]+\](.*)$`)

// maxNesting limits the parts of the name of an assignment.
const maxNesting = 32

// assign adds arguments such as name=Acme, metadata.tier=gold and domains[]=acme.com to an object. The schema of the
// tool decides the types: where it permits a string, the value is one, otherwise it is read as JSON. name:=JSON is read
// as JSON everywhere, such as name:=null.
func assign(object map[string]any, arguments []string, schema json.RawMessage) error {
	root := readShape(schema)
	for _, argument := range arguments {
		parts := assignment().FindStringSubmatch(argument)
		if parts == nil {
			return fmt.Errorf("argument %.100q: want name=value, name:=JSON or name[]=value", argument)
		}
		a := assigned{name: parts[1] + parts[2], appends: parts[2] != "", json: parts[3] == ":=", text: parts[4]}
		if err := a.set(object, parts[1], root, 1); err != nil {
			return err
		}
	}
	return nil
}

// assignedBy returns a function that reports whether words such as name=value set an argument or a part of it. Such
// values are text by nature.
func assignedBy(words []string) func(argument string) bool {
	return func(argument string) bool {
		return slices.ContainsFunc(words, func(word string) bool {
			parts := assignment().FindStringSubmatch(word)
			return parts != nil && (parts[1] == argument || strings.HasPrefix(parts[1], argument+"."))
		})
	}
}

// assigned is the value of one assignment.
type assigned struct {
	name    string // whole
	appends bool   // to a list
	json    bool   // not only if the schema requires it
	text    string
}

// set sets what the rest of the name says in an object of that shape.
func (a assigned) set(object map[string]any, name string, s *shape, depth int) error {
	if depth > maxNesting {
		return fmt.Errorf("argument %.100q: the name has more than %d parts", a.name, maxNesting)
	}
	head, rest, nested := strings.Cut(name, ".")
	if s.has(name) {
		head, nested = name, false // the dots are part of it
	}
	if parts := indexed.FindStringSubmatch(name); parts != nil && !s.has(name) && s.property(parts[1]).only("array") {
		return fmt.Errorf("argument %.100q: the list takes no index: want %s[]%s=%s", a.name, parts[1], parts[2], a.text)
	}
	if !nested {
		return a.setMember(object, head, s.property(head))
	}
	if list, ok := strings.CutSuffix(head, "[]"); ok {
		return a.setInLast(object, list, rest, s.property(list).item(), depth)
	}
	switch inner := object[head].(type) {
	case nil:
		made := map[string]any{}
		object[head] = made
		return a.set(made, rest, s.property(head), depth+1)
	case map[string]any:
		return a.set(inner, rest, s.property(head), depth+1)
	default:
		return fmt.Errorf("argument %.100q: %q has a value already", a.name, head)
	}
}

// setMember sets a member, or appends to it.
func (a assigned) setMember(object map[string]any, name string, s *shape) error {
	old, given := object[name]
	if !a.appends {
		if given {
			return fmt.Errorf("argument %.100q is given twice", a.name)
		}
		if !a.json && s.only("array") && !strings.HasPrefix(strings.TrimSpace(a.text), "[") {
			return fmt.Errorf("argument %.100q is a list: want %s[]=%s", a.name, a.name, a.text)
		}
		v, err := a.value(s)
		object[name] = v
		return err
	}
	list, ok := old.([]any)
	if given && !ok {
		return fmt.Errorf("argument %.100q: %q has a value already, which is no list", a.name, name)
	}
	v, err := a.value(s.item())
	object[name] = append(list, v)
	return err
}

// setInLast sets a member of the last object of a list, or of a new one if that has the member already.
func (a assigned) setInLast(object map[string]any, list, rest string, s *shape, depth int) error {
	items, ok := object[list].([]any)
	if _, given := object[list]; given && !ok {
		return fmt.Errorf("argument %.100q: %q has a value already, which is no list", a.name, list)
	}
	member, _, _ := strings.Cut(rest, ".")
	if n := len(items); n > 0 {
		last, isObject := items[n-1].(map[string]any)
		if _, given := last[member]; isObject && (!given || strings.Contains(rest, ".") || a.appends) {
			return a.set(last, rest, s, depth+1)
		}
	}
	made := map[string]any{}
	object[list] = append(items, any(made))
	return a.set(made, rest, s, depth+1)
}

func (a assigned) value(s *shape) (any, error) {
	if !a.json && (s == nil || s.permits("string") || len(s.types) == 0) {
		return a.text, nil
	}
	if text := []byte(a.text); json.Valid(text) {
		return json.RawMessage(bytes.TrimSpace(text)), nil
	}
	if a.json {
		return nil, fmt.Errorf("argument %.100[1]q: invalid JSON %.60[2]q; for text, want %.100[1]s=%.60[2]s", a.name, a.text)
	}
	return a.text, nil // the check of the arguments says what is expected
}

// shape is what a schema says about the types of a value and its parts. nil: nothing. What it does not understand
// permits everything, because the adapter checks the arguments anyway.
type shape struct {
	types      []string
	properties map[string]any // schemas, read when they are needed, as they may contain this one
	items      any            // likewise
	defs       map[string]any
}

// readShape reads a JSON Schema.
func readShape(schema json.RawMessage) *shape {
	var root map[string]any
	if json.Unmarshal(schema, &root) != nil {
		return nil
	}
	defs, _ := root["$defs"].(map[string]any)
	return shapeOf(root, defs)
}

func shapeOf(node any, defs map[string]any) *shape {
	if _, ok := node.(map[string]any); !ok {
		return nil
	}
	s := &shape{properties: map[string]any{}, defs: defs}
	s.add(node, map[string]bool{})
	return s
}

// add adds what a schema permits, also by its alternatives. It follows each reference once.
func (s *shape) add(node any, followed map[string]bool) {
	object, _ := node.(map[string]any)
	if ref, ok := object["$ref"].(string); ok {
		if !followed[ref] {
			followed[ref] = true
			s.add(s.defs[strings.TrimPrefix(ref, "#/$defs/")], followed)
		}
		return
	}
	switch t := object["type"].(type) {
	case string:
		s.types = append(s.types, t)
	case []any:
		for _, one := range t {
			if name, ok := one.(string); ok {
				s.types = append(s.types, name)
			}
		}
	}
	if s.items == nil {
		s.items = object["items"]
	}
	properties, _ := object["properties"].(map[string]any)
	for name, property := range properties {
		if !s.has(name) {
			s.properties[name] = property
		}
	}
	for _, keyword := range []string{"anyOf", "oneOf"} {
		variants, _ := object[keyword].([]any)
		for _, variant := range variants {
			s.add(variant, followed)
		}
	}
}

func (s *shape) has(name string) bool {
	if s == nil {
		return false
	}
	_, ok := s.properties[name]
	return ok
}

func (s *shape) property(name string) *shape {
	if s == nil {
		return nil
	}
	return shapeOf(s.properties[name], s.defs)
}

func (s *shape) item() *shape {
	if s == nil {
		return nil
	}
	return shapeOf(s.items, s.defs)
}

func (s *shape) permits(kind string) bool { return s != nil && slices.Contains(s.types, kind) }

// only reports whether the type is the only one, but for null.
func (s *shape) only(kind string) bool {
	return s.permits(kind) && !slices.ContainsFunc(s.types, func(t string) bool { return t != kind && t != "null" })
}

// callArguments returns the arguments of a call from the words after the tool's name: a JSON object, @FILE or - for
// standard input, then assignments, which add to it. The schema decides types, and messages name what is known.
func (p program) callArguments(words []string, schema json.RawMessage, known property) ([]byte, error) {
	var base []byte
	if len(words) > 0 && !assignment().MatchString(words[0]) {
		if isBare(words[0]) {
			return nil, usageError{fmt.Errorf("argument %.100q: want name=value, a JSON object, @FILE or -%s", words[0],
				meant(words, 0, known))}
		}
		var err error
		if base, err = readArguments(words[0], p.stdin); err == nil && !strings.HasPrefix(words[0], "{") {
			err = checkSyntax(words[0], base)
		}
		if err != nil || len(words) == 1 {
			return base, err
		}
		words = words[1:]
	}
	if len(words) == 0 {
		return nil, nil
	}
	for i, word := range words {
		if !assignment().MatchString(word) {
			return nil, usageError{fmt.Errorf("argument %.100q: want name=value, name:=JSON or name[]=value%s", word,
				meant(words, i, known))}
		}
	}
	object := map[string]any{}
	if len(bytes.TrimSpace(base)) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(base))
		decoder.UseNumber()
		if err := decoder.Decode(&object); err != nil || object == nil || decoder.More() {
			return nil, usageError{errors.New("the arguments before name=value are no JSON object")}
		}
	}
	if err := assign(object, words, schema); err != nil {
		return nil, usageError{err}
	}
	return json.Marshal(object) //nolint:wrapcheck // of maps, lists, strings and valid JSON
}

// checkSyntax reports what is wrong with the JSON of a file or of stdin, and where.
func checkSyntax(from string, text []byte) error {
	text = bytes.TrimSpace(text)
	if len(text) == 0 || json.Valid(text) {
		return nil
	}
	var v json.RawMessage
	err := json.Unmarshal(text, &v)
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		line := 1 + bytes.Count(text[:min(int(syntax.Offset), len(text))], []byte("\n"))
		return fmt.Errorf("read the arguments: %s, line %d: %w", strings.TrimPrefix(from, "@"), line, err)
	}
	return fmt.Errorf("read the arguments: %s: %w", strings.TrimPrefix(from, "@"), err)
}

package mcpadapter

import (
	"context"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// methodSet finds the methods of a client by name in any case, because the configuration of the generator decides how
// an operationId becomes a Go name.
type methodSet struct {
	client  reflect.Value
	index   func() map[string]int // ambiguous for names that several methods share; slow for thousands of them
	methods Methods               // nil: the client has a method for each operation
}

// Methods is a client that makes its methods of the table, for New to call in place of those that a generator wrote.
// Package untyped has one.
type Methods interface {
	// Method returns a function with the arguments of oapi-codegen's method for an operation: of one with a body those
	// that end in WithBody. A parameter that is a nil interface must not be sent. It returns an error for an operation
	// that it cannot send.
	Method(op *optable.Operation) (any, error)
}

const ambiguous = -1

func methodsOf(client reflect.Value) methodSet {
	set := methodSet{client: client, index: sync.OnceValue(func() map[string]int { return foldedMethods(client.Type()) })}
	if methods, ok := reflect.TypeAssert[Methods](client); ok {
		set.methods, set.index = methods, func() map[string]int { return nil }
	}
	return set
}

// foldedMethods returns the indexes of methods by their names in lower case.
func foldedMethods(t reflect.Type) map[string]int {
	index := make(map[string]int, t.NumMethod())
	for i := range t.NumMethod() {
		name := schema.Fold(t.Method(i).Name)
		if _, taken := index[name]; taken {
			i = ambiguous
		}
		index[name] = i
	}
	return index
}

// Endings of the names of oapi-codegen's methods for an operation.
const (
	withBody     = "WithBody"     // takes the body as a reader
	withResponse = "WithResponse" // parses the response
)

// find returns the index of the method for an operation with an ending of the name, or false. Beside the operationId it
// tries the names that oapi-codegen makes: N before a digit, and the method with the path where there is no
// operationId.
func (m methodSet) find(op *optable.Operation, ending string) (int, bool, error) {
	for _, id := range [...]string{op.ID, ""} {
		switch {
		case id == "":
			id = op.Method + op.Path
		case '0' <= id[0] && id[0] <= '9':
			id = "N" + id
		}
		if method, ok := m.client.Type().MethodByName(camelCase(id) + ending); ok && m.methods == nil {
			return method.Index, true, nil
		}
		i, ok := m.index()[schema.Fold(id+ending)]
		switch {
		case !ok:
		case i != ambiguous:
			return i, true, nil
		default:
			return 0, false, unfit(
				fmt.Errorf("%s has several methods for it, which differ in case alone", m.client.Type()),
				"give one of the operations another operationId",
			)
		}
	}
	return 0, false, nil
}

// camelCase returns the exported Go name that oapi-codegen gives an operationId by default: of its letters and digits,
// with a capital at the start and after each separator. A slash is none.
func camelCase(id string) string {
	const separators = "-#@!$&=.+:;_~ (){}[]"
	name := make([]byte, 0, len(id))
	upper := true
	for _, r := range id {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			upper = strings.ContainsRune(separators, r) || len(name) == 0
			continue
		case upper:
			r = unicode.ToUpper(r)
		}
		upper = false
		name = utf8.AppendRune(name, r)
	}
	return string(name)
}

var (
	contextType  = reflect.TypeFor[context.Context]()
	responseType = reflect.TypeFor[*http.Response]()
	errorType    = reflect.TypeFor[error]()
	requestType  = reflect.TypeFor[*http.Request]()
	readerType   = reflect.TypeFor[io.Reader]()
	stringType   = reflect.TypeFor[string]()
	anyType      = reflect.TypeFor[any]()

	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
)

// boundMethod is a method of a client with its arguments:
//
//	func(ctx, path values in the order of the template, [*Params], [body], ...RequestEditorFn) (*http.Response, error)
//
// In place of the body there may be its media type and a reader.
type boundMethod struct {
	method      reflect.Value // bound to the client
	paths       []pathArgument
	unescaped   bool         // whether the path has a character that must be escaped
	paramsType  reflect.Type // struct of query, header and cookie parameters; nil: none
	bodyType    reflect.Type // nil: none, or a reader
	reader      bool         // whether the body is a media type and a reader
	editorsType reflect.Type // slice of request editors; nil: the method takes none

	leavesOutNil bool // whether the method sends no parameter that is a nil interface
}

// pathArgument is an argument of the method for a part of the path.
type pathArgument struct {
	name     string // in the template
	argument string // of the tool
	typ      reflect.Type
}

// bindMethod finds the method that a tool calls: of an operation with a body the one that takes a reader, so that the
// bytes are sent that the arguments say, whatever the Go type of the body holds, or else the one that takes that type.
func (t *tool) bindMethod(methods methodSet) error {
	if methods.methods != nil {
		method, err := methods.methods.Method(t.operation)
		if err == nil {
			t.bound, err = boundMethodOf(reflect.ValueOf(method), t.operation)
			t.bound.leavesOutNil = true
		}
		return err
	}
	if t.operation.Body != nil {
		raw, ok, err := methods.find(t.operation, withBody)
		if ok && err == nil {
			if t.bound, err = methods.bound(raw, t.operation); err == nil && t.bound.reader {
				t.bodyType = methods.bodyType(t.operation)
				return nil
			}
		}
	}
	typed, hasTyped, err := methods.find(t.operation, "")
	if err != nil {
		return err
	}
	if !hasTyped && t.operation.Body == nil { // a body without content, which a client may have a method for
		if typed, hasTyped, err = methods.find(t.operation, withBody); err != nil {
			return err
		}
	}
	if !hasTyped {
		return unfit(fmt.Errorf("%s has no method for it", methods.client.Type()), "generate the client with the operation, "+
			"which include-tags, exclude-operation-ids and the like may have left out")
	}
	if t.bound, err = methods.bound(typed, t.operation); err != nil {
		return fmt.Errorf("method %s: %w", methods.client.Type().Method(typed).Name, err)
	}
	t.bodyType = t.bound.bodyType
	return nil
}

// bodyType returns the Go type of the body in the media type of the table, from the method that takes it; nil: there is
// no such method.
func (m methodSet) bodyType(op *optable.Operation) reflect.Type {
	ending := ""
	switch kind := schema.Fold(op.Body.MediaType); {
	case kind == "applicationjson":
	case kind == "applicationxwwwformurlencoded":
		ending = "WithFormdataBody"
	case strings.HasSuffix(kind, "json"):
		ending = "With" + strings.ReplaceAll(op.Body.MediaType, "+", "Plus") + "Body"
	default:
		return nil
	}
	i, ok, err := m.find(op, ending)
	if !ok || err != nil {
		return nil
	}
	s, err := m.bound(i, op)
	if err != nil {
		return nil
	}
	return s.bodyType
}

// bound reads the arguments of a method of the client for an operation.
func (m methodSet) bound(i int, op *optable.Operation) (boundMethod, error) {
	return boundMethodOf(m.client.Method(i), op)
}

// boundMethodOf reads the arguments of a method for an operation.
func boundMethodOf(method reflect.Value, op *optable.Operation) (boundMethod, error) {
	s := boundMethod{method: method}
	path, _, _ := strings.Cut(op.Path, "?")
	s.unescaped = strings.ContainsFunc(path, unescaped)
	typ := s.method.Type()
	if typ.NumOut() != 2 || typ.Out(0) != responseType || typ.Out(1) != errorType {
		return s, errors.New("it does not return (*http.Response, error)")
	}
	if typ.NumIn() == 0 || typ.In(0) != contextType {
		return s, errors.New("its first argument is no context")
	}
	end := typ.NumIn()
	if typ.IsVariadic() {
		if !isEditor(typ.In(end - 1).Elem()) {
			return s, errors.New("its last argument is no request editor")
		}
		s.editorsType = typ.In(end - 1)
		end--
	}
	rest := make([]reflect.Type, 0, end)
	for j := 1; j < end; j++ {
		rest = append(rest, typ.In(j))
	}
	names := pathParameters(op.Path)
	s.paths = make([]pathArgument, 0, len(names))
	for _, name := range names {
		if len(rest) == 0 {
			return s, fmt.Errorf("it has no argument for {%s}", name)
		}
		s.paths = append(s.paths, pathArgument{name, name, rest[0]})
		rest = rest[1:]
	}
	if hasParams(op) {
		if len(rest) == 0 || rest[0].Kind() != reflect.Pointer || rest[0].Elem().Kind() != reflect.Struct {
			return s, errors.New("it takes no struct of parameters")
		}
		s.paramsType, rest = rest[0].Elem(), rest[1:]
	}
	switch {
	case len(rest) == 2 && rest[0] == stringType && rest[1] == readerType:
		s.reader, rest = true, nil
	case op.Body == nil:
	case len(rest) == 0:
		return s, errors.New("it takes no body")
	default:
		s.bodyType, rest = rest[0], rest[1:]
	}
	if len(rest) > 0 {
		return s, fmt.Errorf("the table does not describe its argument of type %s", rest[0])
	}
	return s, nil
}

func isEditor(t reflect.Type) bool {
	return t.Kind() == reflect.Func && t.NumIn() == 2 && t.In(0) == contextType && t.In(1) == requestType
}

func hasParams(op *optable.Operation) bool {
	for _, p := range op.Parameters {
		if p.In != optable.InPath {
			return true
		}
	}
	return false
}

// pathParameters returns the names in braces of a path template, in order and without the marks of RFC 6570 that say
// how a value is expanded.
func pathParameters(template string) []string {
	var names []string
	for {
		_, rest, found := strings.Cut(template, "{")
		if !found {
			return names
		}
		name, rest, _ := strings.Cut(rest, "}")
		names, template = append(names, strings.TrimSuffix(strings.TrimLeft(name, ".;?"), "*")), rest
	}
}

package mcpadapter

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// methodSet finds the methods of a client by name in any case, because the configuration of the generator decides how
// an operationId becomes a Go name.
type methodSet struct {
	client reflect.Value
	index  map[string]int // ambiguous for names that several methods share
}

const ambiguous = -1

func methodsOf(client reflect.Value) methodSet {
	t := client.Type()
	set := methodSet{client: client, index: make(map[string]int, t.NumMethod())}
	for i := range t.NumMethod() {
		name := schema.Fold(t.Method(i).Name)
		if _, taken := set.index[name]; taken {
			i = ambiguous
		}
		set.index[name] = i
	}
	return set
}

var (
	contextType  = reflect.TypeFor[context.Context]()
	responseType = reflect.TypeFor[*http.Response]()
	errorType    = reflect.TypeFor[error]()
	requestType  = reflect.TypeFor[*http.Request]()
)

// bindMethod finds the method of the operation and its arguments:
//
//	func(ctx, path values in the order of the template, [*Params], [body], ...RequestEditorFn) (*http.Response, error)
func (t *tool) bindMethod(methods methodSet) error {
	i, ok := methods.index[schema.Fold(t.operation.ID)]
	switch {
	case !ok:
		return fmt.Errorf("%s has no method for it", methods.client.Type())
	case i == ambiguous:
		return fmt.Errorf("%s has several methods for it, which differ in case alone", methods.client.Type())
	}
	t.method = methods.client.Method(i)
	typ := t.method.Type()
	mismatch := func(why string) error {
		return fmt.Errorf("method %s: %s", methods.client.Type().Method(i).Name, why)
	}
	if typ.NumOut() != 2 || typ.Out(0) != responseType || typ.Out(1) != errorType {
		return mismatch("it does not return (*http.Response, error)")
	}
	if typ.NumIn() == 0 || typ.In(0) != contextType {
		return mismatch("its first argument is no context")
	}
	end := typ.NumIn()
	if typ.IsVariadic() {
		if !isEditor(typ.In(end - 1).Elem()) {
			return mismatch("its last argument is no request editor")
		}
		t.editorType = typ.In(end - 1).Elem()
		end--
	}
	rest := make([]reflect.Type, 0, end)
	for j := 1; j < end; j++ {
		rest = append(rest, typ.In(j))
	}
	for _, name := range pathParameters(t.operation.Path) {
		if len(rest) == 0 {
			return mismatch(fmt.Sprintf("it has no argument for {%s}", name))
		}
		t.paths = append(t.paths, pathArgument{name, rest[0]})
		rest = rest[1:]
	}
	if hasParams(t.operation) {
		if len(rest) == 0 || rest[0].Kind() != reflect.Pointer || rest[0].Elem().Kind() != reflect.Struct {
			return mismatch("it takes no struct of parameters")
		}
		t.paramsType, rest = rest[0].Elem(), rest[1:]
	}
	if t.operation.Body != nil {
		if len(rest) == 0 {
			return mismatch("it takes no body")
		}
		t.bodyType, rest = rest[0], rest[1:]
	}
	if len(rest) > 0 {
		return mismatch(fmt.Sprintf("the table does not describe its argument of type %s", rest[0]))
	}
	return nil
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

// pathParameters returns the names in braces of a path template, in order.
func pathParameters(template string) []string {
	var names []string
	for {
		_, rest, found := strings.Cut(template, "{")
		if !found {
			return names
		}
		name, rest, _ := strings.Cut(rest, "}")
		names, template = append(names, name), rest
	}
}

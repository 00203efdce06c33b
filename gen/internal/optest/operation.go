package optest

import (
	"io"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// Component follows a schema's reference to the component that it names.
func Component(s *optable.Schema) *optable.Schema {
	for s.Ref != "" {
		s = gen.Operations.Schema(s.Ref)
	}
	return s
}

// Parameter returns the parameter of that name, or nil.
func Parameter(op *optable.Operation, name string) *optable.Parameter {
	i := slices.IndexFunc(op.Parameters, func(p optable.Parameter) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &op.Parameters[i]
}

// IsCollection reports whether a schema is a bare array or an object whose data is an array.
func IsCollection(s *optable.Schema) bool {
	s = Component(s)
	if s.Types.Has(optable.Array) {
		return true
	}
	data := s.Property("data")
	return data != nil && Component(data.Schema).Types.Has(optable.Array)
}

// Successes lists the documented responses that are not errors: those below 400.
func Successes(op *optable.Operation) []optable.Response {
	var list []optable.Response
	for _, a := range op.Responses {
		if a.Status != 0 && a.Status < http.StatusBadRequest {
			list = append(list, a)
		}
	}
	return list
}

// Fold keeps what a name has in common with the Go name that it becomes: letters and digits, without their case.
func Fold(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("._-", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// PathNames lists the parameters of a path template in their order.
func PathNames(path string) []string {
	var names []string
	for _, match := range regexp.MustCompile(`\{([^}]+)\}`).FindAllStringSubmatch(path, -1) {
		names = append(names, match[1])
	}
	return names
}

// IsTypedCall reports whether a method returns a decoded response and takes no io.Reader as body.
func IsTypedCall(typ reflect.Type) bool {
	if typ.NumOut() != 2 || !strings.HasSuffix(typ.Out(0).String(), "Response") ||
		typ.Out(0) == reflect.TypeFor[*http.Response]() {
		return false
	}
	for in := range typ.Ins() {
		if in == reflect.TypeFor[io.Reader]() {
			return false
		}
	}
	return true
}

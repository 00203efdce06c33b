package client

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// ErrInvalidRequest is a request that the API would reject. It was not sent. See [InvalidRequestError] for the field.
var ErrInvalidRequest = errors.New("invalid request")

// InvalidRequestError names what is wrong with a request that was not sent: a missing or conflicting field, a required
// list or map that is nil, a value outside an enum, a number of a query outside its limits, or a path value that would
// address another endpoint. errors.Is reports [ErrInvalidRequest]. Limits of values in a body are left to the API,
// which responds with an [ErrValidation].
//
// The checks are those of api.yaml. What the API accepts beyond it can be sent by [WithBodyField] and [WithQuery].
type InvalidRequestError struct {
	Field  string // path by the names on the wire, such as domain_data[0].state
	Reason string // such as "is required"; of the values in a body, which may be secret, it has those of enums alone
}

func (e *InvalidRequestError) Error() string {
	return fmt.Sprintf("%s: %s %s", ErrInvalidRequest, e.Field, e.Reason)
}

// Is reports whether target is [ErrInvalidRequest].
func (e *InvalidRequestError) Is(target error) bool { return target == ErrInvalidRequest }

func invalid(field, format string, args ...any) error {
	return &InvalidRequestError{Field: field, Reason: fmt.Sprintf(format, args...)}
}

// enum is a generated type whose values are fixed.
type enum interface {
	~string
	Valid() bool
}

// enumType matches every type argument of enum.
type enumType interface{ Valid() bool }

// checkBody reports the first value in a body that its enum does not have, and the first required list or map that is
// nil: it would be sent as null, which no operation takes for an empty one. An empty string in a field that is not a
// pointer is a field that was not set.
func checkBody(v reflect.Value, at string) error {
	switch v.Kind() { //nolint:exhaustive // others contain no enum
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return checkBody(v.Elem(), at)
		}
	case reflect.String:
		if e, ok := reflect.TypeAssert[enumType](v); ok && v.Len() > 0 && !e.Valid() {
			return invalid(cmp.Or(at, "body"), "is not a known value: %q", v.String())
		}
	case reflect.Slice:
		if !mayContainEnums(v.Type().Elem()) {
			return nil
		}
		for i := range v.Len() {
			if err := checkBody(v.Index(i), at+"["+strconv.Itoa(i)+"]"); err != nil {
				return err
			}
		}
	case reflect.Map: // a Nullable too, whose keys are no names
		if !mayContainEnums(v.Type().Elem()) {
			return nil
		}
		names := v.MapKeys()
		sort.Slice(names, func(i, j int) bool { return nameBefore(names[i], names[j]) })
		for _, name := range names {
			inner := at
			if name.Kind() == reflect.String {
				inner = join(at, name.String())
			}
			if err := checkBody(v.MapIndex(name), inner); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if !field.IsExported() {
				continue
			}
			inner := at
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" || !field.Anonymous {
				inner = join(at, cmp.Or(name, field.Name))
			}
			if isUnset(v.Field(i), field) && v.Type().PkgPath() == modelsPath {
				return invalid(inner, "is nil: want a value, which may be empty")
			}
			if err := checkBody(v.Field(i), inner); err != nil {
				return err
			}
		}
	}
	return nil
}

// modelsPath is that of the types of the API. Other types in a body, as values of the type any, are the caller's.
var modelsPath = reflect.TypeFor[gen.User]().PkgPath()

// isUnset reports whether a field is a list or map that is nil and required.
func isUnset(v reflect.Value, field reflect.StructField) bool {
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Map || !v.IsNil() || isNullable(v.Type()) {
		return false
	}
	name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name != "" && name != "-" && !strings.Contains(options, "omit")
}

// nameBefore orders the keys of a map, so that the same body always gives the same error. The keys of a Nullable, which
// has one at most, are no names.
func nameBefore(a, b reflect.Value) bool {
	return a.Kind() == reflect.String && b.Kind() == reflect.String && a.String() < b.String()
}

// mayContainEnums rules out bytes and plain values, of which there may be many.
func mayContainEnums(t reflect.Type) bool {
	switch t.Kind() { //nolint:exhaustive // others are plain
	case reflect.String, reflect.Struct, reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		return true
	}
	return false
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// checkExclusive checks that the parameters and the fields of the body belong to one variant of each exclusive group of
// the operation, and that the variant is complete.
func checkExclusive(groups []optable.Exclusive, q *query, body []byte) error {
	if len(groups) == 0 {
		return nil
	}
	var fields map[string]json.RawMessage
	if len(body) > 0 {
		if err := json.Unmarshal(body, &fields); err != nil {
			return fmt.Errorf("body: %w", err)
		}
	}
	given := func(name string) bool {
		_, field := fields[name]
		return field || q.has(name)
	}
	for i := range groups {
		if err := checkGroup(&groups[i], given); err != nil {
			return err
		}
	}
	return nil
}

func checkGroup(group *optable.Exclusive, given func(name string) bool) error {
	choice := group.Choose(given)
	switch {
	case choice.Conflict != nil:
		at := slices.IndexFunc(choice.Conflict.Fields, given)
		return invalid(choice.Conflict.Fields[at], "cannot go together with %s", strings.Join(choice.Variant.Fields, ", "))
	case choice.None:
		names := make([]string, len(group.Variants))
		for i, v := range group.Variants {
			names[i] = strings.Join(v.Fields, " with ")
		}
		return invalid(names[0], "is required, or instead of it %s", strings.Join(names[1:], ", or "))
	case len(choice.Missing) > 0:
		return invalid(choice.Missing[0], "is required together with the rest of %s",
			strings.Join(choice.Variant.Fields, ", "))
	}
	return nil
}

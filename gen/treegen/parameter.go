package main

import (
	"fmt"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Parameter is a query parameter.
type Parameter struct {
	Name     string
	Field    string // of the struct of parameters
	Writer   string // function of package client that encodes it
	Limits   string // minimum and maximum for addLimit, which takes no name; "" for other writers
	Required bool
}

// parameters reads the struct of parameters, unless its only field is an idempotency key, which is an option.
func (m *Method) parameters(op *optable.Operation, in *[]reflect.Type) error {
	isKey := func(p optable.Parameter) bool { return strings.EqualFold(p.Name, "Idempotency-Key") }
	others := slices.DeleteFunc(slices.Clone(op.Parameters), func(p optable.Parameter) bool {
		return p.In == optable.InPath || isKey(p)
	})
	if len(others) == 0 {
		if slices.ContainsFunc(op.Parameters, isKey) {
			*in = (*in)[1:]
		}
		return nil
	}
	params := (*in)[0].Elem()
	m.Inputs.Params = params
	m.Params, *in = m.use(params), (*in)[1:]
	if words := split(m.GoName, strings.Split(op.ID, ".")); params.Name() == strings.Join(words, "")+"Params" {
		var err error
		if m.Params, err = typeName(words, "Params"); err != nil {
			return err
		}
	}
	for _, p := range others {
		if p.In != optable.InQuery {
			return fmt.Errorf("unsupported %s parameter %s", p.In, p.Name)
		}
		field, ok := fieldOf(params, p.Name)
		if !ok {
			return fmt.Errorf("%s has no field for %s", params, p.Name)
		}
		writer, err := writerOf(p, field.Type)
		if err != nil {
			return err
		}
		query := Parameter{Name: p.Name, Field: field.Name, Writer: writer, Required: p.Required}
		if writer == "addInt" && p.Schema.Constrained().Minimum != "" && p.Schema.Constrained().Maximum != "" {
			if p.Name != "limit" {
				return fmt.Errorf("unsupported minimum and maximum of parameter %s", p.Name)
			}
			query.Writer, query.Limits = "addLimit", p.Schema.Constrained().Minimum+", "+p.Schema.Constrained().Maximum
		}
		m.Query = append(m.Query, query)
		if p.Required {
			m.Required = append(m.Required, p.Name)
		}
	}
	return nil
}

func fieldOf(params reflect.Type, name string) (reflect.StructField, bool) {
	for f := range params.Fields() {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// isEnum reports whether a type knows its values.
func isEnum(typ reflect.Type) bool {
	return typ.Implements(reflect.TypeFor[interface{ Valid() bool }]())
}

// writerOf returns the function that encodes a parameter of this style and Go type.
func writerOf(p optable.Parameter, typ reflect.Type) (string, error) {
	deep, joined := p.Style == "deepObject", p.Style == "" && p.Explode == "false"
	switch {
	case typ == reflect.TypeFor[*time.Time]():
		return "addTime", nil
	case typ == reflect.TypeFor[*int]():
		return "addInt", nil
	case typ == reflect.TypeFor[*bool]():
		return "addBool", nil
	case typ == reflect.TypeFor[map[string]string]() && deep:
		return "addMap", nil
	case typ.Kind() == reflect.Slice && typ.Elem().Kind() == reflect.String && joined && isEnum(typ.Elem()):
		return "addEnums", nil
	case typ.Kind() == reflect.Pointer && typ.Elem().Kind() == reflect.String && isEnum(typ.Elem()):
		return "addEnum", nil
	case typ.Kind() == reflect.Slice && typ.Elem().Kind() == reflect.String && joined:
		return "addList", nil
	case typ.Kind() == reflect.String:
		return "addText", nil
	case typ.Kind() == reflect.Pointer && typ.Elem().Kind() == reflect.String:
		return "addOptional", nil
	}
	return "", fmt.Errorf("unsupported parameter %s of type %s and style %q", p.Name, typ, p.Style)
}

// pathParameters returns the parameter names of a path template, in order.
func pathParameters(template string) []string {
	names := strings.Split(template, "{")[1:]
	for i, part := range names {
		names[i], _, _ = strings.Cut(part, "}")
	}
	return names
}

// goName converts the name of a path parameter, in snake or camel case, to that of a Go argument.
func goName(name string) string {
	var b strings.Builder
	for i, word := range words(name) {
		switch {
		case word == "id" && i > 0:
			word = "ID"
		case i > 0:
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		b.WriteString(word)
	}
	switch arg := b.String(); {
	case arg == "type":
		return "typ"
	case token.IsKeyword(arg):
		return arg + "Value"
	default:
		return arg
	}
}

func words(name string) []string {
	var b strings.Builder
	for _, r := range name {
		if 'A' <= r && r <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.Split(strings.ToLower(b.String()), "_")
}

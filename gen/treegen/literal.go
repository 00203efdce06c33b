package main

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// literals writes values as Go expressions, as a program that imports package client as workos writes them.
type literals struct{ models *Models }

// of returns the expression of a value. A struct has a line for each field that is not zero.
func (l literals) of(v reflect.Value) (string, error) {
	typ := v.Type()
	switch {
	case typ == reflect.TypeFor[time.Time]():
		at, _ := reflect.TypeAssert[time.Time](v)
		at = at.UTC()
		return fmt.Sprintf("time.Date(%d, %d, %d, %d, %d, %d, %d, time.UTC)", at.Year(), at.Month(), at.Day(), at.Hour(),
			at.Minute(), at.Second(), at.Nanosecond()), nil
	case typ.Kind() == reflect.String && typ.PkgPath() != "":
		if name := l.models.constant(typ.Name(), v.String()); name != "" {
			return "workos." + name, nil
		}
		return "workos." + typ.Name() + "(" + strconv.Quote(v.String()) + ")", nil
	}
	switch typ.Kind() {
	case reflect.String:
		return strconv.Quote(v.String()), nil
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	case reflect.Int, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), nil
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64), nil
	case reflect.Interface:
		if v.IsNil() {
			return nilLiteral, nil
		}
		return l.of(v.Elem())
	case reflect.Pointer:
		inner, err := l.of(v.Elem())
		if typ.Elem().Kind() == reflect.Struct && typ.Elem() != reflect.TypeFor[time.Time]() {
			return "&" + inner, err
		}
		return "workos.Ptr(" + inner + ")", err
	case reflect.Slice:
		var items []string
		for i := range v.Len() {
			items = append(items, "")
			var err error
			if items[i], err = l.of(v.Index(i)); err != nil {
				return "", err
			}
			if typ.Elem().Kind() == reflect.Struct {
				items[i] = strings.TrimPrefix(items[i], typeText(typ.Elem()))
			}
		}
		return typeText(typ) + "{" + strings.Join(items, ", ") + "}", nil
	case reflect.Map:
		return l.entries(v)
	case reflect.Struct:
		return l.fields(v)
	default:
		return "", fmt.Errorf("no literal for a value of type %s", typ)
	}
}

func (l literals) entries(v reflect.Value) (string, error) {
	if v.Type().Key().Kind() != reflect.String {
		return "", fmt.Errorf("no literal for a value of type %s", v.Type())
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	entries := make([]string, len(keys))
	for i, key := range keys {
		item, err := l.of(v.MapIndex(key))
		if err != nil {
			return "", err
		}
		entries[i] = strconv.Quote(key.String()) + ": " + item
	}
	return typeText(v.Type()) + "{" + strings.Join(entries, ", ") + "}", nil
}

func (l literals) fields(v reflect.Value) (string, error) {
	var b strings.Builder
	b.WriteString(typeText(v.Type()) + "{\n")
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() {
			return "", fmt.Errorf("no literal for a value of type %s, which is a union", v.Type())
		}
		if v.Field(i).IsZero() {
			continue
		}
		inner, err := l.of(v.Field(i))
		if err != nil {
			return "", err
		}
		b.WriteString(field.Name + ": " + inner + ",\n")
	}
	b.WriteString("}")
	return b.String(), nil
}

// typeText returns a type as programs write it, which know no package gen.
func typeText(typ reflect.Type) string {
	text := strings.ReplaceAll(typ.String(), "gen.", "workos.")
	return strings.ReplaceAll(text, "interface {}", "any")
}

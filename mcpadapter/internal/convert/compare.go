package convert

import (
	"encoding/json"
	"errors"
	"strconv"

	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// compare compares the given JSON with the JSON that a Go value writes, because a type may drop what is empty or round
// numbers. It fails if an object, an array or a number differs. Strings may be written differently, as times are.
func compare(given, sent any, at string) error {
	switch given := given.(type) {
	case map[string]any:
		return compareObjects(given, sent, at)
	case []any:
		list, ok := sent.([]any)
		if !ok || len(list) != len(given) {
			return changed(at, value.Describe(given)+" cannot be sent")
		}
		for i := range given {
			if err := compare(given[i], list[i], at+"["+strconv.Itoa(i)+"]"); err != nil {
				return err
			}
		}
	case json.Number:
		number, _ := sent.(json.Number)
		if !sameNumber(given, number) {
			return changed(at, value.Describe(given)+" would arrive as "+string(number))
		}
	default:
		if value.TypeOf(given) != value.TypeOf(sent) {
			return changed(at, value.Describe(given)+" cannot be sent")
		}
	}
	return nil
}

func changed(at, what string) error {
	if at == "" {
		return errors.New(what)
	}
	return errors.New(at + ": " + what)
}

func compareObjects(given map[string]any, sent any, at string) error {
	object, ok := sent.(map[string]any)
	if !ok {
		return changed(at, value.Describe(given)+" cannot be sent")
	}
	for _, name := range value.SortedNames(given) {
		v, ok := object[name]
		if !ok {
			return changed(jsontext.Join(at, name), value.Describe(given[name])+" cannot be sent")
		}
		if err := compare(given[name], v, jsontext.Join(at, name)); err != nil {
			return err
		}
	}
	for _, name := range value.SortedNames(object) {
		if _, ok := given[name]; !ok {
			return changed(jsontext.Join(at, name), "would be sent without being given")
		}
	}
	return nil
}

// sameNumber compares whole numbers exactly and others as float64.
func sameNumber(given, sent json.Number) bool {
	a, ok1 := value.Rational(string(given))
	b, ok2 := value.Rational(string(sent))
	if !ok1 || !ok2 {
		return given == sent
	}
	if a.IsInt() {
		return a.Cmp(b) == 0
	}
	x, _ := a.Float64()
	y, _ := b.Float64()
	return x == y
}

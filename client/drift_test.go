package client_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

// driftValues are one value of each JSON type, and texts that are no times.
var driftValues = []string{`null`, `true`, `7`, `1.5`, `""`, `"text"`, `[]`, `[7]`, `{}`, `{"a": {"b": 7}}`}

// driftParts are what can be left of a value, and what is then missing.
var driftParts = map[string][]struct{ value, path string }{
	`[7]`:             {{`[]`, "[0]"}},
	`{"a": {"b": 7}}`: {{`{"a": {}}`, ".a.b"}, {`{}`, ".a"}},
}

// TestDriftLosesNothingElse changes each value within a valid response to one of each JSON type: every value of each
// type that operations return, and one for each further operation that returns that type. The call succeeds, names what
// does not fit, and returns everything else as it was.
func TestDriftLosesNothingElse(t *testing.T) {
	t.Parallel()
	var body []byte
	transport := transportFunc(func(req *http.Request) (*http.Response, error) {
		return respondJSON(http.StatusOK, string(body))(req)
	})
	c := newClient(t, testKey, once(), client.WithHTTPClient(&http.Client{Transport: transport}))
	type shape struct {
		typ  reflect.Type
		list bool
	}
	known := map[shape]bool{}
	operations, changes := 0, 0
	for _, op := range treeCalls(reflect.ValueOf(c).Elem().FieldByName("Services"), "") {
		typ, isList := resultOf(op)
		if typ == nil {
			continue
		}
		operations++
		valid := reflect.New(typ).Elem()
		fill(valid, "2026-01-02T03:04:05.678Z", 0)
		var response client.Response
		args := append(arguments(t, op.call.Type()), reflect.ValueOf(client.WithResponse(&response)))
		d := drift{typ: typ, call: func(document []byte) (any, error) {
			body = document
			out := op.call.Call(args)
			err, _ := reflect.TypeAssert[error](out[1])
			switch {
			case err != nil:
				return nil, err
			case isList:
				return out[0].Elem().FieldByName("Data").Interface(), nil
			default:
				return out[0].Interface(), nil
			}
		}, response: &response}
		document, err := json.Marshal(valid.Interface())
		if err != nil {
			t.Fatal(err)
		}
		if isList {
			document = fmt.Appendf(nil, `{"data": [%s, %s], "list_metadata": {"after": null}}`, document, document)
			d.list = true
		}
		changes += d.run(t, op.name, document, !known[shape{typ, isList}])
		known[shape{typ, isList}] = true
	}
	t.Logf("%d operations, %d types, %d changes", operations, len(known), changes)
	if operations < 200 {
		t.Errorf("got %d operations, want all that return a value", operations)
	}
}

// resultOf returns the type of what a method returns, and whether that is the item of a list; nil for an iterator and
// for methods without a result.
func resultOf(op treeCall) (typ reflect.Type, isList bool) {
	method := op.call.Type()
	if op.iterates() || method.NumOut() != 2 || method.Out(0) == reflect.TypeFor[*client.Redirect]() {
		return nil, false
	}
	typ = method.Out(0).Elem()
	if data, ok := typ.FieldByName("Data"); ok && strings.HasPrefix(typ.Name(), "Page[") {
		return data.Type.Elem(), true
	}
	return typ, false
}

// drift changes one document.
type drift struct {
	typ      reflect.Type
	list     bool
	call     func(document []byte) (any, error)
	response *client.Response
}

// run makes every change, or those at one place, and returns their number.
func (d *drift) run(t *testing.T, name string, document []byte, everywhere bool) (changes int) {
	t.Helper()
	parsed := parse(t, document)
	for _, place := range placesOf(parsed) {
		if d.list && (place.text == "data" || place.text == "list_metadata" || place.text == "data[0]") {
			continue // what makes it a list
		}
		for _, value := range append([]string{"removed", "added"}, driftValues...) {
			if !d.check(t, name, place, value, parsed) {
				return changes
			}
			changes++
		}
		if !everywhere {
			break
		}
	}
	return changes
}

// check compares a call that gets the changed document with plain decoding: of the same document if it fits, else of
// the document with as much of the value as fits.
func (d *drift) check(t *testing.T, name string, place place, value string, document any) bool {
	t.Helper()
	text := func(document any) []byte {
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	with := func(value string) []byte { return text(changed(document, place.path, value)) }
	sent := with(value)
	want, err := d.decode(sent)
	var invalid []string
	for _, part := range driftParts[value] {
		if err != nil {
			want, err = d.decode(with(part.value))
			invalid = []string{place.text + part.path}
		}
	}
	if err != nil && value == "added" { // to a map
		want, err = d.decode(text(document))
		invalid = []string{place.text[:strings.LastIndexByte(place.text, '.')] + ".brand_new_field"}
	}
	if err != nil {
		want, err = d.decode(with("removed"))
		invalid = []string{place.text}
	}
	if err != nil {
		t.Fatalf("%s: %v without %s in %s", name, err, place.text, text(document))
	}
	got, err := d.call(sent)
	if err != nil || !reflect.DeepEqual(got, want) || !slices.Equal(d.response.Invalid, invalid) {
		t.Errorf("%s: %s is %s: got %+v, %v and invalid %q, want %+v and %q", name, place.text, value, got, err,
			d.response.Invalid, want, invalid)
		return false
	}
	return true
}

func (d *drift) decode(document []byte) (any, error) {
	if !d.list {
		into := reflect.New(d.typ)
		err := json.Unmarshal(document, into.Interface())
		return into.Interface(), err
	}
	into := reflect.New(reflect.StructOf([]reflect.StructField{
		{Name: "Data", Type: reflect.SliceOf(d.typ), Tag: `json:"data"`},
		{Name: "Metadata", Type: reflect.TypeFor[struct{ After, Before string }](), Tag: `json:"list_metadata"`},
	}))
	err := json.Unmarshal(document, into.Interface())
	return into.Elem().Field(0).Interface(), err
}

// place is a value within a document.
type place struct {
	text string
	path []any // names and indexes
}

func parse(t *testing.T, document []byte) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// placesOf lists the values within a document, of an array the first.
func placesOf(document any) []place {
	var places []place
	var walk func(v any, at place)
	walk = func(v any, at place) {
		if len(at.path) > 0 {
			places = append(places, at)
		}
		switch v := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(v[name], place{strings.TrimPrefix(at.text+"."+name, "."), append(slices.Clip(at.path), name)})
			}
		case []any:
			if len(v) > 0 {
				walk(v[0], place{at.text + "[0]", append(slices.Clip(at.path), 0)})
			}
		}
	}
	walk(document, place{})
	return places
}

// changed returns a copy of a document with another value at a path, without that value, or with another member beside it.
func changed(document any, path []any, value string) any {
	switch v := document.(type) {
	case map[string]any:
		v = maps.Clone(v)
		switch name := as[string](path[0]); {
		case len(path) > 1:
			v[name] = changed(v[name], path[1:], value)
		case value == "removed":
			delete(v, name)
		case value == "added":
			v["brand_new_field"] = map[string]any{"a": 1}
		default:
			v[name] = json.RawMessage(value)
		}
		return v
	case []any:
		v = slices.Clone(v)
		switch index := as[int](path[0]); {
		case len(path) > 1:
			v[index] = changed(v[index], path[1:], value)
		case value == "removed":
			v = slices.Delete(v, index, index+1)
		case value != "added":
			v[index] = json.RawMessage(value)
		}
		return v
	default:
		panic(fmt.Sprintf("got a %T within the document", v))
	}
}

// as returns v as a T, which it is known to be.
func as[T any](v any) T {
	typed, ok := v.(T)
	if !ok {
		panic(fmt.Sprintf("got a %T, want a %T", v, typed))
	}
	return typed
}

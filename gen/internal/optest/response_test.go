package optest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// examples are the responses that every operation must be able to return.
func examples() map[string]optest.Example {
	return map[string]optest.Example{
		"full": {}, "sparse": {Sparse: true}, "foreign": {Foreign: true}, "sparse and foreign": {Sparse: true, Foreign: true},
	}
}

// expect sets the next response and returns its JSON, nil if it has none.
func (f *fixture) expect(a optable.Response, e optest.Example) any {
	f.Helper()
	f.reply = reply{status: a.Status}
	if a.Status/100 == 3 {
		f.reply.location = "https://example.com/callback?code=1&state=%2F"
	}
	if a.Schema == nil {
		return nil
	}
	v := e.Value(a.Schema, "response")
	f.reply.body = string(optest.Encode(f.T, v))
	return v
}

func TestResponseIsTheResultOfATool(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		arguments := optest.Shapes(f.op)[0].Least(f.schema)
		for name, e := range examples() {
			for _, a := range optest.Successes(f.op) {
				want := f.expect(a, e)
				switch _, isArray := want.([]any); {
				case a.Status/100 == 3:
					want = map[string]any{"location": f.reply.location}
				case want == nil:
					want = map[string]any{}
				case isArray:
					want = map[string]any{"data": want}
				}
				result := f.accept(arguments)
				if result.Failure != nil || !optest.SameJSON(f.T, optest.Decode(f.T, result.JSON), want) {
					f.Errorf("%d, %s: got %s, want %s", a.Status, name, result.JSON, optest.Encode(f.T, want))
				}
			}
		}
	})
}

func TestResponseIsDecodedWithoutLoss(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		for name, e := range examples() {
			for _, a := range optest.Successes(f.op) {
				want := f.expect(a, e)
				response := f.callTyped()
				if a.Schema == nil || !response.IsValid() {
					continue
				}
				field := response.Elem().FieldByName(fmt.Sprintf("JSON%d", a.Status))
				if !field.IsValid() || field.IsNil() {
					f.Errorf("%d, %s: the typed response is nil", a.Status, name)
					continue
				}
				got := optest.Decode(f.T, optest.Encode(f.T, field.Interface()))
				if lost := lost(known(want), got, "response"); len(lost) > 0 {
					f.Errorf("%d, %s: lost %v of %s, got %s", a.Status, name, lost, f.reply.body, optest.Encode(f.T, got))
				}
			}
		}
	})
}

func TestErrorResponseIsDecoded(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		for _, body := range []string{
			`{"message":"No."}`, `{"message":["No.","Never."]}`, `{"code":"no","message":"No.","errors":["No."]}`,
			`{"error":"no","error_description":"No."}`, `{"errors":[{"code":"no","field":"id","instancePath":"/id"}]}`,
		} {
			f.reply = reply{status: http.StatusUnprocessableEntity, body: body}
			response := f.callTyped()
			if !response.IsValid() {
				continue
			}
			field := response.Elem().FieldByName("JSONDefault")
			if !field.IsValid() || field.IsNil() {
				f.Fatalf("%s: the typed error is nil", body)
			}
			got := optest.Decode(f.T, optest.Encode(f.T, field.Interface()))
			if lost := lost(optest.Decode(f.T, []byte(body)), got, "error"); lost != nil {
				f.Errorf("%s: lost %v, got %s", body, lost, optest.Encode(f.T, got))
			}
		}
	})
}

// callTyped calls the operation as a Go program does, and returns the *XResponse, or the zero Value after an error.
func (f *fixture) callTyped() reflect.Value {
	f.Helper()
	call := f.typed()
	arguments := optest.Shapes(f.op)[0].Least(f.schema)
	in := []reflect.Value{reflect.ValueOf(f.Context())}
	for i := 1; i < call.Type().NumIn()-1; i++ {
		typ := call.Type().In(i)
		var from any
		switch paths := optest.PathNames(f.op.Path); {
		case i <= len(paths):
			from = arguments[paths[i-1]]
		case optest.WholeBody(f.op) && typ.Kind() != reflect.Pointer:
			from = arguments["body"]
		default: // parameters or body, which pick their own
			from = arguments
		}
		value := reflect.New(typ)
		if err := json.NewDecoder(bytes.NewReader(optest.Encode(f.T, from))).Decode(value.Interface()); err != nil {
			f.Fatalf("make a %s: %v", typ, err)
		}
		in = append(in, value.Elem())
	}
	out := call.Call(in)
	if err, failed := reflect.TypeAssert[error](out[1]); failed {
		f.Errorf("%d %s: %v", f.reply.status, f.reply.body, err)
		return reflect.Value{}
	}
	return out[0]
}

// typed finds the method of the client that returns the operation's decoded response.
func (f *fixture) typed() reflect.Value {
	f.Helper()
	client := reflect.ValueOf(f.client)
	if !f.call.IsValid() {
		name := optest.Fold(f.op.ID) + "withresponse"
		for i := range client.NumMethod() {
			if strings.EqualFold(client.Type().Method(i).Name, name) {
				f.call = client.Method(i)
			}
		}
	}
	if !f.call.IsValid() || !optest.IsTypedCall(f.call.Type()) {
		f.Fatal("the client has no method for it")
	}
	return f.call
}

// known is a value without the properties that the example added to what the schema names.
func known(v any) any {
	switch v := v.(type) {
	case map[string]any:
		rest := map[string]any{}
		for key, inner := range v {
			if key != "property_of_tomorrow" {
				rest[key] = known(inner)
			}
		}
		return rest
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = known(v[i])
		}
		return list
	}
	return v
}

// lost lists the places where got lacks the value of want. Null and absent mean the same in a response.
func lost(want, got any, at string) []string {
	var places []string
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return []string{at}
		}
		for key, inner := range want {
			places = append(places, lost(inner, object[key], at+"."+key)...)
		}
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return []string{at}
		}
		for i := range want {
			places = append(places, lost(want[i], list[i], fmt.Sprintf("%s[%d]", at, i))...)
		}
	default:
		if !reflect.DeepEqual(got, want) {
			return []string{at}
		}
	}
	return places
}

func TestLossIsFound(t *testing.T) {
	t.Parallel()
	want := map[string]any{"a": []any{"x", map[string]any{"b": json.Number("1"), "c": nil}}, "d": false}
	for _, c := range []struct {
		got  any
		lost []string
	}{
		{want, nil},
		{map[string]any{"a": []any{"x", map[string]any{"b": json.Number("1")}}, "d": false, "e": 1}, nil},
		{map[string]any{"a": []any{"x", map[string]any{"b": json.Number("2")}}, "d": false}, []string{"x.a[1].b"}},
		{map[string]any{"a": []any{"x"}, "d": false}, []string{"x.a"}},
		{map[string]any{"a": want["a"]}, []string{"x.d"}},
		{nil, []string{"x"}},
	} {
		if got := lost(want, c.got, "x"); !reflect.DeepEqual(got, c.lost) {
			t.Errorf("%v: got %v, want %v", c.got, got, c.lost)
		}
	}
}

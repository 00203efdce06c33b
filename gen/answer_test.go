package gen_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// examples are the answers that every operation must be able to give.
func examples() map[string]example {
	return map[string]example{
		"full": {}, "sparse": {sparse: true}, "foreign": {foreign: true}, "sparse and foreign": {sparse: true, foreign: true},
	}
}

// expect makes the fixture give an answer, and returns its JSON, nil if it has none.
func (f *fixture) expect(a optable.Response, e example) any {
	f.Helper()
	f.reply = reply{status: a.Status}
	if a.Status/100 == 3 {
		f.reply.location = "https://example.com/callback?code=1&state=%2F"
	}
	if a.Schema == nil {
		return nil
	}
	v := e.value(a.Schema, "answer")
	f.reply.body = string(encode(f.T, v))
	return v
}

func TestAnswerIsTheResultOfATool(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		arguments := f.least(shapes(f.op)[0])
		for name, e := range examples() {
			for _, a := range answers(f.op) {
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
				if result.Failure != nil || !sameJSON(f.T, decodeText(f.T, result.JSON), want) {
					f.Errorf("%d, %s: got %s, want %s", a.Status, name, result.JSON, encode(f.T, want))
				}
			}
		}
	})
}

func TestAnswerIsDecodedWithoutLoss(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		for name, e := range examples() {
			for _, a := range answers(f.op) {
				want := f.expect(a, e)
				response := f.callTyped()
				if a.Schema == nil || !response.IsValid() {
					continue
				}
				field := response.Elem().FieldByName(fmt.Sprintf("JSON%d", a.Status))
				if !field.IsValid() || field.IsNil() {
					f.Errorf("%d, %s: the typed answer is nil", a.Status, name)
					continue
				}
				got := decodeText(f.T, encode(f.T, field.Interface()))
				if lost := lost(known(want), got, "answer"); len(lost) > 0 {
					f.Errorf("%d, %s: lost %v of %s, got %s", a.Status, name, lost, f.reply.body, encode(f.T, got))
				}
			}
		}
	})
}

func TestErrorAnswerIsDecoded(t *testing.T) {
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
			got := decodeText(f.T, encode(f.T, field.Interface()))
			if lost := lost(decodeText(f.T, []byte(body)), got, "error"); lost != nil {
				f.Errorf("%s: lost %v, got %s", body, lost, encode(f.T, got))
			}
		}
	})
}

// callTyped calls the operation as a Go program does, and returns the *XResponse, or the zero Value after an error.
func (f *fixture) callTyped() reflect.Value {
	f.Helper()
	call := f.typed()
	arguments := f.least(shapes(f.op)[0])
	in := []reflect.Value{reflect.ValueOf(f.Context())}
	for i := 1; i < call.Type().NumIn()-1; i++ {
		typ := call.Type().In(i)
		var from any
		switch paths := pathNames(f.op.Path); {
		case i <= len(paths):
			from = arguments[paths[i-1]]
		case wholeBody(f.op) && typ.Kind() != reflect.Pointer:
			from = arguments["body"]
		default: // parameters or body, which pick their own
			from = arguments
		}
		value := reflect.New(typ)
		if err := json.NewDecoder(bytes.NewReader(encode(f.T, from))).Decode(value.Interface()); err != nil {
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

// typed finds the method of the client that returns the operation's decoded answer.
func (f *fixture) typed() reflect.Value {
	f.Helper()
	client := reflect.ValueOf(f.client)
	if !f.call.IsValid() {
		name := folded(f.op.ID) + "withresponse"
		for i := range client.NumMethod() {
			if strings.EqualFold(client.Type().Method(i).Name, name) {
				f.call = client.Method(i)
			}
		}
	}
	if !f.call.IsValid() || !isTypedCall(f.call.Type()) {
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

// lost lists the places where got does not have the value of want. Null and absent mean the same in an answer.
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

package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// treeCall is a method of the tree.
type treeCall struct {
	name string // such as Organizations.Create
	call reflect.Value
}

// treeCalls finds the methods of all services that call one operation; Wait calls Get.
func treeCalls(services reflect.Value, prefix string) []treeCall {
	var calls []treeCall
	for i := range services.NumField() {
		field := services.Type().Field(i)
		if !field.IsExported() {
			continue
		}
		service := services.Field(i)
		for m := range service.NumMethod() {
			if service.Type().Method(m).Name == "Wait" {
				continue
			}
			calls = append(calls, treeCall{prefix + field.Name + "." + service.Type().Method(m).Name, service.Method(m)})
		}
		calls = append(calls, treeCalls(service.Elem(), prefix+field.Name+".")...)
	}
	return calls
}

func (c treeCall) iterates() bool { return c.call.Type().Out(0).Kind() == reflect.Func }

// do calls the method. An iterator is asked for its first entry.
func (c treeCall) do(args []reflect.Value) error {
	out := c.call.Call(args)
	if c.iterates() {
		var got error
		out[0].Call([]reflect.Value{reflect.MakeFunc(out[0].Type().In(0), func(in []reflect.Value) []reflect.Value {
			got, _ = reflect.TypeAssert[error](in[1])
			return []reflect.Value{reflect.ValueOf(false)}
		})})
		return got
	}
	err, _ := reflect.TypeAssert[error](out[len(out)-1])
	return err
}

// arguments makes a value for each parameter of a method, options left out.
func arguments(t *testing.T, method reflect.Type) []reflect.Value {
	t.Helper()
	args := []reflect.Value{reflect.ValueOf(client.WithCredentials(t.Context(),
		client.Credentials{
			APIKey: testKey, AccessToken: testToken, PlatformToken: testPlatformToken,
		}))}
	for i := 1; i < method.NumIn()-1; i++ {
		v := reflect.New(method.In(i)).Elem()
		fill(v, fmt.Sprintf("arg %d,&/é", i), 0)
		args = append(args, v)
	}
	return args
}

// fill sets a value and what it consists of.
func fill(v reflect.Value, text string, depth int) {
	if from := variant(v); from.IsValid() {
		part := reflect.New(from.Type().In(0)).Elem()
		fill(part, text, depth)
		from.Call([]reflect.Value{part})
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(member(v, text))
	case reflect.Int:
		v.SetInt(7)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text, depth)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), text, depth+1)
		fill(v.Index(1), text+"2", depth+1)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		if depth < 3 && v.Type().Key().Kind() == reflect.String && v.Type().Elem().Kind() == reflect.String {
			v.SetMapIndex(reflect.ValueOf("k [").Convert(v.Type().Key()), reflect.ValueOf(text).Convert(v.Type().Elem()))
		}
	default: // a struct, or what no argument is
		if v.Kind() != reflect.Struct {
			return
		}
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 678000000, time.FixedZone("", 3600))))
			return
		}
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; v.Field(i).CanSet() && name != "Before" {
				fill(v.Field(i), text, depth+1)
			}
		}
		keepFirstVariants(v)
	}
}

// member returns a value of an enum, or the text for any other string.
func member(v reflect.Value, text string) string {
	if _, ok := reflect.TypeAssert[interface{ Valid() bool }](v); !ok {
		return text
	}
	var members []string
	for _, s := range gen.Operations.Schemas {
		members = append(members, s.Enum...)
	}
	for _, op := range gen.Operations.Operations {
		for _, p := range op.Parameters {
			members = append(members, append(p.Schema.Enum, p.Schema.Const)...)
		}
	}
	for _, quoted := range members {
		candidate := reflect.New(v.Type()).Elem()
		candidate.SetString(strings.Trim(quoted, `"`))
		if enum, _ := reflect.TypeAssert[interface{ Valid() bool }](candidate); enum.Valid() {
			return candidate.String()
		}
	}
	return text
}

// keepFirstVariants clears the fields that exclude others of a struct.
func keepFirstVariants(v reflect.Value) {
	byName := map[string]reflect.Value{}
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		byName[name] = v.Field(i)
	}
	for _, op := range gen.Operations.Operations {
		for _, group := range op.Exclusive {
			if !byName[group.Variants[0].Fields[0]].IsValid() {
				continue
			}
			for _, other := range group.Variants[1:] {
				for _, name := range other.Fields {
					if field := byName[name]; field.IsValid() {
						field.SetZero()
					}
				}
			}
		}
	}
}

// variant is the method that puts a variant into a union.
func variant(v reflect.Value) reflect.Value {
	if v.Kind() != reflect.Struct || !v.CanAddr() {
		return reflect.Value{}
	}
	for i := range v.Addr().NumMethod() {
		if strings.HasPrefix(v.Addr().Type().Method(i).Name, "From") {
			return v.Addr().Method(i)
		}
	}
	return reflect.Value{}
}

// TestTreeSendsWhatTheGeneratedClientSends holds the two ways to make a request together, for every operation.
func TestTreeSendsWhatTheGeneratedClientSends(t *testing.T) {
	w := newWire(respondJSON(http.StatusBadRequest, `{}`))
	c := newClient(t, testKey, w.option())
	generated := map[string]operation{}
	for _, op := range operations(t, c.API()) {
		generated[strings.ToLower(op.name)] = op
	}
	called := map[string]string{}
	for _, tree := range treeCalls(reflect.ValueOf(c).Elem().FieldByName("Services"), "") {
		args := arguments(t, tree.call.Type())
		w.sent = nil
		err := tree.do(args)
		var failure *client.Error
		if !errors.As(err, &failure) || len(w.sent) != 1 {
			t.Errorf("%s: got %v and %d requests, want an *Error and one", tree.name, err, len(w.sent))
			continue
		}
		if other, twice := called[failure.Operation]; twice && !tree.iterates() {
			t.Errorf("%s: it is the operation %s, as %s is", tree.name, failure.Operation, other)
		}
		if !tree.iterates() {
			called[failure.Operation] = tree.name
		}
		op, ok := generated[strings.NewReplacer(".", "", "_", "").Replace(failure.Operation)]
		if !ok {
			t.Errorf("%s: there is no operation %s", tree.name, failure.Operation)
			continue
		}
		sent := w.sent[0]
		w.sent = nil
		_ = op.with(args)
		if len(w.sent) != 1 {
			t.Fatalf("%s: the generated client sent %d requests, want one", op.name, len(w.sent))
		}
		if got, want := onTheWire(t, sent), onTheWire(t, w.sent[0]); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", tree.name, got, want)
		}
	}
	if got, want := len(called), len(gen.Routes); got != want {
		t.Errorf("the tree has %d operations, want all %d", got, want)
	}
}

// with calls the generated method with the arguments of the tree's.
func (op operation) with(args []reflect.Value) error {
	typ := op.call.Type()
	in := make([]reflect.Value, 0, len(args)+1)
	for i := range typ.NumIn() - 1 {
		switch {
		case len(args) > 0 && args[0].Type().AssignableTo(typ.In(i)):
			in, args = append(in, args[0]), args[1:]
		case len(args) > 0 && args[0].Kind() == reflect.Pointer && args[0].Type().Elem() == typ.In(i):
			in, args = append(in, args[0].Elem()), args[1:] // an optional body
		default: // parameters that the tree has options for
			in = append(in, reflect.Zero(typ.In(i)))
		}
	}
	err, _ := reflect.TypeAssert[error](op.call.Call(in)[1])
	return err
}

// onTheWire is all of a request that matters. The key that is made for a request is another one each time.
func onTheWire(t *testing.T, req *http.Request) string {
	t.Helper()
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			t.Fatal(err)
		}
	}
	header := req.Header.Clone()
	if header.Get("Idempotency-Key") != "" {
		header.Set("Idempotency-Key", "made")
	}
	return fmt.Sprintf("%s %s %s\n%v\n%d %s", req.Method, req.Host, req.URL, header, req.ContentLength, body)
}

func TestOptionalBodyCanBeLeftOut(t *testing.T) {
	w := newWire(respondJSON(http.StatusBadRequest, `{}`))
	_, _ = newClient(t, testKey, w.option()).APIKeys.Expire(t.Context(), "key_01", nil)
	if req := w.sent[0]; req.Body != nil || req.ContentLength != 0 || req.Header.Get("Content-Type") != "" {
		t.Errorf("got a body of %d bytes as %q, want none", req.ContentLength, req.Header.Get("Content-Type"))
	}
}

func TestNilContextIsAnError(t *testing.T) {
	var none context.Context
	_, err := newClient(t, testKey).Organizations.Get(none, "org_01")
	if err == nil || !strings.Contains(err.Error(), "organizations.get: context is nil") {
		t.Errorf("got %v, want an error", err)
	}
}

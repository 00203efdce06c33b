package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// TestEveryOperationRunsThroughTheTree calls each operation as a program does, in a sandbox that has one of each thing,
// and each list by its iterator too.
func TestEveryOperationRunsThroughTheTree(t *testing.T) {
	calls, methods := 0, treeMethods(t)
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		for _, name := range methods[op.ID] {
			calls++
			t.Run(op.ID+" "+name, func(t *testing.T) {
				sb, w := furnished(t)
				token := func(context.Context) (string, error) { return sandbox.PlatformToken(sb), nil }
				c := treeClient(t, client.WithHTTPClient(&http.Client{Transport: sb}), client.WithPlatformToken(token))
				method := treeMethod(reflect.ValueOf(c).Elem(), name)
				out := method.Call(treeArguments(t, w, op, method.Type()))
				if out[0].Kind() == reflect.Func {
					checkIteration(t, out[0])
					return
				}
				if err, _ := reflect.TypeAssert[error](out[len(out)-1]); err != nil {
					t.Fatal(err)
				}
				if len(out) == 2 && out[0].IsNil() && !strings.HasPrefix(op.ID, "radar.lists.create") {
					t.Error("got nothing and no error")
				}
			})
		}
	}
	lists := 0
	for i := range gen.Operations.Operations {
		if strings.HasSuffix(gen.Operations.Operations[i].ID, ".list") {
			lists++
		}
	}
	if want := len(gen.Operations.Operations) + lists; calls != want {
		t.Errorf("called %d methods, want one for each of %d operations and an iterator for each of %d lists", calls,
			len(gen.Operations.Operations), lists)
	}
}

func checkIteration(t *testing.T, all reflect.Value) {
	t.Helper()
	entries := 0
	all.Call([]reflect.Value{reflect.MakeFunc(all.Type().In(0), func(in []reflect.Value) []reflect.Value {
		if err, _ := reflect.TypeAssert[error](in[1]); err != nil {
			t.Fatal(err)
		}
		entries++
		return []reflect.Value{reflect.ValueOf(true)}
	})})
	t.Logf("%d entries", entries)
}

func treeClient(t *testing.T, opts ...client.Option) *client.Client {
	t.Helper()
	token := func(context.Context) (string, error) { return "token", nil }
	opts = append([]client.Option{client.WithAccessToken("token"), client.WithPlatformToken(token)}, opts...)
	c, err := client.New("sk_test", opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// treeMethods finds the methods of each operation by what they send, or by the error that keeps them from sending it.
func treeMethods(t *testing.T) map[string][]string {
	t.Helper()
	var called string
	c := treeClient(t, client.WithMiddleware(func(req *http.Request, _ client.Next) (*http.Response, error) {
		op, _ := client.OperationOf(req)
		called = op.ID
		return &http.Response{StatusCode: http.StatusTeapot, Body: http.NoBody}, nil
	}))
	found := map[string][]string{}
	var visit func(services reflect.Value, prefix string)
	visit = func(services reflect.Value, prefix string) {
		for i := range services.NumField() {
			field := services.Type().Field(i)
			if !field.IsExported() {
				continue
			}
			service := services.Field(i)
			for m := range service.NumMethod() {
				if service.Type().Method(m).Name == "Wait" {
					continue // calls Get until something happens
				}
				method := service.Method(m)
				args := []reflect.Value{reflect.ValueOf(t.Context())}
				for n := 1; n < method.Type().NumIn()-1; n++ {
					args = append(args, anything(method.Type().In(n)))
				}
				called = ""
				out := method.Call(args)
				if out[0].Kind() == reflect.Func {
					out[0].Call([]reflect.Value{reflect.MakeFunc(out[0].Type().In(0), func(in []reflect.Value) []reflect.Value {
						out = in
						return []reflect.Value{reflect.ValueOf(false)}
					})})
				}
				if err, _ := reflect.TypeAssert[error](out[len(out)-1]); called == "" && errors.Is(err, client.ErrInvalidRequest) {
					called, _, _ = strings.Cut(err.Error(), ": ")
				}
				found[called] = append(found[called], prefix+field.Name+"."+service.Type().Method(m).Name)
			}
			visit(service.Elem(), prefix+field.Name+".")
		}
	}
	visit(reflect.ValueOf(c).Elem().FieldByName("Services"), "")
	return found
}

// anything is an argument that is sent.
func anything(typ reflect.Type) reflect.Value {
	v := reflect.New(typ).Elem()
	switch typ.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Pointer:
		v.Set(reflect.New(typ.Elem()))
	default:
		if raw, ok := reflect.TypeAssert[json.Unmarshaler](v.Addr()); ok { // a union
			_ = raw.UnmarshalJSON([]byte("{}"))
		}
	}
	return v
}

// treeMethod is the method of that name below the services.
func treeMethod(c reflect.Value, name string) reflect.Value {
	parts := strings.Split(name, ".")
	at := c.FieldByName("Services")
	for _, field := range parts[:len(parts)-1] {
		at = reflect.Indirect(at).FieldByName(field)
	}
	return at.MethodByName(parts[len(parts)-1])
}

// treeArguments are those of a valid call, taken from the request that it stands for.
func treeArguments(t *testing.T, w world, op *optable.Operation, method reflect.Type) []reflect.Value {
	t.Helper()
	target, err := url.Parse(w.target(op))
	if err != nil {
		t.Fatal(err)
	}
	args := []reflect.Value{reflect.ValueOf(t.Context())}
	segments := strings.Split(target.EscapedPath(), "/")
	for i, part := range strings.Split(op.Path, "/") {
		if strings.HasPrefix(part, "{") {
			value, err := url.PathUnescape(segments[i])
			if err != nil {
				t.Fatal(err)
			}
			args = append(args, reflect.ValueOf(value).Convert(method.In(len(args))))
		}
	}
	if next := method.In(len(args)); next.Kind() == reflect.Pointer && strings.HasSuffix(next.Elem().Name(), "Params") {
		query := target.Query()
		for _, group := range op.Exclusive { // of parameters: the SDK does not send a request without a variant
			for _, name := range group.Variants[0].Fields {
				if op.Body == nil && !group.Optional {
					query.Set(name, w.pointers[strings.TrimPrefix(name, "parent_")])
				}
			}
		}
		args = append(args, params(t, next.Elem(), query))
	}
	if op.Body != nil {
		text, err := json.Marshal(w.complete(op))
		if err != nil {
			t.Fatal(err)
		}
		body := reflect.New(method.In(len(args)))
		if err := json.Unmarshal(text, body.Interface()); err != nil {
			t.Fatalf("body %s: %v", text, err)
		}
		args = append(args, body.Elem())
	}
	return args
}

// complete returns the body with the first variant of each required group that has none: the SDK sends no other.
func (w world) complete(op *optable.Operation) any {
	body, ok := w.body(op).(fields)
	if !ok {
		return w.body(op)
	}
	for _, group := range op.Exclusive {
		given := group.Optional
		for _, v := range group.Variants {
			given = given || slices.ContainsFunc(v.Fields, func(name string) bool { return body[name] != nil })
		}
		for _, name := range group.Variants[0].Fields {
			if p := gen.Operations.Schema(op.Body.Schema.Ref).Property(name); !given && p != nil {
				body[name] = w.value(name, p.Schema)
			}
		}
	}
	return body
}

// params sets the parameters of a query.
func params(t *testing.T, typ reflect.Type, query url.Values) reflect.Value {
	t.Helper()
	fields := map[string]any{}
	for name := range query {
		if value, err := strconv.ParseBool(query.Get(name)); err == nil {
			fields[name] = value
		} else if field, _ := typ.FieldByNameFunc(func(field string) bool {
			return strings.EqualFold(field, name)
		}); field.Type != nil && field.Type.Kind() == reflect.Slice {
			fields[name] = query[name]
		} else {
			fields[name] = query.Get(name)
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	v := reflect.New(typ)
	if err := json.Unmarshal(text, v.Interface()); err != nil {
		t.Fatalf("parameters %s: %v", text, err)
	}
	return v
}

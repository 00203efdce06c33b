package mcpadapter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

// state is all that a tool shows, in a context that requires nothing and in one that requires confirmations.
func state(t *testing.T, tool mcpadapter.Tool) string {
	t.Helper()
	definition, err := json.Marshal(mcpgo.Definition(tool))
	if err != nil {
		t.Fatal(err)
	}
	confirmed, _ := tool.InputSchemaIn(mcpadapter.RequireConfirmation(t.Context(), mcpadapter.ConfirmWrites))
	return fmt.Sprintf("%s %s %s %s %s %+v %s %s %s", definition, tool.Name(), tool.Title(), tool.Description(),
		tool.Toolset(), tool.Annotations(), tool.InputSchema(), confirmed, tool.OutputSchema())
}

// scribble writes into whatever a value shares with others.
func scribble(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			scribble(v.Index(i))
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			scribble(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				scribble(v.Field(i))
			}
		}
	case reflect.Map:
		v.Clear()
	case reflect.Func, reflect.Chan, reflect.UnsafePointer, reflect.Invalid:
	default:
		if v.CanSet() {
			v.SetZero()
		}
	}
}

// Every method of a tool and of its adapter is called, and what it returns overwritten.
func TestToolsCannotBeChangedFromOutside(t *testing.T) {
	t.Parallel()
	typ := reflect.TypeFor[mcpadapter.Tool]()
	for field := range typ.Fields() {
		if field.IsExported() {
			t.Errorf("the field %s is exported", field.Name)
		}
	}
	if typ.NumField() != 1 || typ.Field(0).Type.Kind() != reflect.Pointer {
		t.Errorf("got %v, want a reference alone, so that assigning a tool changes nothing but the variable", typ)
	}
	a := shoptest.NewWithOutput(t, replying(200, `{}`))
	tools := append(a.AllTools(), a.AllDynamicTools()...)
	before := make([]string, len(tools))
	for i, tool := range tools {
		before[i] = state(t, tool)
	}
	for _, tool := range tools {
		definition := mcpgo.Definition(tool)
		scribble(reflect.ValueOf(&definition))
		callAll(t, reflect.ValueOf(tool))
	}
	for i, tool := range tools {
		if got := state(t, tool); got != before[i] {
			t.Errorf("got  %s\nwant %s", got, before[i])
		}
	}
	for _, handed := range [][]mcpadapter.Tool{a.Tools(), a.AllTools(), a.DynamicTools(), a.AllDynamicTools()} {
		handed[0] = handed[1] // the caller's own
		handed[2] = mcpadapter.Tool{}
		clear(handed)
	}
	callAll(t, reflect.ValueOf(a))
	after := append(a.AllTools(), a.AllDynamicTools()...)
	if len(after) != len(before) {
		t.Fatalf("got %d tools, want %d", len(after), len(before))
	}
	for i, tool := range after {
		if got := state(t, tool); got != before[i] {
			t.Errorf("after the adapter's methods: got  %s\nwant %s", got, before[i])
		}
	}
}

// callAll calls the methods with what arguments their types allow, and scribbles over what they return.
func callAll(t *testing.T, v reflect.Value) {
	t.Helper()
	for _, method := range v.Methods() {
		in := make([]reflect.Value, method.Type().NumIn())
		for j := range in {
			switch typ := method.Type().In(j); typ {
			case reflect.TypeFor[context.Context]():
				in[j] = reflect.ValueOf(mcpadapter.RequireConfirmation(t.Context(), mcpadapter.ConfirmWrites))
			case reflect.TypeFor[json.RawMessage]():
				in[j] = reflect.ValueOf(json.RawMessage(`{}`))
			default:
				in[j] = reflect.Zero(typ)
			}
		}
		for _, out := range method.Call(in) {
			if list, ok := reflect.TypeAssert[[]mcpadapter.Tool](out); ok {
				clear(list)
			} else if out.Type() != reflect.TypeFor[mcpadapter.Tool]() && out.Type() != reflect.TypeFor[context.Context]() {
				settable := reflect.New(out.Type()).Elem()
				settable.Set(out)
				scribble(settable)
			}
		}
	}
}

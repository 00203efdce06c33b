package recorded

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// marked returns a value of a type that is neither zero nor likely to stand anywhere else in a request, and the text
// that it is sent as or with. They differ by n.
func marked(t reflect.Type, n int) (v reflect.Value, mark string, err error) {
	v = reflect.New(t)
	for _, form := range []struct{ mark, before, after string }{
		{fmt.Sprintf("zqx%dxqz", n), `"`, `"`},
		{fmt.Sprintf("73%03d91", n%1000), "", ""},
		{fmt.Sprintf("1%02d", n%28), "", ""}, // as a small integer may be
		{fmt.Sprintf("5e0c7a11-%04d-4d5c-8a6b-9f0e1d2c3b4a", n%10000), `"`, `"`},
		{fmt.Sprintf("1987-03-%02d", n%28+1), `"`, `"`},
		{fmt.Sprintf("1987-03-%02d", n%28+1), `"`, `T11:12:13Z"`},
		{"true", "", ""},
		{fmt.Sprintf("zqx%dxqz", n), `["`, `"]`},
		{fmt.Sprintf("73%03d91", n%1000), "[", "]"},
		{fmt.Sprintf("5e0c7a11-%04d-4d5c-8a6b-9f0e1d2c3b4a", n%10000), `["`, `"]`},
		{fmt.Sprintf("zqx%dxqz", n), `{"a":"`, `"}`},
	} {
		v.Elem().SetZero()
		text := form.before + form.mark + form.after
		if json.Unmarshal([]byte(text), v.Interface()) == nil && !v.Elem().IsZero() {
			return v.Elem(), form.mark, nil
		}
	}
	if t.Kind() == reflect.Struct {
		for i := range t.NumField() {
			if !t.Field(i).IsExported() {
				continue
			}
			if field, mark, err := marked(t.Field(i).Type, n); err == nil {
				v.Elem().Field(i).Set(field)
				return v.Elem(), mark, nil
			}
		}
	}
	return v.Elem(), "", fmt.Errorf("no value of %s is known", t)
}

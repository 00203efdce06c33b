package gen_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// models returns the types of the package that the client's methods mention, by name.
func models() map[string]reflect.Type {
	found := map[string]reflect.Type{}
	client := reflect.TypeFor[*gen.ClientWithResponses]()
	pkg := client.Elem().PkgPath()
	var visit func(typ reflect.Type)
	visit = func(typ reflect.Type) {
		if typ.PkgPath() == pkg {
			if found[typ.Name()] != nil {
				return
			}
			found[typ.Name()] = typ
			for method := range reflect.PointerTo(typ).Methods() { // such as those of a union
				for in := range method.Type.Ins() {
					visit(in)
				}
				for out := range method.Type.Outs() {
					visit(out)
				}
			}
		}
		switch typ.Kind() {
		case reflect.Map, reflect.Pointer, reflect.Slice:
			visit(typ.Elem())
		case reflect.Struct:
			if typ.PkgPath() == pkg {
				for field := range typ.Fields() {
					visit(field.Type)
				}
			}
		default:
		}
	}
	visit(client)
	return found
}

// filled returns a value whose strings say of which property they are.
func filled(typ reflect.Type) reflect.Value {
	value := reflect.New(typ).Elem()
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		text := reflect.ValueOf("text-of-" + name + ".")
		switch field := value.Field(i); {
		case name == "" || name == "-":
		case field.Kind() == reflect.String:
			field.Set(text.Convert(field.Type()))
		case field.Kind() == reflect.Pointer && field.Type().Elem().Kind() == reflect.String:
			field.Set(reflect.New(field.Type().Elem()))
			field.Elem().Set(text.Convert(field.Type().Elem()))
		case field.Kind() == reflect.Map && field.Type().Elem().Kind() == reflect.String &&
			field.Type().Key().Kind() == reflect.Bool: // nullable
			field.Set(reflect.MakeMap(field.Type()))
			field.SetMapIndex(reflect.ValueOf(true), text.Convert(field.Type().Elem()))
		}
	}
	return value
}

// printed returns a value as programs print it by accident.
func printed(value any) map[string]string {
	texts := map[string]string{}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		texts[format] = fmt.Sprintf(format, value)
		texts[format+" in a slice"] = fmt.Sprintf(format, []any{value})
	}
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "value", value)
	texts["slog as text"] = out.String()
	out.Reset()
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "value", value)
	texts["slog as JSON"] = out.String()
	return texts
}

// No way to print a value of the API prints its secrets, and all others stay.
func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	types := models()
	secrets := 0
	for i := range gen.Operations.Schemas {
		schema := &gen.Operations.Schemas[i]
		typ := types[schema.Name]
		if typ == nil || typ.Kind() != reflect.Struct || len(schema.Properties) == 0 {
			continue
		}
		value := filled(typ)
		texts := printed(value.Interface())
		texts["a pointer, by slog"] = printed(value.Addr().Interface())["slog as JSON"]
		for _, p := range schema.Properties {
			sentinel := "text-of-" + p.Name + "."
			if p.Schema.Secret {
				secrets++
			}
			for way, text := range texts {
				switch shown := strings.Contains(text, sentinel); {
				case p.Schema.Secret && shown:
					t.Errorf("%s.%s is printed by %s: %s", schema.Name, p.Name, way, text)
				case !p.Schema.Secret && !shown && way == "%+v" && kept(typ, p.Name):
					t.Errorf("%s.%s is not printed by %s: %s", schema.Name, p.Name, way, text)
				}
			}
		}
	}
	if secrets < 80 {
		t.Errorf("got %d secrets, want all of the API", secrets)
	}
}

// slog.JSONHandler encodes a struct as JSON, with the secrets of values in it that would log themselves without.
func TestValuesAroundSecretsAreNotLogged(t *testing.T) {
	t.Parallel()
	logs := func(typ reflect.Type) bool { return typ.Implements(reflect.TypeFor[slog.LogValuer]()) }
	for name, typ := range models() {
		if typ.Kind() != reflect.Struct || logs(typ) || isResponse(typ) {
			continue
		}
		for field := range typ.Fields() {
			inner := field.Type
			for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice || inner.Kind() == reflect.Map {
				inner = inner.Elem()
			}
			if field.IsExported() && inner.PkgPath() == typ.PkgPath() && logs(inner) {
				t.Errorf("%s.%s has secrets, want %s to implement slog.LogValuer", name, field.Name, name)
			}
		}
	}
	factor := gen.EnrolledFactor{TOTP: &gen.EnrolledFactorTOTP{Secret: "horse"}}
	for way, text := range printed(factor) {
		if strings.Contains(text, "horse") {
			t.Errorf("%s: got %s, want no secret", way, text)
		}
	}
}

// isResponse reports whether a type is the generated client's own, around an HTTP response, and no value of the API.
func isResponse(typ reflect.Type) bool {
	_, ok := typ.FieldByName("HTTPResponse")
	return ok
}

// kept reports whether filled sets the field of a property, and package fmt prints more of it than an address.
func kept(typ reflect.Type, property string) bool {
	for field := range typ.Fields() {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name == property {
			return field.Type.Kind() != reflect.Pointer && !filled(typ).FieldByIndex(field.Index).IsZero()
		}
	}
	return false
}

// A choice holds its variant as JSON, in which a secret can be anywhere.
func TestChoicesWithSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	var body gen.Authenticate
	if err := body.FromAuthenticateWithPassword(gen.AuthenticateWithPassword{Password: "horse"}); err != nil {
		t.Fatal(err)
	}
	for way, text := range printed(body) {
		if strings.Contains(text, "horse") || strings.Contains(text, "104 111 114") {
			t.Errorf("%s: got %s, want no password", way, text)
		}
	}
	if text, err := body.MarshalJSON(); err != nil || !bytes.Contains(text, []byte("horse")) {
		t.Errorf("got %s and error %v on the wire, want the password", text, err)
	}
	for i := range gen.Operations.Schemas {
		s := &gen.Operations.Schemas[i]
		secret := false
		for _, variant := range s.Composed().OneOf {
			for _, p := range gen.Operations.Schema(variant.Ref).Properties {
				secret = secret || p.Schema.Secret
			}
		}
		if secret && !s.Secret {
			t.Errorf("%s has a variant with a secret, want it marked by x-secret", s.Name)
		}
	}
}

// soundsSecret is how descriptions say that a property is one, and how those are named that always are.
var (
	soundsSecret = regexp.MustCompile(`(?i)[.;] secret\b|^secret\.|plain text`)
	namesSecret  = regexp.MustCompile(`^(client_secret|secret|(new_)?password(_hash)?|(access|refresh|subject)_token|code_verifier|` +
		`\w+_authentication_token|\w+_access_token|invitation_token)$`)
)

func TestSecretsOfRequestsAreMarked(t *testing.T) {
	t.Parallel()
	for i := range gen.Operations.Schemas {
		s := &gen.Operations.Schemas[i]
		for _, p := range s.Properties {
			sounds := soundsSecret.MatchString(p.Schema.Description) || namesSecret.MatchString(p.Name)
			if sounds && !p.Schema.Secret && p.Schema.Ref == "" && p.Schema.Types.Has(optable.String) {
				t.Errorf("%s.%s sounds like a secret and is not marked: %s", s.Name, p.Name, p.Schema.Description)
			}
		}
	}
}

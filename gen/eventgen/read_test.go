package main_test

import (
	"slices"
	"strings"
	"testing"

	eventgen "github.com/seed-f165d83c/workos/gen/eventgen"
)

const aDocument = `
components:
  schemas:
    User: {type: object}
    Key: {type: object}
    Event:
      type: object
      x-event-payloads:
        user.created: User
        api_key.sso_failed: Key
`

func TestEventTypesAreReadInOrder(t *testing.T) {
	t.Parallel()
	got, err := eventgen.Read([]byte(aDocument))
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	want := []eventgen.Event{
		{Name: "api_key.sso_failed", GoName: "APIKeySSOFailed", Payload: "Key"},
		{Name: "user.created", GoName: "UserCreated", Payload: "User"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestFaultsAreNamedWithTheirLine(t *testing.T) {
	t.Parallel()
	const pattern = ` does not match ^[a-z]+([._][a-z]+)+$`
	none := "the component Event has no mapping x-event-payloads"
	for _, c := range []struct{ old, changed, want string }{
		{"x-event-payloads", "x-other", none},
		{"Event:", "Evens:", none},
		{"x-event-payloads:", "x-event-payloads: []\n      x-other:", none},
		{"x-event-payloads:", "x-event-payloads: User\n      x-other:", none},
		{"created: User", "created: Person", `line 9: the payload "Person" of user.created is no component`},
		{"failed: Key", "failed: user", `line 10: the payload "user" of api_key.sso_failed is no component`},
		{"failed: Key", "failed:", `line 10: the payload "" of api_key.sso_failed is no component`},
		{"user.created", "user", `line 9: event type "user"` + pattern},
		{"user.created", "user.", `line 9: event type "user."` + pattern},
		{"user.created", ".user", `line 9: event type ".user"` + pattern},
		{"user.created", "user..a", `line 9: event type "user..a"` + pattern},
		{"user.created", "user.a1", `line 9: event type "user.a1"` + pattern},
		{"user.created", "User.created", `line 9: event type "User.created"` + pattern},
		{"user.created", "user-created", `line 9: event type "user-created"` + pattern},
		{
			"api_key.sso_failed", "user_created",
			"line 10: user.created and user_created would both be called UserCreated",
		},
	} {
		events, err := eventgen.Read([]byte(strings.Replace(aDocument, c.old, c.changed, 1)))
		if events != nil || err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, %v; want %s", c.changed, events, err, c.want)
		}
	}
	events, err := eventgen.Read([]byte("a: ["))
	if events != nil || err == nil || !strings.HasPrefix(err.Error(), "parse YAML: ") {
		t.Errorf("got %v, %v; want an error of the parser", events, err)
	}
}

func TestEachWordOfANameIsACapital(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.b": "AB", "user.created": "UserCreated", "user_created_late.now": "UserCreatedLateNow", "api.a": "APIA",
		"byok.a": "BYOKA", "dek.a": "DEKA", "kek.a": "KEKA", "mfa.a": "MFAA", "oauth.a": "OAuthA", "saml.a": "SAMLA",
		"sso.a": "SSOA", "a.sso": "ASSO", "sso_saml.mfa": "SSOSAMLMFA", "apis.ssos": "ApisSsos",
	} {
		text := strings.Replace(aDocument, "user.created", name, 1)
		events, err := eventgen.Read([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(events, func(e eventgen.Event) bool { return e.Name == name })
		if len(events) != 2 || i < 0 || events[i].GoName != want {
			t.Errorf("%s: got %+v, want %s", name, events, want)
		}
	}
}

func TestEventTypesArePrinted(t *testing.T) {
	t.Parallel()
	events := []eventgen.Event{{Name: "a.b", GoName: "AB", Payload: "P"}, {Name: "c.d", GoName: "CD", Payload: "Q"}}
	for template, want := range map[string]string{
		eventgen.Constants: "const (\n\tAB Type[gen.P] = \"a.b\"\n\tCD Type[gen.Q] = \"c.d\"\n)\n\n" +
			"// knownTypes returns the names of all event types.\n" +
			"func knownTypes() []string {\n\treturn []string{\n\t\t\"a.b\",\n\t\t\"c.d\",\n\t}\n}\n",
		eventgen.Decoders: "\t\t\"a.b\": func(e *events.Event) (any, error) { return events.AB.Data(e) },\n" +
			"\t\t\"c.d\": func(e *events.Event) (any, error) { return events.CD.Data(e) },\n\t}\n}\n",
	} {
		code, err := eventgen.Print(template, events)
		if err != nil || !strings.HasSuffix(string(code), want) {
			t.Errorf("got %v\n%s\nwant at its end\n%s", err, code, want)
		}
	}
	for template, want := range map[string]string{
		"{{": "parse the template: ", "package a\n{{range .}}{{.None}}{{end}}": "print: ", "package": "format: ",
	} {
		if code, err := eventgen.Print(template, events); code != nil || err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %s and %v, want %s", template, code, err, want)
		}
	}
}

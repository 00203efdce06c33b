package mcpadapter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// questionOf returns what a person is asked about a value of an argument v, without the heading.
func questionOf(tb testing.TB, value string) string {
	tb.Helper()
	r := &recorder{}
	a, err := mcpadapter.New(r, tableOf(optable.Operation{
		ID: "put", Method: http.MethodPut, Path: "/v", Summary: "Put it.",
		Body: &optable.Body{Required: true, Schema: &optable.Schema{
			Types: optable.Object, Properties: []optable.Property{{Name: "v", Required: true}},
		}},
	}), shoptest.Confirming(mcpadapter.ConfirmWrites))
	if err != nil {
		tb.Fatal(err)
	}
	question := shoptest.Asked(tb.Context(), tb, shoptest.Tool(tb, a, "put"), `{"v":`+value+`}`).Question
	if sent := r.took(); len(sent) > 0 {
		tb.Errorf("%s: got %q sent before anybody agreed, want nothing", value, sent)
	}
	shown, ok := strings.CutPrefix(question, "Put it?\n\nput with\n- v: ")
	if !ok {
		tb.Errorf("%s: got %s, want a heading and the argument", value, question)
	}
	return shown
}

func TestArgumentsAreShownForAPerson(t *testing.T) {
	t.Parallel()
	x := func(n int) string { return strings.Repeat("x", n) }
	for value, want := range map[string]string{
		`"a"`: `"a"`, `""`: `""`, "1": "1", "-1.50": "-1.50", "true": "true", "false": "false", "null": "null",
		"[]": `"[]"`, "{}": `"{}"`, "[1]": `"[1]"`, `{"b":1,"a":"x"}`: `"{\"a\":\"x\",\"b\":1}"`,
		`"a\nb\"c"`: `"a\nb\"c"`, `"\u202e\u0007"`: `"\u202e\a"`, "\"`a`\"": `"'a'"`, `"[a](b)"`: `"[a] (b)"`,
		`"é"`:                                `"é"`,
		`"` + x(119) + `"`:                   `"` + x(119) + `"`,
		`"` + x(120) + `"`:                   `"` + x(120) + `"`,
		`"` + x(121) + `"`:                   `"` + x(120) + `…"`,
		`"` + x(119) + ` x"`:                 `"` + x(119) + `…"`,
		`"` + strings.Repeat("é", 120) + `"`: `"` + strings.Repeat("é", 120) + `"`,
		`"` + strings.Repeat("é", 121) + `"`: `"` + strings.Repeat("é", 120) + `…"`,
		"0." + strings.Repeat("1", 118):      "0." + strings.Repeat("1", 118),
		"0." + strings.Repeat("1", 119):      "0." + strings.Repeat("1", 118) + "…",
	} {
		if got := questionOf(t, value); got != want {
			t.Errorf("%s: got %s, want %s", value, got, want)
		}
	}
}

// What is secret by its name is not shown, wherever it stands.
func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	const hidden = "(not shown)"
	for _, name := range []string{
		"token", "access_token", "accessToken", "secret", "client_secret", "password", "passcode", "passphrase", "api_key",
		"apikey", "private_key", "secret_key", "access_key", "credential", "code", "password_hash", "passwordless", "tokens",
	} {
		for _, value := range []string{
			`{"` + name + `":"s3cr3t"}`, `{"a":1,"` + name + `":1}`, `[{"` + name + `":"s3cr3t"}]`,
			`[1,{"a":{"b":[{"` + name + `":null}]}}]`, `[[],[{"` + name + `":{}}]]`,
		} {
			if got := questionOf(t, value); got != hidden {
				t.Errorf("%s: got %s, want %s", value, got, hidden)
			}
		}
	}
	for _, name := range []string{"key", "codes", "Code", "zip_code", "secretary", "public_key", "my_password_hash"} {
		if got := questionOf(t, `{"`+name+`":"shown"}`); !strings.Contains(got, "shown") || got == hidden {
			t.Errorf("%s: got %s, want it shown", name, got)
		}
	}
	// The same by the argument's own name.
	a, _ := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmWrites))
	got := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "payments.create"), `{"by":"voucher","amount":5,"code":"s3cr3t"}`).Question
	shoptest.WantParts(t, "question", got, "- amount: 5\n- by: \"voucher\"\n- code: "+hidden)
	if strings.Contains(got, "s3cr3t") {
		t.Errorf("got %s, want no secret", got)
	}
}

// filler has a method of fourteen arguments.
type filler struct{}

func (filler) Fill(context.Context, filled, ...editor) (answer, error) { return nil, nil }

type filled struct {
	A *string `json:"a,omitempty"`
	B *string `json:"b,omitempty"`
	C *string `json:"c,omitempty"`
	D *string `json:"d,omitempty"`
	E *string `json:"e,omitempty"`
	F *string `json:"f,omitempty"`
	G *string `json:"g,omitempty"`
	H *string `json:"h,omitempty"`
	I *string `json:"i,omitempty"`
	J *string `json:"j,omitempty"`
	K *string `json:"k,omitempty"`
	L *string `json:"l,omitempty"`
	M *string `json:"m,omitempty"`
	N *string `json:"n,omitempty"`
}

func TestTwelveArgumentsAreShown(t *testing.T) {
	t.Parallel()
	const letters = "abcdefghijklmn"
	var properties []optable.Property
	for name := range strings.SplitSeq(letters, "") {
		properties = append(properties, optable.Property{Name: name, Schema: &optable.Schema{Types: optable.String}})
	}
	a, err := mcpadapter.New(filler{}, tableOf(optable.Operation{
		ID: "fill", Method: http.MethodPost, Path: "/f", Summary: "Fill it", Body: &optable.Body{
			Schema: &optable.Schema{Types: optable.Object, Properties: properties},
		},
	}), shoptest.Confirming(mcpadapter.ConfirmWrites))
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(letters) + 1 {
		given, want := map[string]string{}, "Fill it?\n\nfill with"
		var wantSb132 strings.Builder
		for i := range n {
			name := letters[i : i+1]
			given[name] = "v"
			if i < 12 {
				wantSb132.WriteString("\n- " + name + `: "v"`)
			}
		}
		want += wantSb132.String()
		switch n {
		case 0:
			want += "\n- no arguments"
		case 13, 14:
			want += fmt.Sprintf("\n- and %d more arguments", n-12)
		}
		text, err := json.Marshal(given)
		if err != nil {
			t.Fatal(err)
		}
		if got := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "fill"), string(text)).Question; got != want {
			t.Errorf("%d arguments: got:\n%s\nwant:\n%s", n, got, want)
		}
	}
}

func TestAQuestionTellsWhatTheTableSays(t *testing.T) {
	t.Parallel()
	x := func(n int) string { return strings.Repeat("x", n) }
	email := []optable.Extension{{Name: "x-risk", JSON: `["adds","sends"]`}}
	secret := []optable.Extension{{Name: "x-risk", JSON: `["reads_secret"]`}}
	for _, c := range []struct {
		op   optable.Operation
		want string
	}{
		{optable.Operation{Summary: "Do it"}, "Do it?\n\nplain with\n- no arguments"},
		{optable.Operation{Summary: "Do it."}, "Do it?\n\nplain with\n- no arguments"},
		{optable.Operation{Summary: "Do it", Description: "At once."}, "Do it?\nAt once.\n\nplain with\n- no arguments"},
		{
			optable.Operation{Summary: "Do it", Description: "At once.", Extensions: email},
			"Do it?\nAt once.\nIt sends an email or a text message, which cannot be recalled.\n\nplain with\n- no arguments",
		},
		{
			optable.Operation{Summary: "Do it", Extensions: email},
			"Do it?\nIt sends an email or a text message, which cannot be recalled.\n\nplain with\n- no arguments",
		},
		{
			optable.Operation{Summary: "Do it", Extensions: secret},
			"Do it?\nIt returns a secret, which the model and this conversation will have.\n\nplain with\n- no arguments",
		},
		{optable.Operation{Summary: "Do it", Description: x(400)}, "Do it?\n" + x(400) + "\n\nplain with\n- no arguments"},
		{optable.Operation{Summary: "Do it", Description: x(401)}, "Do it?\n" + x(400) + "…\n\nplain with\n- no arguments"},
	} {
		c.op.ID, c.op.Method, c.op.Path = "plain", http.MethodPost, "/p"
		a, err := mcpadapter.New(fake{}, tableOf(c.op), shoptest.Confirming(mcpadapter.ConfirmWrites))
		if err != nil {
			t.Fatal(err)
		}
		if got := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "plain"), `{}`).Question; got != c.want {
			t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
		}
	}
}

// What identifies a resource, in order: at most six fields, texts that are not empty, then other IDs.
func TestALookNamesAtMostSixFields(t *testing.T) {
	t.Parallel()
	names := []string{
		"name", "display_name", "title", "slug", "email", "first_name", "last_name", "username", "domain", "description",
		"type", "state", "status",
	}
	resource := func(members map[string]any) string {
		text, err := json.Marshal(members)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	const found, nothing = "\n\nLooked up by getTea:\n", "\n\ngetTea finds it, and nothing that would name it."
	cases := map[string]string{
		`{"id":"1","a_id":"x","b_id":"y"}`:               found + "- a_id: \"x\"\n- b_id: \"y\"",
		`{"a_id":"x","status":"s","name":"n"}`:           found + "- name: \"n\"\n- status: \"s\"\n- a_id: \"x\"",
		`{"name":"","title":1,"slug":null,"state":"s"}`:  found + "- state: \"s\"",
		`{"name":"","title":1,"a_id":5,"id":"1","x":""}`: nothing, "{}": nothing,
	}
	for i, name := range names {
		cases[resource(map[string]any{name: "v", "other": "w"})] = found + "- " + name + `: "v"`
		many, want := map[string]any{"a_id": "x"}, []string{}
		for _, name := range names[i:] {
			many[name] = "v"
			want = append(want, "- "+name+`: "v"`)
		}
		want = append(want, `- a_id: "x"`)
		cases[resource(many)] = found + strings.Join(want[:min(6, len(want))], "\n")
	}
	for answer, want := range cases {
		a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", answer), shoptest.Confirming(mcpadapter.ConfirmRisky))
		got := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "teas.delete"), `{"tea_id":"1"}`).Question
		if want := "Remove a tea?\n\nteas.delete with\n- tea_id: \"1\"" + want; got != want {
			t.Errorf("%s: got:\n%s\nwant:\n%s", answer, got, want)
		}
		if sent := wire.Seen(); len(sent) != 1 || sent[0].Method != http.MethodGet || sent[0].URI != "/teas/1" {
			t.Errorf("%s: got %v, want one GET", answer, sent)
		}
	}
	for status, want := range map[int]string{400: "bad", 403: "bad", 405: "bad", 410: "bad", 500: "bad"} {
		a, _ := shoptest.New(t, shoptest.RespondWith(status, "application/json", `{"code":"bad"}`), shoptest.Confirming(mcpadapter.ConfirmRisky))
		got := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "teas.delete"), `{"tea_id":"1"}`).Question
		want := fmt.Sprintf("Could not look up this resource (getTea: \"%d %s\").", status, want)
		if !strings.HasSuffix(got, "\n\n"+want) {
			t.Errorf("%d: got %s, want %s", status, got, want)
		}
	}
}

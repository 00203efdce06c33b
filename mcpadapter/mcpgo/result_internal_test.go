package mcpgo

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// every is a text of every kind of character that JSON or HTML escapes, and of bytes that are no UTF-8.
func every() string {
	var b strings.Builder
	for r := range rune(0x180) {
		b.WriteRune(r)
	}
	return b.String() + "\u2028\u2029\ufffd\U0001F600\xff\xc3(\xed\xa0\x80"
}

func wantSame(t *testing.T, r mcpadapter.Result) {
	t.Helper()
	want, err := json.Marshal(callResult(r))
	if err != nil {
		t.Fatal(err)
	}
	if got := AppendResult([]byte("head"), r); string(got) != "head"+string(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestResultsAreWrittenAsMCPGoWritesThem(t *testing.T) {
	text, err := json.Marshal(map[string]string{"text": every()})
	if err != nil {
		t.Fatal(err)
	}
	failure := mcpadapter.Failure{
		Status: 422, Code: "invalid<b>", Message: every(), Details: text, RequestID: "req_1",
		Arguments: []mcpadapter.Problem{{Argument: "a&b", Message: "expected a string"}}, Advice: "Call again.",
	}
	for name, r := range map[string]mcpadapter.Result{
		"empty":    {JSON: []byte(`{}`)},
		"object":   {JSON: []byte(`{"a":[1,"<b>&\u2028",null],"é":"\u00e9"}`)},
		"escapes":  {JSON: text},
		"raw":      {JSON: []byte(`{"a":"` + "\u2028<\U0001F600" + `"}`)},
		"repaired": {JSON: []byte(`{}`), Repaired: []string{"a", `b["c"]`, every()}},
		"renamed":  {JSON: []byte(`{}`), Renamed: []mcpadapter.Renamed{{Given: "userId", Argument: "id"}, {Given: every(), Argument: "b"}}},
		"failure":  failure.Result(),
		"no text":  (&mcpadapter.Failure{}).Result(),
	} {
		t.Run(name, func(t *testing.T) { wantSame(t, r) })
	}
	for _, kind := range []mcpadapter.ContentKind{
		mcpadapter.ContentImage, mcpadapter.ContentAudio, mcpadapter.ContentResource,
	} {
		c := mcpadapter.Content{Kind: kind, MediaType: "a/b<&", Data: []byte("\x00\xff\xfe>"), URI: "response:a"}
		r := mcpadapter.Result{JSON: []byte(`{"bytes":4}`), Content: []mcpadapter.Content{c, c}}
		if got := len(callResult(r).Content); got != 3 {
			t.Errorf("kind %d: got %d contents, want 3", kind, got)
		}
		wantSame(t, r)
	}
	both := failure.Result()
	both.Repaired, both.Renamed = []string{"x"}, []mcpadapter.Renamed{{Given: "a", Argument: "b"}}
	wantSame(t, both)
}

func FuzzResult(f *testing.F) {
	f.Add(`a<b>`, "arguments", true)
	f.Add(every(), "", false)
	f.Fuzz(func(t *testing.T, text, repaired string, fails bool) {
		object, err := json.Marshal(map[string]string{text: text})
		if err != nil {
			t.Fatal(err)
		}
		r := mcpadapter.Result{JSON: object}
		if fails {
			r = (&mcpadapter.Failure{Code: text, Message: text, Details: object}).Result()
		}
		if repaired != "" {
			r.Repaired = []string{repaired}
		}
		wantSame(t, r)
	})
}

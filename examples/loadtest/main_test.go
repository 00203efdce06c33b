package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestQuantilesAreThoseOfTheSortedSample(t *testing.T) {
	var s sample
	for i := range 200 {
		s = append(s, time.Duration(200-i))
	}
	for share, want := range map[float64]time.Duration{half: 100, percent: 198, longest: 200} {
		if got := s.quantile(share); got != want {
			t.Errorf("%g: got %d, want %d", share, got, want)
		}
	}
	if got := (sample{}).quantile(half); got != 0 {
		t.Errorf("got %v for no calls", got)
	}
}

func TestResponsesAreNotedByWhatTheySay(t *testing.T) {
	for text, want := range map[string]string{
		`{"jsonrpc":"2.0","id":1,"result":{"structuredContent":{"id":"1"}}}`:                              "a result",
		`{"error":{"message":"too many"}}`:                                                                "413 too many",
		`{"result":{"isError":true,"structuredContent":{"error":{"code":"not_found","message":"gone"}}}}`: "not_found: gone",
		`<html>`: "413",
	} {
		if got := answerOf(http.StatusRequestEntityTooLarge, []byte(text), nil); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	if got := answerOf(0, nil, io.EOF); got != "connection closed" {
		t.Errorf("got %q for an error", got)
	}
}

// An abuser in the program's own role reaches the server with keys that no good client has.
func TestAnAbuserNotesResponses(t *testing.T) {
	seen := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case seen <- r.Header.Get("Authorization"):
		default:
		}
		_, _ = io.WriteString(w, `{"error":{"message":"no"}}`)
	}))
	defer server.Close()
	in, end := io.Pipe()
	var out strings.Builder
	done := make(chan error)
	go func() { done <- run(t.Context(), []string{abuserRole, server.URL, "invalid", "keys"}, in, &out) }()
	if got := <-seen; !strings.HasPrefix(got, "Bearer sk_invalid_") {
		t.Errorf("got the key %q", got)
	}
	for range 100 {
		<-seen // so that responses were noted
	}
	_ = end.Close()
	if err := <-done; err != nil || !strings.Contains(out.String(), `"200 no":`) {
		t.Errorf("got %v and %s", err, &out)
	}
}

func TestTheStubRespondsByTheKindOfTheKey(t *testing.T) {
	server := httptest.NewServer(newStub())
	defer server.Close()
	for kind, want := range map[string]string{
		kindGood: `"list_metadata":{"before":null,"after":null}`, kindInvalid: "Unauthorized", kindCursors: `"after":"1"`,
		kindWide: strings.Repeat("x", 5000),
	} {
		header := http.Header{"Authorization": {"Bearer " + key(kind, 1)}}
		_, text, err := exchange(t.Context(), server.Client(), http.MethodGet, server.URL+"/organizations", header, nil)
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: got %v and %.300s", kind, err, text)
		}
	}
}

func TestThePageHasARowForEachAbuse(t *testing.T) {
	page := filepath.Join(t.TempDir(), "abuse.md")
	got := outcome{
		abuse: abuse{name: "a", title: "an abuse"}, answers: map[string]int{"413 a|b": 2, "429": 3}, peak: 300,
		good: sample{time.Second}, failures: []error{errors.New("failed")},
	}
	if err := writePage(page, time.Second, []outcome{got}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if want := "| an abuse | 3 × 429; 2 × 413 a\\|b | 300 | 1000 | 1000 | 1 of 1 |\n"; err != nil || !strings.HasSuffix(string(text), want) {
		t.Errorf("got %v and %s, want %s", err, text, want)
	}
	if err := judge([]outcome{got}); err == nil || !strings.Contains(err.Error(), "300 MiB, p99 1000 ms and 1 failures") {
		t.Errorf("got %v", err)
	}
}

func TestCommandsAreChecked(t *testing.T) {
	for _, args := range [][]string{nil, {"other"}, {abuserRole, "http://127.0.0.1:0", "unknown"}} {
		if err := run(context.Background(), args, strings.NewReader(""), io.Discard); err == nil {
			t.Errorf("%q: got no error", args)
		}
	}
}

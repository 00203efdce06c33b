package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// TestMain makes the test binary a stand-in for Prism, which is a program: mock --errors --port PORT DESCRIPTION.
func TestMain(m *testing.M) {
	if len(os.Args) == 6 && os.Args[1] == "mock" {
		standIn(os.Args[4], os.Args[5])
	}
	os.Exit(m.Run())
}

// standIn serves what the tests need: /end ends it, /endafter unless it is the first; /form refuses the property tags
// that occurs once, /word numbers, and /number and /wrong everything.
func standIn(port, description string) {
	if strings.HasSuffix(description, "unreadable.yaml") {
		fmt.Println("    at read (a.js:1)\nRangeError: too deep\n    at b.js:2")
		os.Exit(1)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("Prism is listening on http://127.0.0.1:" + port)
	requests := 0
	err = http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		switch r.URL.Path {
		case "/end":
			fmt.Println("TypeError: value is undefined\n    at c.js:3")
			os.Exit(1)
		case "/endafter":
			if requests > 1 {
				fmt.Println("TypeError: not at first")
				os.Exit(1)
			}
		case "/form":
			body, _ := io.ReadAll(r.Body)
			if strings.Count(string(body), "tags=") == 1 {
				w.Header().Set(violations, `[{"location":["request","body","tags"],"severity":"Error","code":"type",`+
					`"message":"Request body property tags must be array"}]`)
			}
		case "/word", "/number":
			if r.URL.Path == "/number" || r.URL.Query().Get("a") != "word" {
				w.Header().Set(violations, `[{"location":["request","query","a"],"severity":"Error","code":"oneOf","message":"oneOf"}]`)
			}
		case "/wrong":
			w.Header().Set(violations, `[{"location":["request","query","a"],"severity":"Error","message":"must be string"}]`)
		}
		fmt.Fprintf(w, "%s %s", r.Method, r.URL)
	}))
	fmt.Println(err)
	os.Exit(1)
}

func newMock(t *testing.T) (m *mock, url string) {
	t.Helper()
	m, err := startMock(os.Args[0], "description.yaml")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.stop)
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	return m, server.URL
}

func send(t *testing.T, url, mediaType, body string) (status int, text, number string) {
	t.Helper()
	response, err := http.Post(url, mediaType, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(got), response.Header.Get("Exchange")
}

func TestRequestsReachPrismAndAreNumbered(t *testing.T) {
	_, url := newMock(t)
	for i, want := range []string{"POST /a%2Fb?c=d", "POST /?e"} {
		target := strings.TrimPrefix(want, "POST ")
		if status, text, number := send(t, url+target, "text/plain", ""); status != 200 || text != want || number != fmt.Sprint(i) {
			t.Errorf("got %d %q as %s, want %q as %d", status, text, number, want, i)
		}
	}
}

func TestARequestThatEndsPrismIsNotJudgedAndOthersAre(t *testing.T) {
	m, url := newMock(t)
	if status, _, _ := send(t, url+"/end", "text/plain", ""); status != http.StatusBadGateway {
		t.Errorf("got %d, want a failure", status)
	}
	if status, text, _ := send(t, url+"/after", "text/plain", ""); status != http.StatusOK || text != "POST /after" {
		t.Errorf("got %d %q, want Prism to be there again", status, text)
	}
	first, second := 0, 1
	for call, want := range map[*report]report{
		{Exchange: &first}:  {verdict: notJudged, cause: "the request ends Prism: TypeError: value is undefined"},
		{Exchange: &second}: {verdict: accepted},
	} {
		if m.judge(call); call.verdict != want.verdict || call.cause != want.cause {
			t.Errorf("got %d %q, want %d %q", call.verdict, call.cause, want.verdict, want.cause)
		}
	}
}

func TestARequestThatEndsPrismOnlyAfterOthersIsJudged(t *testing.T) {
	m, url := newMock(t)
	send(t, url+"/a", "text/plain", "")
	send(t, url+"/endafter", "text/plain", "")
	second := 1
	call := report{Exchange: &second}
	if m.judge(&call); call.verdict != accepted {
		t.Errorf("got %d %q, want what Prism says when it is the first request", call.verdict, call.cause)
	}
}

func TestADescriptionThatPrismCannotReadIsAnError(t *testing.T) {
	_, err := startMock(os.Args[0], "unreadable.yaml")
	if unreadable := (*unreadableError)(nil); !errors.As(err, &unreadable) || unreadable.line != "RangeError: too deep" {
		t.Errorf("got %v, want the exception", err)
	}
}

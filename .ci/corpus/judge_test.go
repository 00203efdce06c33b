package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestACallIsRefusedWhereNoDefectOfPrismIsProven(t *testing.T) {
	m, url := newMock(t)
	send(t, url+"/wrong", "text/plain", "")
	first := 0
	call := report{Exchange: &first}
	if m.judge(&call); call.verdict != refused || call.cause != "request.query.a: must be string" {
		t.Errorf("got %d %q, want a refusal with the reason", call.verdict, call.cause)
	}
	unsent := report{Failure: "tags: is required\nmore"}
	if m.judge(&unsent); unsent.verdict != refused || unsent.cause != "nothing is sent: tags: is required" {
		t.Errorf("got %d %q, want a refusal", unsent.verdict, unsent.cause)
	}
}

func TestARefusalIsNotJudgedWherePrismIsProvenWrong(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		path, mediaType, body string
		verdict               verdict
	}{
		{"/form", form, "tags=a+b&n=1", notJudged}, // the request shows it
		{"/form", form, "tags=a&tags=b", accepted},
		{"/form", "application/json", "tags=a", refused}, // no form
		{"/word?a=1", "", "", notJudged},                 // Prism accepts a word
		{"/number?a=1", "", "", refused},                 // Prism accepts no word either
	} {
		m, url := newMock(t)
		send(t, url+c.path, c.mediaType, c.body)
		first := 0
		call := report{Exchange: &first}
		if m.judge(&call); call.verdict != c.verdict || (call.cause == "") != (c.verdict == accepted) {
			t.Errorf("%s %s %q: got %d %q, want %d", c.path, c.mediaType, c.body, call.verdict, call.cause, c.verdict)
		}
		if got := m.exchanges[0].target; got != c.path {
			t.Errorf("got %s, want the request as it was", got)
		}
	}
}

func TestEachDefectAppliesToWhatTheRequestShows(t *testing.T) {
	in := func(location, code, message string) *violation {
		return &violation{Location: strings.Split(location, " "), Code: code, Message: message}
	}
	const named = "--a\r\nContent-Disposition: form-data; name=x\r\n\r\ny\r\n--a--\r\n"
	for _, c := range []struct {
		target, mediaType, body string
		violation               *violation
		changed                 string // target and body of the second request; "": no defect applies, "-": there is none
	}{
		{"/", "application/x-www-form-urlencoded", "a=b+c", in("request body a", "type", "Request body property a must be array"), "-"},
		{"/", "application/x-www-form-urlencoded", "b=c", in("request body a", "type", "Request body property a must be array"), ""},
		{"/?a=1&b=2", "", "", in("request query a 0", "oneOf", "must match exactly one schema in oneOf"), "/?a=word&b=2 "},
		{"/?a=x&b=2", "", "", in("request query a 0", "oneOf", "must match exactly one schema in oneOf"), ""},
		{"/", "text/plain", "1.5", in("request body", "type", "Request body must be number"), "-"},
		{"/", "text/plain", "x", in("request body", "type", "Request body must be number"), ""},
		{"/", "application/json", "1", in("request body", "type", "Request body must be number"), ""},
		{"/?a%5BId%5D=1", "", "", in("request query", "required", "Request query must have required property 'a'"), "-"},
		{"/?a[B][c]=1", "", "", in("request query a b", "required", "Request query parameter a must have required property 'C'"), "-"},
		{"/?b=1", "", "", in("request query", "required", "Request query must have required property 'a'"), ""},
		{"/?a=1", "", "", in("request query", "required", "Request query must have required property 'a'"), ""},
		{"/", "image/png", "\x89", in("request body", "format", `Request body must match format "byte"`), ""},
		{"/", "multipart/related; boundary=a", named, in("request body", "type", "Request body must be object"), "-"},
		{"/", "multipart/related; boundary=b", named, in("request body", "type", "Request body must be object"), ""},
		{"/", "multipart/related", named, in("request body", "type", "Request body must be object"), ""},
		{"/", "multipart/related; boundary=a", "--a\r\n\r\nx\r\n--a--", in("request body", "type", "Request body must be object"), ""},
		{"/", "multipart/form-data; boundary=a", named, in("request body", "type", "Request body must be object"), ""},
		{"/", "text/plain", named, in("request body", "type", "Request body must be object"), ""},
	} {
		r := request{"POST", c.target, http.Header{"Content-Type": {c.mediaType}}, []byte(c.body)}
		got := ""
		for _, d := range defects {
			if !d.applies(&r, c.violation) {
				continue
			}
			if got = "-"; d.change != nil {
				d.change(&r, c.violation)
				got = r.target + " " + string(r.body)
			}
		}
		if got != c.changed {
			t.Errorf("%s %s %q, %s: got %q, want %q", c.target, c.mediaType, c.body, c.violation, got, c.changed)
		}
	}
}

func TestAnErrorAboutTheRequestIsARefusalUnlessTheRequestIsRight(t *testing.T) {
	const complaint = "Error: Matrix serialization style requires parameter to be prefixed with name"
	for _, c := range []struct {
		ended, target string
		verdict       verdict
	}{
		{"TypeError: not a function", "/a/x", notJudged},
		{complaint, "/a/;k=1;name=b%20c", notJudged},
		{complaint, "/a/;name=b%20c", refused},
		{complaint, "/a/k=1;name=b%20c", refused},
	} {
		m, first := &mock{exchanges: []*exchange{{ended: c.ended, request: request{target: c.target}}}}, 0
		call := report{Exchange: &first, Arguments: `{"id":{"name":"b c","k":1}}`}
		if m.judge(&call); call.verdict != c.verdict || !strings.Contains(call.cause, c.ended) {
			t.Errorf("%s at %s: got %d %q, want %d", c.ended, c.target, call.verdict, call.cause, c.verdict)
		}
	}
}

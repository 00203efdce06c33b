package main

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
)

const initializeResult = `{"jsonrpc":"2.0","id":1,"result":{"instructions":"Read this."}}` + "\n"

func TestAServerIsAskedInOrder(t *testing.T) {
	const toolText = `{"name":"get","description":"Gets one.","inputSchema":{"type":"object"},"annotations":{}}`
	const responses = initializeResult +
		`{"jsonrpc":"2.0","method":"notifications/message","params":{}}` + "\n" +
		`{"jsonrpc":"2.0","id":2,"result":{"tools":[` + toolText + `]}}` + "\n" +
		`{"jsonrpc":"2.0","id":3,"result":{"contents":[{"text":"a "},{"text":"b"}]}}` + "\n"
	for mode, catalogue := range map[string]string{"direct": "", dynamic: "a b"} {
		var in bytes.Buffer
		l, err := (&conn{in: &in, out: bufio.NewReader(strings.NewReader(responses))}).listing(mode)
		if err != nil {
			t.Fatalf("%s: %v", mode, err)
		}
		if l.instructions != "Read this." || l.catalogue != catalogue || len(l.tools) != 1 {
			t.Errorf("%s: got %+v", mode, l)
		}
		got := l.tools[0]
		if got.Name != "get" || got.group != "get" || got.Description != "Gets one." || got.size != len(toolText) ||
			string(got.InputSchema) != `{"type":"object"}` {
			t.Errorf("%s: got %+v", mode, got)
		}
		sent := strings.Split(strings.TrimSpace(in.String()), "\n")
		wanted := []string{
			`"id":1,"method":"initialize"`, `"method":"notifications/initialized"`, `"id":2,"method":"tools/list"`,
		}
		if mode == dynamic {
			wanted = append(wanted, `"id":3,"method":"resources/read","params":{"uri":"workos://catalogue"}`)
		}
		if len(sent) != len(wanted) {
			t.Fatalf("%s: sent %q, want %d messages", mode, sent, len(wanted))
		}
		for i, part := range wanted {
			if !strings.HasPrefix(sent[i], `{"jsonrpc":"2.0",`+part) {
				t.Errorf("%s: sent %s, want %s", mode, sent[i], part)
			}
		}
	}
}

func TestWhatAServerDoesWrongIsReported(t *testing.T) {
	for responses, want := range map[string]string{
		"":                                    "initialize: read the response: EOF",
		"{\n":                                 "initialize: read the response: unexpected end of JSON input",
		`{"id":1,"error":{"code":-1}}` + "\n": `initialize: got the error {"code":-1}`,
		`{"id":1,"result":[]}` + "\n":         "initialize: read the result: ",
		initializeResult:                      "tools/list: read the response: EOF",
		initializeResult + `{"id":2,"result":{}}`:                    "tools/list: read the response: EOF",
		initializeResult + "{\"id\":2,\"result\":{\"tools\":[1]}}\n": "read a tool: ",
		initializeResult + "{\"id\":2,\"result\":{}}\n":              "resources/read: read the response: EOF",
	} {
		_, err := (&conn{in: &bytes.Buffer{}, out: bufio.NewReader(strings.NewReader(responses))}).listing(dynamic)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", responses, err, want)
		}
	}
}

func TestAProgramThatIsNoServerIsReported(t *testing.T) {
	if _, err := (server{"go", "version"}).list(t.Context(), "direct"); err == nil ||
		!strings.HasPrefix(err.Error(), "ask the server: initialize: ") {
		t.Errorf("got %v, want an error of the first request", err)
	}
	if err := (server{"go", "env", "GOOS"}).group(t.Context(), nil); err == nil ||
		!strings.HasPrefix(err.Error(), "list the toolsets: ") && !strings.HasPrefix(err.Error(), "read the toolsets: ") {
		t.Errorf("got %v, want an error of the toolsets", err)
	}
	err := server{built}.group(t.Context(), []tool{{Name: "none"}})
	if err == nil || err.Error() != "tool none has no toolset" {
		t.Errorf("got %v, want an error that names the tool", err)
	}
}

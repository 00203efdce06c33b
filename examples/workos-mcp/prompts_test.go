package main

import (
	"strings"
	"testing"
)

// Every prompt is offered with all its tools, and only what reads within --read-only. None sends anything.
func TestPrompts(t *testing.T) {
	lines := []string{initialize, `{"jsonrpc":"2.0","id":1,"method":"prompts/list"}`}
	list, err := newAPI().Prompts()
	if err != nil || len(list) != 3 {
		t.Fatalf("got %d prompts, %v", len(list), err)
	}
	for _, p := range list {
		arguments := make([]string, len(p.Arguments))
		for i, a := range p.Arguments {
			arguments[i] = `"` + a.Name + `":"Acme"`
		}
		lines = append(lines, `{"jsonrpc":"2.0","id":"`+p.Name+`","method":"prompts/get","params":{"name":"`+p.Name+
			`","arguments":{`+strings.Join(arguments, ",")+`}}}`)
	}
	o := execute(t, nil, strings.Join(lines, "\n")+"\n", "stdio", "--sandbox", "--names", "underscore")
	for _, p := range list {
		if !strings.Contains(o.stdout, `"name":"`+p.Name+`","title":"`+p.Title+`"`) ||
			!strings.Contains(o.stdout, `"id":"`+p.Name+`","result":{"description":"`+p.Description) {
			t.Errorf("%s: got %s, want it listed and written", p.Name, o.stdout)
		}
	}
	for _, part := range []string{"organizations_create, with the domain Acme", "user_management_sessions_revoke_create"} {
		if !strings.Contains(o.stdout, part) {
			t.Errorf("got %s, want %s in it", o.stdout, part)
		}
	}
	o = execute(t, nil, strings.Join(lines, "\n")+"\n", "stdio", "--sandbox", "--read-only")
	if strings.Contains(o.stdout, "Onboard") || !strings.Contains(o.stdout, "Debug a sign-in") {
		t.Errorf("got %s, want the prompt that changes nothing alone", o.stdout)
	}
}

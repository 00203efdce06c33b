package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A model that makes one call and then replies solves the task that this call solves.
func TestAModelSolvesATask(t *testing.T) {
	p, err := build(t.Context(), "../..", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c, err := newCounter()
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct {
			Model    string
			Messages []chat
			Tools    []struct{ Function struct{ Name string } }
		}
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil || r.Header.Get("Authorization") != "Bearer sk_model" {
			t.Errorf("got %v, %q", err, r.Header.Get("Authorization"))
		}
		last := request.Messages[len(request.Messages)-1]
		seen = append(seen, last.Role)
		if last.Role == "tool" {
			if request.Model != "tiny" || len(request.Tools) != 2 || !strings.Contains(last.Content, `"value":"Initech"`) {
				t.Errorf("got %+v", request)
			}
			_, _ = fmt.Fprint(w, `{"choices":[{"message":{"role":"assistant","content":"Created."}}]}`)
			return
		}
		_, _ = fmt.Fprint(w, `{"choices":[{"message":{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":`+
			`{"name":"run_program","arguments":"{\"program\":\"return (await api.organizations.create(`+
			`{name: 'Initech', external_id: 'crm-17'})).name\"}"}}]}}]}`)
	}))
	defer api.Close()
	t.Setenv("OPENAI_BASE_URL", api.URL)
	t.Setenv("OPENAI_API_KEY", "sk_model")
	went, err := ask(t.Context(), p, c, code, &customers()[0], "tiny")
	if err != nil || went.wrong != "" || went.calls != 1 || went.errors != 0 || strings.Join(seen, " ") != "user tool" {
		t.Errorf("got %+v, %v, %q", went, err, seen)
	}
	went, err = ask(t.Context(), p, c, code, &people()[0], "tiny")
	if err != nil || went.wrong == "" {
		t.Errorf("another task: got %+v, %v, want it unsolved", went, err)
	}
}

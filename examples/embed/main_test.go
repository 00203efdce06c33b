package main

import (
	"net/http"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
)

func TestServerHasItsOwnToolAndTheChosenOnes(t *testing.T) {
	s, err := newServer("sk_sandbox", client.WithHTTPClient(&http.Client{Transport: sandbox.New()}))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"clock", "organizations.list", "organizations.get"} {
		if s.GetTool(name) == nil {
			t.Errorf("%s is missing", name)
		}
	}
	for _, name := range []string{"organizations.delete", "vault.kv.list"} {
		if s.GetTool(name) != nil {
			t.Errorf("%s was not chosen", name)
		}
	}
}

package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// Ten users as a table cost less than half of what they cost as JSON.
func TestTableFitsItsBudget(t *testing.T) {
	const maxTable = 730 // o200k tokens
	state := filepath.Join(t.TempDir(), "state.json")
	call := func(tool, arguments string) string {
		t.Helper()
		out, err := server{built}.command(t.Context(), "--sandbox="+state, "tool", "call", tool, arguments).Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	for _, name := range strings.Fields("Ada Grace Edsger Barbara Donald Frances Niklaus Radia Tony Margaret") {
		call("user_management.users.create",
			fmt.Sprintf(`{"email":"%s@acme.example","first_name":%q,"last_name":"Doe"}`, strings.ToLower(name), name))
	}
	costs, err := tokens(
		call("user_management.users.list", `{"limit":10,"format":"table"}`), call("user_management.users.list", `{"limit":10}`))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("ten users: %d tokens as a table, %d as JSON", costs[0], costs[1])
	if costs[0] > maxTable || 2*costs[0] > costs[1] {
		t.Errorf("ten users cost %d tokens as a table and %d as JSON, want at most %d and half", costs[0], costs[1], maxTable)
	}
}

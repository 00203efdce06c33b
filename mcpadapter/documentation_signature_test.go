package mcpadapter_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestSignatures(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	for name, want := range map[string]string{
		"teas.delete": "teas.delete({tea_id}) // Remove a tea",
		"teas.list": "teas.list({country?, region?, shelf?: int, grades?: ('leaf'|'broken'|'dust')[], labels?: {…}, " +
			"in_stock?: boolean, max_price?: number, limit?: int, picked_after?, …}) // List teas",
	} {
		if got := shoptest.Tool(t, a, name).Signature(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for _, tool := range a.AllTools() {
		got := tool.Signature()
		if n := utf8.RuneCountInString(got); n > 300 || strings.Contains(got, "\n") || !strings.HasPrefix(got, tool.Name()+"(") {
			t.Errorf("%s: got %d characters: %s", tool.Name(), n, got)
		}
	}
	if got := shoptest.DynamicTool(t, a, "search_operations").Signature(); got != "search_operations // Search operations" {
		t.Errorf("got %s", got)
	}
}

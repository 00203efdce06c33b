package serve

import (
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// A model reads of no operation that it may not call, nor of one that there is not.
func TestWaysAreThoseThatArePermitted(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	ways := []Way{
		{"a tea", "getTea", "tea_id"}, {"nothing", "no.such.operation", "id"}, {"the teas", "teas.list", "region or limit"},
	}
	if got, want := Ways(t.Context(), a, ways...), "Usual ways:\n- a tea: getTea with tea_id\n- the teas: teas.list with region or limit\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for deny, want := range map[string]string{
		"getTea": "Usual ways:\n- the teas: teas.list with region or limit\n", "*tea*": "Usual ways:\n- a tea: getTea with tea_id\n",
		"*[Tt]ea*": "",
	} {
		ctx, err := a.Narrow(t.Context(), mcpadapter.Filter{Deny: []string{deny}})
		if err != nil {
			t.Fatal(err)
		}
		if got := Ways(ctx, a, ways...); got != want {
			t.Errorf("without %s: got %q, want %q", deny, got, want)
		}
	}
}

package mcpadapter_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestAMemoryIsForSeveralAdapters(t *testing.T) {
	t.Parallel()
	var m mcpadapter.ConfirmationMemory
	settings := mcpadapter.Confirmation{Policy: mcpadapter.ConfirmDestructive, Key: make([]byte, 32), Used: &m}
	changes := 0
	first := shopWith(t, changing(&changes), mcpadapter.WithConfirmation(settings))
	second := shopWith(t, changing(&changes), mcpadapter.WithConfirmation(settings))
	token := asked(t.Context(), t, tool(t, first, "teas.delete"), `{"tea_id":"1"}`).Token
	for i, a := range []*mcpadapter.Adapter{second, first, second} {
		r := tool(t, a, "teas.delete").Invoke(t.Context(), withToken(t, `{"tea_id":"1"}`, token))
		if (r.Failure == nil) != (i == 0) || changes != 1 {
			t.Errorf("use %d: got %s and %d requests, want the first alone sent", i, r.Text(), changes)
		}
		if i > 0 {
			const want = `confirmation_invalid: the confirmation was used already; nothing was sent again
Look whether the first call took effect. Call the tool without confirmation to ask the person again.`
			if r.Text() != want {
				t.Errorf("use %d: got %s, want %s", i, r.Text(), want)
			}
		}
	}
}

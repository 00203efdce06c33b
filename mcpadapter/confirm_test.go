package mcpadapter_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestPoliciesSayWhatIsConfirmed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tool, arguments string
		from            mcpadapter.ConfirmationPolicy
	}{
		{"teas.list", `{}`, mcpadapter.ConfirmWrites + 1},
		{"getTea", `{"tea_id":"1"}`, mcpadapter.ConfirmWrites + 1},
		{"teas.create", `{"name":"n","stock":1}`, mcpadapter.ConfirmWrites},
		{"teas-update", `{"tea_id":"1","name":"n"}`, mcpadapter.ConfirmWrites},
		{"moods.replace", `{"body":{"key":"k","title":"t"}}`, mcpadapter.ConfirmRisky}, // PUT
		{"teas.delete", `{"tea_id":"1"}`, mcpadapter.ConfirmRisky},
		{"recalls.create", `{"tea":"1"}`, mcpadapter.ConfirmRisky},                           // x-risk: [destroys]
		{"tastings.create", `{"day":"2026-01-01","email":"a@b.c"}`, mcpadapter.ConfirmRisky}, // x-risk: [adds, sends]
	} {
		for policy := mcpadapter.ConfirmNone; policy <= mcpadapter.ConfirmWrites; policy++ {
			for _, byContext := range []bool{false, true} {
				ctx, set := t.Context(), policy
				if byContext {
					ctx, set = mcpadapter.RequireConfirmation(ctx, policy), mcpadapter.ConfirmNone
				}
				a, wire := shoptest.New(t, nil, shoptest.Confirming(set))
				r := shoptest.Tool(t, a, c.tool).Invoke(ctx, json.RawMessage(c.arguments))
				if c.from > policy {
					if n := len(wire.Seen()); r.Failure != nil || n != 1 {
						t.Errorf("%s under %v: got %s and %d requests, want it sent", c.tool, policy, r.Text(), n)
					}
					continue
				}
				shoptest.WantFailure(t, r, mcpadapter.CodeConfirmationRequired, 0)
				if sent := wire.Changes(); len(sent) > 0 {
					t.Errorf("%s under %v: got %v sent, want nothing", c.tool, policy, sent)
				}
			}
		}
	}
}

func TestAContextOnlyAsksForMore(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
	ctx := mcpadapter.RequireConfirmation(t.Context(), mcpadapter.ConfirmNone)
	shoptest.Asked(ctx, t, shoptest.Tool(t, a, "teas.delete"), `{"tea_id":"1"}`)
	ctx = mcpadapter.RequireConfirmation(t.Context(), mcpadapter.ConfirmWrites)
	ctx = mcpadapter.RequireConfirmation(ctx, mcpadapter.ConfirmNone)
	shoptest.Asked(ctx, t, shoptest.Tool(t, a, "teas.create"), `{"name":"n","stock":1}`)
	if sent := wire.Changes(); len(sent) > 0 {
		t.Errorf("got %v, want nothing sent", sent)
	}
}

func TestTheArgumentForTheToken(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
	for name, want := range map[string]bool{
		"teas.delete": true, "tastings.create": true, "teas.create": false, "getTea": false,
	} {
		if got := strings.Contains(string(shoptest.Tool(t, a, name).InputSchema()), `"confirmation":{"type":"string"`); got != want {
			t.Errorf("%s: got %v for whether it is published, want %v", name, got, want)
		}
	}
	// An operation's own argument of that name stays its own.
	cancel := shoptest.Tool(t, a, "parcels.cancel")
	shoptest.WantParts(t, "schema", string(cancel.InputSchema()), `"confirmation":{`, `"_confirmation":{`)
	r := shoptest.Invoke(t, a, "parcels.cancel", `{"number":1,"confirmation":"paper"}`)
	shoptest.WantParts(t, "advice", r.Text(), "and _confirmation set to the token")
	r = shoptest.Invoke(t, a, "parcels.cancel",
		fmt.Sprintf(`{"number":1,"confirmation":"paper","_confirmation":%q}`, r.Failure.Confirmation.Token))
	if sent := wire.Seen(); r.Failure != nil || len(sent) != 1 || sent[0].URI != "/parcels/1?confirmation=paper" {
		t.Errorf("got %s and %v, want it sent with its own argument", r.Text(), sent)
	}
	// Where nothing is confirmed, a token that comes all the same is taken off.
	a, wire = shoptest.New(t, nil)
	r = shoptest.Invoke(t, a, "teas.delete", `{"tea_id":"1","confirmation":"x"}`)
	if sent := wire.Seen(); r.Failure != nil || len(sent) != 1 || sent[0].URI != "/teas/1" {
		t.Errorf("got %s and %v, want it sent without the token", r.Text(), sent)
	}
}

func TestConfirmationsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		settings mcpadapter.Confirmation
		part     string
	}{
		{mcpadapter.Confirmation{Policy: -1}, "invalid policy ConfirmationPolicy(-1)"},
		{mcpadapter.Confirmation{Policy: 3}, "invalid policy ConfirmationPolicy(3)"},
		{mcpadapter.Confirmation{Key: []byte{}}, "the key has 0 bytes, expected at least 32"},
		{mcpadapter.Confirmation{Key: make([]byte, 31)}, "the key has 31 bytes, expected at least 32"},
		{mcpadapter.Confirmation{Lifetime: -time.Second}, "the lifetime -1s is less than a second"},
		{mcpadapter.Confirmation{Lifetime: time.Millisecond}, "the lifetime 1ms is less than a second"},
	} {
		_, err := mcpadapter.New(struct{}{}, &optable.Table{}, mcpadapter.WithConfirmation(c.settings))
		if err == nil {
			t.Errorf("%+v: got no error", c.settings)
			continue
		}
		shoptest.WantParts(t, "error", err.Error(), "WithConfirmation: "+c.part)
	}
}

func TestPoliciesAsText(t *testing.T) {
	t.Parallel()
	for policy := mcpadapter.ConfirmNone; policy <= mcpadapter.ConfirmWrites; policy++ {
		text, err := policy.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		got := mcpadapter.ConfirmationPolicy(-1)
		if err := got.UnmarshalText(text); err != nil || got != policy {
			t.Errorf("%s: got %v (%v), want %v", text, got, err, policy)
		}
	}
	var p mcpadapter.ConfirmationPolicy
	const renamed = `workos/mcpadapter: unknown policy "destructive": want none, risky or writes; ` +
		"risky includes what destructive asked for"
	if err := p.UnmarshalText([]byte("destructive")); err == nil || err.Error() != renamed || p != mcpadapter.ConfirmNone {
		t.Errorf("got %v and %v, want %s", p, err, renamed)
	}
	for _, text := range []string{"", "Writes", "all", " none", "ConfirmationPolicy(3)"} {
		if err := p.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q: got no error", text)
		}
	}
	if text, err := mcpadapter.ConfirmationPolicy(3).MarshalText(); err == nil {
		t.Errorf("got %s, want an error for a policy that does not exist", text)
	}
}

func TestAMemoryIsForSeveralAdapters(t *testing.T) {
	t.Parallel()
	var m mcpadapter.ConfirmationMemory
	settings := mcpadapter.Confirmation{Policy: mcpadapter.ConfirmRisky, Key: make([]byte, 32), Used: &m}
	changes := 0
	first := shoptest.NewWith(t, changing(&changes), mcpadapter.WithConfirmation(settings))
	second := shoptest.NewWith(t, changing(&changes), mcpadapter.WithConfirmation(settings))
	token := shoptest.Asked(t.Context(), t, shoptest.Tool(t, first, "teas.delete"), `{"tea_id":"1"}`).Token
	for i, a := range []*mcpadapter.Adapter{second, first, second} {
		r := shoptest.Tool(t, a, "teas.delete").Invoke(t.Context(), shoptest.WithToken(t, `{"tea_id":"1"}`, token))
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

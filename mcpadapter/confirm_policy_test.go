package mcpadapter_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	mcpserver "github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

// confirmedFrom says from which policy on each operation of the shop is confirmed; beyond the last: by none.
func confirmedFrom() map[string]mcpadapter.ConfirmationPolicy {
	const never = mcpadapter.ConfirmWrites + 1
	return map[string]mcpadapter.ConfirmationPolicy{
		"teas.list": never, "getTea": never, "bins.get": never, "days.get": never, "parcels.track": never,
		"parcels.slip": never, "checkout.get": never, "orders.list": never, "orders.get": never,

		"teas.create": mcpadapter.ConfirmWrites, "teas-update": mcpadapter.ConfirmWrites,
		"shelves.label": mcpadapter.ConfirmRisky, "baskets.items.add": mcpadapter.ConfirmWrites,
		"baskets.gifts.add": mcpadapter.ConfirmWrites, "baskets.card.add": mcpadapter.ConfirmWrites,
		"facts.replace": mcpadapter.ConfirmRisky, "facts.add": mcpadapter.ConfirmWrites,
		"facts.note": mcpadapter.ConfirmWrites, "moods.replace": mcpadapter.ConfirmRisky,
		"surveys.create": mcpadapter.ConfirmWrites, "payments.create": mcpadapter.ConfirmWrites,
		"blends.create": mcpadapter.ConfirmWrites, "menus.create": mcpadapter.ConfirmWrites,
		"parcels.create": mcpadapter.ConfirmWrites, "orders.search": mcpadapter.ConfirmWrites,
		"orders.replace": mcpadapter.ConfirmRisky,

		"teas.delete": mcpadapter.ConfirmRisky, "tastings.create": mcpadapter.ConfirmRisky,
		"recalls.create": mcpadapter.ConfirmRisky, "checkout.delete": mcpadapter.ConfirmRisky,
		"parcels.cancel": mcpadapter.ConfirmRisky,
	}
}

func policies() []mcpadapter.ConfirmationPolicy {
	return []mcpadapter.ConfirmationPolicy{
		mcpadapter.ConfirmNone, mcpadapter.ConfirmRisky, mcpadapter.ConfirmWrites,
	}
}

// Every operation under every policy, of the adapter and of the context, in both ways to ask.
func TestEveryOperationIsConfirmedByItsPolicies(t *testing.T) {
	t.Parallel()
	arguments := shoptest.ValidArguments(t)
	from := confirmedFrom()
	if len(from) != len(arguments) {
		t.Errorf("got %d operations in the table, want %d", len(from), len(arguments))
	}
	for _, set := range policies() {
		changes, asked := 0, 0
		a := shoptest.NewWith(t, changing(&changes), shoptest.Confirming(set))
		ask := func(context.Context, string) (bool, error) {
			asked++
			return false, nil
		}
		for _, wanted := range policies() {
			ctx := mcpadapter.RequireConfirmation(t.Context(), wanted)
			for name, valid := range arguments {
				confirmed := from[name] <= max(set, wanted)
				changes, asked = 0, 0
				byToken := shoptest.Tool(t, a, name).Invoke(ctx, valid)
				sent := changes
				byAsking := shoptest.Tool(t, a, name).InvokeAsking(ctx, valid, ask)
				sent += changes - sent
				what := fmt.Sprintf("%s under %v and %v", name, set, wanted)
				if confirmed {
					shoptest.WantFailure(t, byToken, mcpadapter.CodeConfirmationRequired, 0)
					shoptest.WantFailure(t, byAsking, mcpadapter.CodeNotConfirmed, 0)
					if sent != 0 || asked != 1 {
						t.Errorf("%s: got %d requests and %d questions, want one question alone", what, sent, asked)
					}
					continue
				}
				if byToken.Failure != nil || byAsking.Failure != nil || asked != 0 {
					t.Errorf("%s: got %s and %s and %d questions, want it sent", what, byToken.Text(), byAsking.Text(), asked)
				}
				if want := 2; from[name] <= mcpadapter.ConfirmWrites && sent != want {
					t.Errorf("%s: got %d requests, want %d", what, sent, want)
				}
			}
		}
	}
}

func TestPoliciesThatDoNotExistAskForNothingLess(t *testing.T) {
	t.Parallel()
	changes := 0
	a := shoptest.NewWith(t, changing(&changes), shoptest.Confirming(mcpadapter.ConfirmRisky))
	for policy, sent := range map[mcpadapter.ConfirmationPolicy]int{-1: 1, 0: 1, 1: 1, 2: 0, 3: 0, 99: 0} {
		ctx := mcpadapter.RequireConfirmation(t.Context(), policy)
		shoptest.Tool(t, a, "teas.create").Invoke(ctx, json.RawMessage(`{"name":"n","stock":1}`))
		if changes != sent {
			t.Errorf("%v: got %d requests, want %d", policy, changes, sent)
		}
		changes = 0
		shoptest.Tool(t, a, "teas.delete").Invoke(ctx, json.RawMessage(`{"tea_id":"1"}`))
		if changes != 0 {
			t.Errorf("%v: got %d requests of what is destructive, want none", policy, changes)
		}
		if r := shoptest.Tool(t, a, "getTea").Invoke(ctx, json.RawMessage(`{"tea_id":"1"}`)); r.Failure != nil {
			t.Errorf("%v: got %s, want what changes nothing sent", policy, r.Text())
		}
		changes = 0
	}
}

// The argument for the token is published where a call of the context needs it, and nowhere else.
func TestTheTokenIsPublishedWhereItIsNeeded(t *testing.T) {
	t.Parallel()
	from := confirmedFrom()
	for _, set := range policies() {
		changes := 0
		a := shoptest.NewWith(t, changing(&changes), shoptest.Confirming(set))
		hooks := &mcpserver.Hooks{}
		mcpgo.AddHooks(hooks, a, func(string) mcpadapter.NameStyle { return mcpadapter.NamesDots })
		s := mcpserver.NewMCPServer("shop", "1", mcpserver.WithHooks(hooks))
		if err := mcpgo.RegisterAll(s, a); err != nil {
			t.Fatal(err)
		}
		for _, wanted := range policies() {
			ctx := mcpadapter.RequireConfirmation(t.Context(), wanted)
			text, err := json.Marshal(s.HandleMessage(ctx, json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)))
			if err != nil {
				t.Fatal(err)
			}
			var m struct {
				Result struct {
					Tools []struct {
						Name        string
						InputSchema struct{ Properties map[string]json.RawMessage }
					}
				}
			}
			if err := json.Unmarshal(text, &m); err != nil {
				t.Fatal(err)
			}
			if len(m.Result.Tools) != len(from) {
				t.Fatalf("got %d tools, want %d", len(m.Result.Tools), len(from))
			}
			for _, listed := range m.Result.Tools {
				name, plain := "confirmation", shoptest.Tool(t, a, listed.Name)
				if listed.Name == "parcels.cancel" { // which has an argument of that name
					name = "_confirmation"
				}
				published := listed.InputSchema.Properties[name]
				const want = `{"type":"string","description":"Token from a first call without it, which sends nothing. Give it ` +
					`with the same arguments, only after the person has agreed."}`
				if confirmed := from[listed.Name] <= max(set, wanted); confirmed != (string(published) == want) {
					t.Errorf("%s under %v and %v: got %s published, want it: %v", listed.Name, set, wanted, published, confirmed)
				}
				var own struct{ Properties map[string]json.RawMessage }
				if err := json.Unmarshal(plain.InputSchema(), &own); err != nil {
					t.Fatal(err)
				}
				delete(own.Properties, name)
				delete(listed.InputSchema.Properties, name)
				if got, want := names(listed.InputSchema.Properties), names(own.Properties); !slices.Equal(got, want) {
					t.Errorf("%s: got %v beside it, want %v", listed.Name, got, want)
				}
			}
		}
	}
}

func names(properties map[string]json.RawMessage) []string {
	return slices.Sorted(maps.Keys(properties))
}

func TestNothingIsSentUnlessAPersonAgrees(t *testing.T) {
	t.Parallel()
	const advice = "\nDo not call it again unless they ask for it."
	long := strings.Repeat("é", 400)
	for _, c := range []struct {
		agreed bool
		err    error
		want   string
	}{
		{true, nil, ""},
		{false, nil, "not_confirmed: the person did not agree; nothing was sent" + advice},
		{false, context.DeadlineExceeded, "not_confirmed: nobody responded in time; nothing was sent"},
		{true, context.DeadlineExceeded, "not_confirmed: nobody responded in time; nothing was sent"},
		{true, fmt.Errorf("wait: %w", context.DeadlineExceeded), "not_confirmed: nobody responded in time; nothing was sent"},
		{
			true, context.Canceled, "not_confirmed: the person could not be asked: context canceled; nothing was sent",
		},
		{true, errors.New("gone"), "not_confirmed: the person could not be asked: gone; nothing was sent"},
		{true, errors.New(long), "not_confirmed: the person could not be asked: " + long + "; nothing was sent"},
		{true, errors.New(long + "x"), "not_confirmed: the person could not be asked: " + long + "…; nothing was sent"},
	} {
		changes := 0
		a := shoptest.NewWith(t, changing(&changes), shoptest.Confirming(mcpadapter.ConfirmRisky))
		r := shoptest.Tool(t, a, "teas.delete").InvokeAsking(t.Context(), json.RawMessage(`{"tea_id":"1"}`),
			func(context.Context, string) (bool, error) { return c.agreed, c.err })
		if c.want == "" {
			if r.Failure != nil || changes != 1 {
				t.Errorf("agreed: got %s and %d requests, want it sent once", r.Text(), changes)
			}
			continue
		}
		if r.Text() != c.want || changes != 0 {
			t.Errorf("got %s and %d requests, want %s and nothing sent", r.Text(), changes, c.want)
		}
	}
}

func TestAPersonHasFiveMinutesByDefault(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		changes := 0
		a := shoptest.NewWith(t, changing(&changes), shoptest.Confirming(mcpadapter.ConfirmRisky))
		begin := time.Now()
		r := shoptest.Tool(t, a, "teas.delete").InvokeAsking(t.Context(), json.RawMessage(`{"tea_id":"1"}`),
			func(ctx context.Context, _ string) (bool, error) {
				<-ctx.Done()
				return true, ctx.Err()
			})
		if got := time.Since(begin); got != 5*time.Minute || changes != 0 {
			t.Errorf("got %v to agree and %d requests, want 5 minutes and nothing sent", got, changes)
		}
		shoptest.WantFailure(t, r, mcpadapter.CodeNotConfirmed, 0)
	})
}

func TestACallerCanTellWhichCallsMayBeConfirmed(t *testing.T) {
	t.Parallel()
	a := shoptest.NewWith(t, nil, mcpadapter.WithConfirmation(mcpadapter.Confirmation{Policy: mcpadapter.ConfirmRisky}))
	more := mcpadapter.RequireConfirmation(t.Context(), mcpadapter.ConfirmWrites)
	for name, from := range confirmedFrom() {
		tool, err := a.Tool(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := tool.MayConfirm(t.Context()); got != (from <= mcpadapter.ConfirmRisky) {
			t.Errorf("%s: got %t", name, got)
		}
		if got := tool.MayConfirm(more); got != (from <= mcpadapter.ConfirmWrites) {
			t.Errorf("%s where writes are confirmed: got %t", name, got)
		}
	}
	for _, tool := range a.DynamicTools() {
		if !tool.MayConfirm(t.Context()) {
			t.Errorf("%s: got false, want true", tool.Name())
		}
	}
}

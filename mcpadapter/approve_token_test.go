package mcpadapter_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// changing returns a client that answers with nothing and counts the requests that are no GET.
func changing(changes *int) shoptest.Doer {
	return func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodGet {
			*changes++
		}
		return &http.Response{StatusCode: http.StatusNoContent, Body: io.NopCloser(strings.NewReader(""))}, nil
	}
}

// wantForged checks that a token is refused, with nothing sent.
func wantForged(tb testing.TB, what string, r mcpadapter.Result, changes int) {
	tb.Helper()
	const want = "the confirmation is not for this call: it was made for another tool, for other arguments or for other " +
		"credentials, or is not complete; nothing was sent"
	if f := r.Failure; f == nil || f.Code != mcpadapter.CodeConfirmationInvalid || f.Message != want {
		tb.Errorf("%s: got %s, want %s", what, r.Text(), want)
	} else if want := "Call the tool without confirmation to ask the person again."; f.Advice != want {
		tb.Errorf("%s: got the advice %q, want %q", what, f.Advice, want)
	}
	if changes != 0 {
		tb.Errorf("%s: got %d requests, want nothing sent", what, changes)
	}
}

func TestAdaptersWithoutAKeyRefuseEachOthersTokens(t *testing.T) {
	t.Parallel()
	keys := map[string][]byte{
		"no key": nil, "no key either": nil, "zeros": make([]byte, 32), "more zeros": make([]byte, 33),
		"ones": bytes.Repeat([]byte{1}, 32), "the last byte differs": append(bytes.Repeat([]byte{1}, 31), 2),
		"the first byte differs": append([]byte{2}, bytes.Repeat([]byte{1}, 31)...),
	}
	adapters, changes := map[string]*mcpadapter.Adapter{}, 0
	for name, key := range keys {
		adapters[name] = shoptest.NewWith(t, changing(&changes), mcpadapter.WithConfirmation(mcpadapter.Confirmation{
			Policy: mcpadapter.ConfirmRisky, Key: key,
		}))
	}
	for from, a := range adapters {
		token := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "teas.delete"), `{"tea_id":"1"}`).Token
		for to, b := range adapters {
			if from != to {
				r := shoptest.Tool(t, b, "teas.delete").Invoke(t.Context(), shoptest.WithToken(t, `{"tea_id":"1"}`, token))
				wantForged(t, from+" to "+to, r, changes)
			}
		}
		r := shoptest.Tool(t, a, "teas.delete").Invoke(t.Context(), shoptest.WithToken(t, `{"tea_id":"1"}`, token))
		if r.Failure != nil || changes != 1 {
			t.Errorf("%s: got %s and %d requests, want its own token taken", from, r.Text(), changes)
		}
		changes = 0
	}
}

// The key is the caller's: what it does with the bytes later changes no token.
func TestAKeyIsReadOnce(t *testing.T) {
	t.Parallel()
	changes, key := 0, bytes.Repeat([]byte("k"), 32)
	settings := mcpadapter.Confirmation{Policy: mcpadapter.ConfirmRisky, Key: bytes.Clone(key)}
	a := shoptest.NewWith(t, changing(&changes), mcpadapter.WithConfirmation(settings))
	clear(settings.Key)
	settings.Key = key
	b := shoptest.NewWith(t, changing(&changes), mcpadapter.WithConfirmation(settings))
	token := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "teas.delete"), `{"tea_id":"1"}`).Token
	r := shoptest.Tool(t, b, "teas.delete").Invoke(t.Context(), shoptest.WithToken(t, `{"tea_id":"1"}`, token))
	if r.Failure != nil || changes != 1 {
		t.Errorf("got %s and %d requests, want the token taken by another process with the key", r.Text(), changes)
	}
}

// A process takes the tokens of the release before it: this one was sealed on
// 2000-01-01, when the clock of a synctest bubble begins.
func TestTokensOfTheReleaseBeforeAreTaken(t *testing.T) {
	t.Parallel()
	const token = "AVKcRN5ylECFeIOyD5axmVr-7yAFRqyoSQ2Lusdzr0qzF-c7BQ"
	synctest.Test(t, func(t *testing.T) {
		changes := 0
		store := &memory{}
		a := shoptest.NewWith(t, changing(&changes), mcpadapter.WithConfirmation(mcpadapter.Confirmation{
			Policy: mcpadapter.ConfirmRisky, Key: bytes.Repeat([]byte("k"), 32), Used: store,
			Caller: func(context.Context) string { return "ada" },
		}))
		const arguments = `{"tea":"1","reason":"mould","notes":{"a":"1"}}`
		recall := shoptest.Tool(t, a, "recalls.create")
		fresh := shoptest.Asked(t.Context(), t, recall, arguments)
		if want := time.Date(2000, 1, 1, 0, 5, 0, 0, time.UTC); fresh.Expires != want {
			t.Errorf("got a token until %v, want %v", fresh.Expires, want)
		}
		if len(fresh.Token) != len(token) {
			t.Errorf("got a token of %d characters, want %d", len(fresh.Token), len(token))
		}
		if r := recall.Invoke(t.Context(), shoptest.WithToken(t, arguments, token)); r.Failure != nil || changes != 1 {
			t.Fatalf("got %s and %d requests, want it sent (a new token is %s)", r.Text(), changes, fresh.Token)
		}
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			t.Fatal(err)
		}
		id := base64.RawURLEncoding.EncodeToString(raw[1:13]) // the nonce
		expires, found := store.used.Load(id)
		if until, ok := expires.(time.Time); !found || !ok || !until.Equal(fresh.Expires) {
			t.Errorf("got %v remembered for %s, want %v", expires, id, fresh.Expires)
		}
	})
}

func TestNoTwoTokensAreAlike(t *testing.T) {
	t.Parallel()
	changes := 0
	a := shoptest.NewWith(t, changing(&changes), shoptest.Confirming(mcpadapter.ConfirmRisky))
	seen := map[string]bool{}
	for range 20 {
		token := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "teas.delete"), `{"tea_id":"1"}`).Token
		if seen[token] {
			t.Fatalf("got %s twice", token)
		}
		seen[token] = true
	}
}

func TestATokenIsBoundToEachPartOfItsCall(t *testing.T) {
	t.Parallel()
	type key struct{}
	changes := 0
	a := shoptest.NewWith(t, changing(&changes), mcpadapter.WithConfirmation(mcpadapter.Confirmation{
		Policy: mcpadapter.ConfirmWrites, Caller: func(ctx context.Context) string {
			caller, _ := ctx.Value(key{}).(string)
			return caller
		},
	}))
	as := func(caller string) context.Context { return context.WithValue(t.Context(), key{}, caller) }
	type madeFor struct{ caller, tool, arguments string }
	for _, c := range []struct {
		name      string
		made, use madeFor
	}{
		{
			"another path value", madeFor{"ada", "baskets.gifts.add", `{"basket":"1","body":["a"]}`},
			madeFor{"ada", "baskets.gifts.add", `{"basket":"2","body":["a"]}`},
		},
		{
			"another body", madeFor{"ada", "baskets.gifts.add", `{"basket":"1","body":["a"]}`},
			madeFor{"ada", "baskets.gifts.add", `{"basket":"1","body":["b"]}`},
		},
		{
			"another order of the body", madeFor{"ada", "baskets.gifts.add", `{"basket":"1","body":["a","b"]}`},
			madeFor{"ada", "baskets.gifts.add", `{"basket":"1","body":["b","a"]}`},
		},
		{
			"no body, then an empty one", madeFor{"ada", "baskets.gifts.add", `{"basket":"1"}`},
			madeFor{"ada", "baskets.gifts.add", `{"basket":"1","body":[]}`},
		},
		{
			"an empty body, then none", madeFor{"ada", "baskets.gifts.add", `{"basket":"1","body":[]}`},
			madeFor{"ada", "baskets.gifts.add", `{"basket":"1"}`},
		},
		{
			"a parameter more", madeFor{"ada", "parcels.cancel", `{"number":1}`},
			madeFor{"ada", "parcels.cancel", `{"number":1,"confirmation":"paper"}`},
		},
		{
			"another parameter", madeFor{"ada", "parcels.cancel", `{"number":1,"confirmation":"a"}`},
			madeFor{"ada", "parcels.cancel", `{"number":1,"confirmation":"b"}`},
		},
		{
			"null, then nothing", madeFor{"ada", "teas-update", `{"tea_id":"1","note":null}`},
			madeFor{"ada", "teas-update", `{"tea_id":"1"}`},
		},
		{
			"nothing, then null", madeFor{"ada", "teas-update", `{"tea_id":"1"}`},
			madeFor{"ada", "teas-update", `{"tea_id":"1","note":null}`},
		},
		{
			"another tool of the same arguments", madeFor{"ada", "facts.replace", `{"body":{"title":"a"}}`},
			madeFor{"ada", "facts.add", `{"body":{"title":"a"}}`},
		},
		{
			"a caller more", madeFor{"", "facts.add", `{"body":{"title":"a"}}`},
			madeFor{"ada", "facts.add", `{"body":{"title":"a"}}`},
		},
		{
			"a caller who is called a little longer", madeFor{"ada", "facts.add", `{"body":{"title":"a"}}`},
			madeFor{"ada1", "facts.add", `{"body":{"title":"a"}}`},
		},
		{
			"a caller who is called a little shorter", madeFor{"ada", "facts.add", `{"body":{"title":"a"}}`},
			madeFor{"ad", "facts.add", `{"body":{"title":"a"}}`},
		},
	} {
		name := func(m madeFor) string {
			if m.tool == "parcels.cancel" {
				return "_confirmation"
			}
			return "confirmation"
		}
		with := func(m madeFor, token string) json.RawMessage {
			return json.RawMessage(strings.Replace(m.arguments, "{", `{"`+name(m)+`":"`+token+`",`, 1))
		}
		token := shoptest.Asked(as(c.made.caller), t, shoptest.Tool(t, a, c.made.tool), c.made.arguments).Token
		r := shoptest.Tool(t, a, c.use.tool).Invoke(as(c.use.caller), with(c.use, token))
		if r.Failure == nil || r.Failure.Code != mcpadapter.CodeConfirmationInvalid || changes != 0 {
			t.Errorf("%s: got %s and %d requests, want the token refused", c.name, r.Text(), changes)
		}
		r = shoptest.Tool(t, a, c.made.tool).Invoke(as(c.made.caller), with(c.made, token))
		if r.Failure != nil || changes != 1 {
			t.Errorf("%s: got %s and %d requests, want it taken by its own call", c.name, r.Text(), changes)
		}
		changes = 0
	}
}

func TestATokenIsValidUntilItsSecond(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		lifetime time.Duration // 0: the default
		asked    time.Duration // when, after a whole second
		after    time.Duration // from the asking to the use
		sent     bool
	}{
		{"at once", time.Second, 0, 0, true},
		{"just before", time.Second, 0, time.Second - 1, true},
		{"at its end", time.Second, 0, time.Second, false},
		{"after", time.Second, 0, time.Second + 1, false},
		{"rounded down, before", 2 * time.Second, time.Second / 2, 3*time.Second/2 - 1, true},
		{"rounded down, at its end", 2 * time.Second, time.Second / 2, 3 * time.Second / 2, false},
		{"by default, before", 0, 0, 5*time.Minute - 1, true},
		{"by default, at its end", 0, 0, 5 * time.Minute, false},
		{"long, before", 240 * time.Hour, 0, 240*time.Hour - 1, true},
		{"long, at its end", 240 * time.Hour, 0, 240 * time.Hour, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			changes := 0
			a := shoptest.NewWith(t, changing(&changes), mcpadapter.WithConfirmation(mcpadapter.Confirmation{
				Policy: mcpadapter.ConfirmRisky, Lifetime: c.lifetime,
			}))
			time.Sleep(c.asked)
			pending := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "teas.delete"), `{"tea_id":"1"}`)
			time.Sleep(c.after)
			r := shoptest.Tool(t, a, "teas.delete").Invoke(t.Context(), shoptest.WithToken(t, `{"tea_id":"1"}`, pending.Token))
			if got := changes == 1; got != c.sent || got != (r.Failure == nil) {
				t.Errorf("%s: got %d requests and %s, want sent: %v", c.name, changes, r.Text(), c.sent)
			}
			const want = "the confirmation has expired; nothing was sent"
			if !c.sent && (r.Failure.Code != mcpadapter.CodeConfirmationInvalid || r.Failure.Message != want) {
				t.Errorf("%s: got %s, want %s", c.name, r.Text(), want)
			}
		})
	}
}

package mcpadapter_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// confirming is the option of a policy with everything else as it is by default.
func confirming(policy mcpadapter.ConfirmationPolicy) mcpadapter.Option {
	return mcpadapter.WithConfirmation(mcpadapter.Confirmation{Policy: policy})
}

// changes returns the requests that are no GET, since the last call.
func (s *server) changes() []request {
	return slices.DeleteFunc(s.seen(), func(r request) bool { return r.method == http.MethodGet })
}

// withToken adds a confirmation to arguments.
func withToken(tb testing.TB, arguments, token string) json.RawMessage {
	tb.Helper()
	var args map[string]any
	if err := json.Unmarshal([]byte(arguments), &args); err != nil {
		tb.Fatal(err)
	}
	args["confirmation"] = token
	text, err := json.Marshal(args)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// asked calls a tool that must ask first, and returns what it asks.
func asked(
	ctx context.Context, tb testing.TB, t mcpadapter.Tool, arguments string,
) *mcpadapter.PendingConfirmation {
	tb.Helper()
	r := t.Invoke(ctx, json.RawMessage(arguments))
	wantFailure(tb, r, mcpadapter.CodeConfirmationRequired, 0)
	if r.Failure.Confirmation == nil {
		tb.Fatal("got no question, want one with a token")
	}
	return r.Failure.Confirmation
}

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
		{"teas.delete", `{"tea_id":"1"}`, mcpadapter.ConfirmDestructive},
		{"recalls.create", `{"tea":"1"}`, mcpadapter.ConfirmDestructive},                           // x-irreversible
		{"tastings.create", `{"day":"2026-01-01","email":"a@b.c"}`, mcpadapter.ConfirmDestructive}, // x-sends-email
	} {
		for policy := mcpadapter.ConfirmNone; policy <= mcpadapter.ConfirmWrites; policy++ {
			for _, byContext := range []bool{false, true} {
				ctx, set := t.Context(), policy
				if byContext {
					ctx, set = mcpadapter.RequireConfirmation(ctx, policy), mcpadapter.ConfirmNone
				}
				a, wire := newShop(t, nil, confirming(set))
				r := tool(t, a, c.tool).Invoke(ctx, json.RawMessage(c.arguments))
				if c.from > policy {
					if n := len(wire.seen()); r.Failure != nil || n != 1 {
						t.Errorf("%s under %v: got %s and %d requests, want it sent", c.tool, policy, r.Text(), n)
					}
					continue
				}
				wantFailure(t, r, mcpadapter.CodeConfirmationRequired, 0)
				if sent := wire.changes(); len(sent) > 0 {
					t.Errorf("%s under %v: got %v sent, want nothing", c.tool, policy, sent)
				}
			}
		}
	}
}

func TestAContextOnlyAsksForMore(t *testing.T) {
	t.Parallel()
	a, wire := newShop(t, nil, confirming(mcpadapter.ConfirmDestructive))
	ctx := mcpadapter.RequireConfirmation(t.Context(), mcpadapter.ConfirmNone)
	asked(ctx, t, tool(t, a, "teas.delete"), `{"tea_id":"1"}`)
	ctx = mcpadapter.RequireConfirmation(t.Context(), mcpadapter.ConfirmWrites)
	ctx = mcpadapter.RequireConfirmation(ctx, mcpadapter.ConfirmNone)
	asked(ctx, t, tool(t, a, "teas.create"), `{"name":"n","stock":1}`)
	if sent := wire.changes(); len(sent) > 0 {
		t.Errorf("got %v, want nothing sent", sent)
	}
}

func TestATokenSendsTheCallOnce(t *testing.T) {
	t.Parallel()
	a, wire := newShop(t, answering(http.StatusNoContent, "", ""), confirming(mcpadapter.ConfirmDestructive))
	recall := tool(t, a, "recalls.create")
	const arguments = `{"tea":"1","reason":"mould","notes":{"b":"2","a":"1"}}`
	pending := asked(t.Context(), t, recall, arguments)
	if n := len(wire.changes()); n != 0 {
		t.Fatalf("got %d requests before the confirmation, want none", n)
	}
	// The same arguments in another order and another form.
	same := withToken(t, `{"notes":"{\"a\":\"1\",\"b\":\"2\"}","reason":"mould","tea":"1"}`, pending.Token)
	if r := recall.Invoke(t.Context(), same); r.Failure != nil {
		t.Fatalf("got %s, want success", r.Text())
	}
	sent := wire.seen()
	if len(sent) != 1 || sent[0].method != http.MethodPost || sent[0].uri != "/teas/1/recall" ||
		sent[0].body != `{"notes":{"a":"1","b":"2"},"reason":"mould"}` {
		t.Errorf("got %v, want the call without its token", sent)
	}
	r := recall.Invoke(t.Context(), withToken(t, arguments, pending.Token))
	wantFailure(t, r, mcpadapter.CodeConfirmationInvalid, 0)
	wantParts(t, "second use", r.Text(), "used already", "nothing was sent again")
	if n := len(wire.seen()); n != 0 {
		t.Errorf("got %d requests, want none", n)
	}
}

func TestATokenIsForOneCallAlone(t *testing.T) {
	t.Parallel()
	type key struct{}
	settings := mcpadapter.Confirmation{
		Policy: mcpadapter.ConfirmDestructive, Key: bytes.Repeat([]byte("k"), 32),
		Caller: func(ctx context.Context) string {
			caller, _ := ctx.Value(key{}).(string)
			return caller
		},
	}
	as := func(caller string) context.Context { return context.WithValue(t.Context(), key{}, caller) }
	a, wire := newShop(t, nil, mcpadapter.WithConfirmation(settings))
	settings.Key = bytes.Repeat([]byte("K"), 32)
	other, otherWire := newShop(t, nil, mcpadapter.WithConfirmation(settings))

	const arguments = `{"tea":"1","reason":"mould"}`
	token := asked(as("ada"), t, tool(t, a, "recalls.create"), arguments).Token
	for _, c := range []struct {
		name, tool, arguments, token, caller string
		adapter                              *mcpadapter.Adapter
	}{
		{"another path value", "recalls.create", `{"tea":"2","reason":"mould"}`, token, "ada", a},
		{"another body value", "recalls.create", `{"tea":"1","reason":"taste"}`, token, "ada", a},
		{"an argument more", "recalls.create", `{"tea":"1","reason":"mould","door_token":"x"}`, token, "ada", a},
		{"an argument less", "recalls.create", `{"tea":"1"}`, token, "ada", a},
		{"another tool", "teas.delete", `{"tea_id":"1"}`, token, "ada", a},
		{"another caller", "recalls.create", arguments, token, "bob", a},
		{"no caller", "recalls.create", arguments, token, "", a},
		{"another key", "recalls.create", arguments, token, "ada", other},
		{"cut at its end", "recalls.create", arguments, token[:len(token)-1], "ada", a},
		{"cut at its start", "recalls.create", arguments, token[1:], "ada", a},
		{"longer", "recalls.create", arguments, token + "A", "ada", a},
		{"spaced", "recalls.create", arguments, " " + token, "ada", a},
		{"padded", "recalls.create", arguments, token + "==", "ada", a},
		{"twice", "recalls.create", arguments, token + token, "ada", a},
		{"made up", "recalls.create", arguments, "yes", "ada", a},
	} {
		r := tool(t, c.adapter, c.tool).Invoke(as(c.caller), withToken(t, c.arguments, c.token))
		if r.Failure == nil || r.Failure.Code != mcpadapter.CodeConfirmationInvalid {
			t.Errorf("%s: got %s, want %s", c.name, r.Text(), mcpadapter.CodeConfirmationInvalid)
		}
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := range token {
		at := strings.IndexByte(alphabet, token[i])
		for _, n := range []int{1, 2, 32} { // bits that are not the last ones matter, and those that are must be zero
			changed := token[:i] + string(alphabet[at^n]) + token[i+1:]
			r := tool(t, a, "recalls.create").Invoke(as("ada"), withToken(t, arguments, changed))
			if r.Failure == nil || r.Failure.Code != mcpadapter.CodeConfirmationInvalid {
				t.Errorf("character %d changed: got %s, want %s", i, r.Text(), mcpadapter.CodeConfirmationInvalid)
			}
		}
	}
	if sent := append(wire.changes(), otherWire.changes()...); len(sent) > 0 {
		t.Errorf("got %v, want nothing sent", sent)
	}
	r := tool(t, a, "recalls.create").Invoke(as("ada"), withToken(t, arguments, token))
	if sent := wire.seen(); r.Failure != nil || len(sent) != 1 {
		t.Errorf("the call itself, after all that: got %s and %v, want it sent", r.Text(), sent)
	}
}

func TestATokenExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent int
		a := shopWith(t, func(r *http.Request) (*http.Response, error) {
			if r.Method != http.MethodGet {
				sent++
			}
			return responding(http.StatusOK, strings.NewReader(`{}`))(r)
		}, mcpadapter.WithConfirmation(mcpadapter.Confirmation{
			Policy: mcpadapter.ConfirmDestructive, Lifetime: time.Minute,
		}))
		remove := tool(t, a, "teas.delete")
		late, just := asked(t.Context(), t, remove, `{"tea_id":"1"}`), asked(t.Context(), t, remove, `{"tea_id":"1"}`)
		if got := time.Until(late.Expires); got != time.Minute {
			t.Errorf("got a token for %v, want a minute", got)
		}
		time.Sleep(time.Minute - time.Second)
		if r := remove.Invoke(t.Context(), withToken(t, `{"tea_id":"1"}`, just.Token)); r.Failure != nil || sent != 1 {
			t.Errorf("before it expires: got %s, want it sent", r.Text())
		}
		time.Sleep(time.Second)
		r := remove.Invoke(t.Context(), withToken(t, `{"tea_id":"1"}`, late.Token))
		wantFailure(t, r, mcpadapter.CodeConfirmationInvalid, 0)
		wantParts(t, "late", r.Text(), "has expired")
		if sent != 1 {
			t.Errorf("got %d requests, want 1", sent)
		}
	})
}

func TestATokenUsedByManyAtOnceIsSentOnce(t *testing.T) {
	t.Parallel()
	a, wire := newShop(t, nil, confirming(mcpadapter.ConfirmDestructive))
	remove := tool(t, a, "teas.delete")
	arguments := withToken(t, `{"tea_id":"1"}`, asked(t.Context(), t, remove, `{"tea_id":"1"}`).Token)
	var succeeded atomic.Int32
	var group sync.WaitGroup
	start := make(chan struct{})
	for range 50 {
		group.Go(func() {
			<-start
			if r := remove.Invoke(t.Context(), arguments); r.Failure == nil {
				succeeded.Add(1)
			}
		})
	}
	close(start)
	group.Wait()
	if n, sent := succeeded.Load(), wire.changes(); n != 1 || len(sent) != 1 {
		t.Errorf("got %d successes and %d requests, want one of each", n, len(sent))
	}
}

// memory is a store that processes share.
type memory struct {
	used sync.Map
	err  error
}

func (m *memory) Use(_ context.Context, id string, expires time.Time) (bool, error) {
	if m.err != nil {
		return false, m.err
	}
	_, found := m.used.LoadOrStore(id, expires)
	return !found, nil
}

func TestProcessesWithOneKey(t *testing.T) {
	t.Parallel()
	key := bytes.Repeat([]byte("k"), 32)
	for _, c := range []struct {
		name  string
		store mcpadapter.ConfirmationStore
		want  int // requests of two uses at two processes
	}{
		{"and a store", &memory{}, 1},
		{"alone", nil, 2},
	} {
		settings := mcpadapter.Confirmation{Policy: mcpadapter.ConfirmDestructive, Key: key, Used: c.store}
		first, _ := newShop(t, nil, mcpadapter.WithConfirmation(settings))
		token := asked(t.Context(), t, tool(t, first, "teas.delete"), `{"tea_id":"1"}`).Token
		sent := 0
		for range 2 {
			a, wire := newShop(t, nil, mcpadapter.WithConfirmation(settings))
			for range 2 {
				tool(t, a, "teas.delete").Invoke(t.Context(), withToken(t, `{"tea_id":"1"}`, token))
			}
			sent += len(wire.seen())
		}
		if sent != c.want {
			t.Errorf("%s: got %d requests, want %d", c.name, sent, c.want)
		}
	}
}

func TestNothingIsSentWhereTheStoreFails(t *testing.T) {
	t.Parallel()
	store := &memory{}
	a, wire := newShop(t, nil, mcpadapter.WithConfirmation(mcpadapter.Confirmation{
		Policy: mcpadapter.ConfirmDestructive, Used: store,
	}))
	remove := tool(t, a, "teas.delete")
	token := asked(t.Context(), t, remove, `{"tea_id":"1","confirmation":null}`).Token
	store.err = errors.New("out of reach")
	r := remove.Invoke(t.Context(), withToken(t, `{"tea_id":"1"}`, token))
	wantFailure(t, r, mcpadapter.CodeConfirmationInvalid, 0)
	wantParts(t, "text", r.Text(), "cannot be told: out of reach")
	if sent := wire.changes(); len(sent) > 0 {
		t.Errorf("got %v, want nothing sent", sent)
	}
}

func TestNothingIsAskedForInvalidArguments(t *testing.T) {
	t.Parallel()
	a, wire := newShop(t, nil, confirming(mcpadapter.ConfirmDestructive))
	for _, arguments := range []string{
		`{}`, `{"tea_id":".."}`, `{"tea_id":"1","x":1}`,
		`{"tea_id":"1","confirmation":1}`, `{"tea_id":"1","confirmation":["x"]}`,
	} {
		r := invoke(t, a, "teas.delete", arguments)
		wantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		if r.Failure.Confirmation != nil {
			t.Errorf("%s: got a question, want none", arguments)
		}
		ask := func(context.Context, string) (bool, error) {
			t.Errorf("%s: somebody was asked", arguments)
			return true, nil
		}
		wantFailure(t, tool(t, a, "teas.delete").InvokeAsking(t.Context(), json.RawMessage(arguments), ask),
			mcpadapter.CodeInvalidArguments, 0)
	}
	// What needs no confirmation takes none.
	wantFailure(t, invoke(t, a, "getTea", `{"tea_id":"1","confirmation":"x"}`), mcpadapter.CodeInvalidArguments, 0)
	if n := len(wire.seen()); n != 0 {
		t.Errorf("got %d requests, want none, not even one that looks", n)
	}
}

func TestAPersonIsAskedInTheCourseOfACall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		agreed bool
		err    error
		code   string
		parts  []string
	}{
		{"agreed", true, nil, "", nil},
		{"declined", false, nil, mcpadapter.CodeNotConfirmed, []string{"did not agree", "nothing was sent", "Do not call"}},
		{"unreachable", false, errors.New("nobody there"), mcpadapter.CodeNotConfirmed, []string{"nobody there"}},
		{"unreachable, though agreed", true, errors.New("x"), mcpadapter.CodeNotConfirmed, nil},
		{"too late", true, context.DeadlineExceeded, mcpadapter.CodeNotConfirmed, []string{"nobody answered in time"}},
	} {
		a, wire := newShop(t, nil, confirming(mcpadapter.ConfirmDestructive))
		var question string
		ask := func(_ context.Context, q string) (bool, error) {
			question = q
			if sent := wire.changes(); len(sent) > 0 {
				t.Errorf("%s: got %v before the answer, want nothing", c.name, sent)
			}
			return c.agreed, c.err
		}
		// A token that the model made up changes nothing.
		r := tool(t, a, "teas.delete").InvokeAsking(t.Context(), json.RawMessage(`{"tea_id":"1","confirmation":"yes"}`), ask)
		wantParts(t, c.name, question, "Remove a tea?", `tea_id: "1"`)
		if sent := wire.changes(); (len(sent) == 1) != (c.code == "") {
			t.Errorf("%s: got %v sent", c.name, sent)
		}
		if c.code != "" {
			wantFailure(t, r, c.code, 0)
			wantParts(t, c.name, r.Text(), c.parts...)
		}
	}
}

func TestAPersonHasSoLongToAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := shopWith(t, responding(http.StatusOK, strings.NewReader(`{}`)), mcpadapter.WithConfirmation(
			mcpadapter.Confirmation{Policy: mcpadapter.ConfirmDestructive, Lifetime: time.Hour}))
		begin := time.Now()
		r := tool(t, a, "teas.delete").InvokeAsking(t.Context(), json.RawMessage(`{"tea_id":"1"}`),
			func(ctx context.Context, _ string) (bool, error) {
				<-ctx.Done()
				return false, ctx.Err()
			})
		wantFailure(t, r, mcpadapter.CodeNotConfirmed, 0)
		wantParts(t, "text", r.Text(), "nobody answered in time")
		if got := time.Since(begin); got != time.Hour {
			t.Errorf("got an end after %v, want an hour", got)
		}
	})
}

func TestTheArgumentForTheToken(t *testing.T) {
	t.Parallel()
	a, wire := newShop(t, nil, confirming(mcpadapter.ConfirmDestructive))
	for name, want := range map[string]bool{
		"teas.delete": true, "tastings.create": true, "teas.create": false, "getTea": false,
	} {
		if got := strings.Contains(string(tool(t, a, name).InputSchema()), `"confirmation":{"type":"string"`); got != want {
			t.Errorf("%s: got %v for whether it is published, want %v", name, got, want)
		}
	}
	// An operation's own argument of that name stays its own.
	cancel := tool(t, a, "parcels.cancel")
	wantParts(t, "schema", string(cancel.InputSchema()), `"confirmation":{`, `"_confirmation":{`)
	r := invoke(t, a, "parcels.cancel", `{"number":1,"confirmation":"paper"}`)
	wantParts(t, "advice", r.Text(), "and _confirmation set to the token")
	r = invoke(t, a, "parcels.cancel",
		fmt.Sprintf(`{"number":1,"confirmation":"paper","_confirmation":%q}`, r.Failure.Confirmation.Token))
	if sent := wire.seen(); r.Failure != nil || len(sent) != 1 || sent[0].uri != "/parcels/1?confirmation=paper" {
		t.Errorf("got %s and %v, want it sent with its own argument", r.Text(), sent)
	}
	// Where nothing is confirmed, a token that comes all the same is taken off.
	a, wire = newShop(t, nil)
	r = invoke(t, a, "teas.delete", `{"tea_id":"1","confirmation":"x"}`)
	if sent := wire.seen(); r.Failure != nil || len(sent) != 1 || sent[0].uri != "/teas/1" {
		t.Errorf("got %s and %v, want it sent without the token", r.Text(), sent)
	}
}

func TestConfirmationsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		settings mcpadapter.Confirmation
		part     string
	}{
		{mcpadapter.Confirmation{Policy: -1}, "there is no ConfirmationPolicy(-1)"},
		{mcpadapter.Confirmation{Policy: 3}, "there is no ConfirmationPolicy(3)"},
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
		wantParts(t, "error", err.Error(), "WithConfirmation: "+c.part)
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
	for _, text := range []string{"", "Writes", "all", " none", "ConfirmationPolicy(3)"} {
		if err := p.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q: got no error", text)
		}
	}
	if text, err := mcpadapter.ConfirmationPolicy(3).MarshalText(); err == nil {
		t.Errorf("got %s, want an error for a policy that does not exist", text)
	}
}

// A token is text from outside: whatever it is, only the one that was given out sends anything.
func FuzzToken(f *testing.F) {
	var sent int
	c := doer(func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodGet {
			sent++
		}
		return &http.Response{StatusCode: http.StatusNoContent, Body: io.NopCloser(strings.NewReader(""))}, nil
	})
	a := shopWith(f, c, mcpadapter.WithConfirmation(mcpadapter.Confirmation{
		Policy: mcpadapter.ConfirmDestructive, Key: bytes.Repeat([]byte("k"), 32),
	}))
	remove := tool(f, a, "teas.delete")
	valid := asked(f.Context(), f, remove, `{"tea_id":"1"}`).Token
	f.Add(asked(f.Context(), f, remove, `{"tea_id":"2"}`).Token)
	f.Add(valid[:20])
	f.Add("")
	f.Add("yes")
	f.Add(strings.Repeat("A", len(valid)))
	f.Add("\xff\x00 ==")
	f.Fuzz(func(t *testing.T, token string) {
		if len(token) > 1000 || token == valid {
			return
		}
		r := remove.Invoke(t.Context(), withToken(t, `{"tea_id":"1"}`, token))
		if r.Failure == nil || sent != 0 {
			t.Errorf("%q: got %s and %d requests, want nothing sent", token, r.Text(), sent)
		}
	})
}

package mcpadapter_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestATokenSendsTheCallOnce(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusNoContent, "", ""), shoptest.Confirming(mcpadapter.ConfirmRisky))
	recall := shoptest.Tool(t, a, "recalls.create")
	const arguments = `{"tea":"1","reason":"mould","notes":{"b":"2","a":"1"}}`
	pending := shoptest.Asked(t.Context(), t, recall, arguments)
	if n := len(wire.Changes()); n != 0 {
		t.Fatalf("got %d requests before the confirmation, want none", n)
	}
	// The same arguments in another order and another form.
	same := shoptest.WithToken(t, `{"notes":"{\"a\":\"1\",\"b\":\"2\"}","reason":"mould","tea":"1"}`, pending.Token)
	if r := recall.Invoke(t.Context(), same); r.Failure != nil {
		t.Fatalf("got %s, want success", r.Text())
	}
	sent := wire.Seen()
	if len(sent) != 1 || sent[0].Method != http.MethodPost || sent[0].URI != "/teas/1/recall" ||
		sent[0].Body != `{"notes":{"a":"1","b":"2"},"reason":"mould"}` {
		t.Errorf("got %v, want the call without its token", sent)
	}
	r := recall.Invoke(t.Context(), shoptest.WithToken(t, arguments, pending.Token))
	shoptest.WantFailure(t, r, mcpadapter.CodeConfirmationInvalid, 0)
	shoptest.WantParts(t, "second use", r.Text(), "used already", "nothing was sent again")
	if n := len(wire.Seen()); n != 0 {
		t.Errorf("got %d requests, want none", n)
	}
}

func TestATokenIsForOneCallAlone(t *testing.T) {
	t.Parallel()
	type key struct{}
	settings := mcpadapter.Confirmation{
		Policy: mcpadapter.ConfirmRisky, Key: bytes.Repeat([]byte("k"), 32),
		Caller: func(ctx context.Context) string {
			caller, _ := ctx.Value(key{}).(string)
			return caller
		},
	}
	as := func(caller string) context.Context { return context.WithValue(t.Context(), key{}, caller) }
	a, wire := shoptest.New(t, nil, mcpadapter.WithConfirmation(settings))
	settings.Key = bytes.Repeat([]byte("K"), 32)
	other, otherWire := shoptest.New(t, nil, mcpadapter.WithConfirmation(settings))

	const arguments = `{"tea":"1","reason":"mould"}`
	token := shoptest.Asked(as("ada"), t, shoptest.Tool(t, a, "recalls.create"), arguments).Token
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
		r := shoptest.Tool(t, c.adapter, c.tool).Invoke(as(c.caller), shoptest.WithToken(t, c.arguments, c.token))
		if r.Failure == nil || r.Failure.Code != mcpadapter.CodeConfirmationInvalid {
			t.Errorf("%s: got %s, want %s", c.name, r.Text(), mcpadapter.CodeConfirmationInvalid)
		}
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := range token {
		at := strings.IndexByte(alphabet, token[i])
		for _, n := range []int{1, 2, 32} { // bits that are not the last ones matter, and those that are must be zero
			changed := token[:i] + string(alphabet[at^n]) + token[i+1:]
			r := shoptest.Tool(t, a, "recalls.create").Invoke(as("ada"), shoptest.WithToken(t, arguments, changed))
			if r.Failure == nil || r.Failure.Code != mcpadapter.CodeConfirmationInvalid {
				t.Errorf("character %d changed: got %s, want %s", i, r.Text(), mcpadapter.CodeConfirmationInvalid)
			}
		}
	}
	if sent := append(wire.Changes(), otherWire.Changes()...); len(sent) > 0 {
		t.Errorf("got %v, want nothing sent", sent)
	}
	r := shoptest.Tool(t, a, "recalls.create").Invoke(as("ada"), shoptest.WithToken(t, arguments, token))
	if sent := wire.Seen(); r.Failure != nil || len(sent) != 1 {
		t.Errorf("the call itself, after all that: got %s and %v, want it sent", r.Text(), sent)
	}
}

func TestATokenExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent int
		a := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
			if r.Method != http.MethodGet {
				sent++
			}
			return shoptest.Responding(http.StatusOK, strings.NewReader(`{}`))(r)
		}, mcpadapter.WithConfirmation(mcpadapter.Confirmation{
			Policy: mcpadapter.ConfirmRisky, Lifetime: time.Minute,
		}))
		remove := shoptest.Tool(t, a, "teas.delete")
		late, just := shoptest.Asked(t.Context(), t, remove, `{"tea_id":"1"}`), shoptest.Asked(t.Context(), t, remove, `{"tea_id":"1"}`)
		if got := time.Until(late.Expires); got != time.Minute {
			t.Errorf("got a token for %v, want a minute", got)
		}
		time.Sleep(time.Minute - time.Second)
		if r := remove.Invoke(t.Context(), shoptest.WithToken(t, `{"tea_id":"1"}`, just.Token)); r.Failure != nil || sent != 1 {
			t.Errorf("before it expires: got %s, want it sent", r.Text())
		}
		time.Sleep(time.Second)
		r := remove.Invoke(t.Context(), shoptest.WithToken(t, `{"tea_id":"1"}`, late.Token))
		shoptest.WantFailure(t, r, mcpadapter.CodeConfirmationInvalid, 0)
		shoptest.WantParts(t, "late", r.Text(), "has expired")
		if sent != 1 {
			t.Errorf("got %d requests, want 1", sent)
		}
	})
}

func TestATokenUsedByManyAtOnceIsSentOnce(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
	remove := shoptest.Tool(t, a, "teas.delete")
	arguments := shoptest.WithToken(t, `{"tea_id":"1"}`, shoptest.Asked(t.Context(), t, remove, `{"tea_id":"1"}`).Token)
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
	if n, sent := succeeded.Load(), wire.Changes(); n != 1 || len(sent) != 1 {
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
		settings := mcpadapter.Confirmation{Policy: mcpadapter.ConfirmRisky, Key: key, Used: c.store}
		first, _ := shoptest.New(t, nil, mcpadapter.WithConfirmation(settings))
		token := shoptest.Asked(t.Context(), t, shoptest.Tool(t, first, "teas.delete"), `{"tea_id":"1"}`).Token
		sent := 0
		for range 2 {
			a, wire := shoptest.New(t, nil, mcpadapter.WithConfirmation(settings))
			for range 2 {
				shoptest.Tool(t, a, "teas.delete").Invoke(t.Context(), shoptest.WithToken(t, `{"tea_id":"1"}`, token))
			}
			sent += len(wire.Seen())
		}
		if sent != c.want {
			t.Errorf("%s: got %d requests, want %d", c.name, sent, c.want)
		}
	}
}

func TestNothingIsSentWhereTheStoreFails(t *testing.T) {
	t.Parallel()
	store := &memory{}
	a, wire := shoptest.New(t, nil, mcpadapter.WithConfirmation(mcpadapter.Confirmation{
		Policy: mcpadapter.ConfirmRisky, Used: store,
	}))
	remove := shoptest.Tool(t, a, "teas.delete")
	token := shoptest.Asked(t.Context(), t, remove, `{"tea_id":"1","confirmation":null}`).Token
	store.err = errors.New("out of reach")
	r := remove.Invoke(t.Context(), shoptest.WithToken(t, `{"tea_id":"1"}`, token))
	shoptest.WantFailure(t, r, mcpadapter.CodeConfirmationInvalid, 0)
	shoptest.WantParts(t, "text", r.Text(), "used before: out of reach")
	if sent := wire.Changes(); len(sent) > 0 {
		t.Errorf("got %v, want nothing sent", sent)
	}
}

func TestNothingIsAskedForInvalidArguments(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
	for _, arguments := range []string{
		`{}`, `{"tea_id":".."}`, `{"tea_id":"1","x":1}`,
		`{"tea_id":"1","confirmation":1}`, `{"tea_id":"1","confirmation":["x"]}`,
	} {
		r := shoptest.Invoke(t, a, "teas.delete", arguments)
		shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		if r.Failure.Confirmation != nil {
			t.Errorf("%s: got a question, want none", arguments)
		}
		ask := func(context.Context, string) (bool, error) {
			t.Errorf("%s: somebody was asked", arguments)
			return true, nil
		}
		shoptest.WantFailure(t, shoptest.Tool(t, a, "teas.delete").InvokeAsking(t.Context(), json.RawMessage(arguments), ask),
			mcpadapter.CodeInvalidArguments, 0)
	}
	// What needs no confirmation takes none.
	shoptest.WantFailure(t, shoptest.Invoke(t, a, "getTea", `{"tea_id":"1","confirmation":"x"}`), mcpadapter.CodeInvalidArguments, 0)
	if n := len(wire.Seen()); n != 0 {
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
		{"too late", true, context.DeadlineExceeded, mcpadapter.CodeNotConfirmed, []string{"nobody responded in time"}},
	} {
		a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
		var question string
		ask := func(_ context.Context, q string) (bool, error) {
			question = q
			if sent := wire.Changes(); len(sent) > 0 {
				t.Errorf("%s: got %v before the answer, want nothing", c.name, sent)
			}
			return c.agreed, c.err
		}
		// A token that the model made up changes nothing.
		r := shoptest.Tool(t, a, "teas.delete").InvokeAsking(t.Context(), json.RawMessage(`{"tea_id":"1","confirmation":"yes"}`), ask)
		shoptest.WantParts(t, c.name, question, "Remove a tea?", `tea_id: "1"`)
		if sent := wire.Changes(); (len(sent) == 1) != (c.code == "") {
			t.Errorf("%s: got %v sent", c.name, sent)
		}
		if c.code != "" {
			shoptest.WantFailure(t, r, c.code, 0)
			shoptest.WantParts(t, c.name, r.Text(), c.parts...)
		}
	}
}

func TestAPersonHasSoLongToAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := shoptest.NewWith(t, shoptest.Responding(http.StatusOK, strings.NewReader(`{}`)), mcpadapter.WithConfirmation(
			mcpadapter.Confirmation{Policy: mcpadapter.ConfirmRisky, Lifetime: time.Hour}))
		begin := time.Now()
		r := shoptest.Tool(t, a, "teas.delete").InvokeAsking(t.Context(), json.RawMessage(`{"tea_id":"1"}`),
			func(ctx context.Context, _ string) (bool, error) {
				<-ctx.Done()
				return false, ctx.Err()
			})
		shoptest.WantFailure(t, r, mcpadapter.CodeNotConfirmed, 0)
		shoptest.WantParts(t, "text", r.Text(), "nobody responded in time")
		if got := time.Since(begin); got != time.Hour {
			t.Errorf("got an end after %v, want an hour", got)
		}
	})
}

// A token is text from outside: whatever it is, only the one that was given out sends anything.
func FuzzToken(f *testing.F) {
	var sent int
	c := shoptest.Doer(func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodGet {
			sent++
		}
		return &http.Response{StatusCode: http.StatusNoContent, Body: io.NopCloser(strings.NewReader(""))}, nil
	})
	a := shoptest.NewWith(f, c, mcpadapter.WithConfirmation(mcpadapter.Confirmation{
		Policy: mcpadapter.ConfirmRisky, Key: bytes.Repeat([]byte("k"), 32),
	}))
	remove := shoptest.Tool(f, a, "teas.delete")
	valid := shoptest.Asked(f.Context(), f, remove, `{"tea_id":"1"}`).Token
	f.Add(shoptest.Asked(f.Context(), f, remove, `{"tea_id":"2"}`).Token)
	f.Add(valid[:20])
	f.Add("")
	f.Add("yes")
	f.Add(strings.Repeat("A", len(valid)))
	f.Add("\xff\x00 ==")
	f.Fuzz(func(t *testing.T, token string) {
		if len(token) > 1000 || token == valid {
			return
		}
		r := remove.Invoke(t.Context(), shoptest.WithToken(t, `{"tea_id":"1"}`, token))
		if r.Failure == nil || sent != 0 {
			t.Errorf("%q: got %s and %d requests, want nothing sent", token, r.Text(), sent)
		}
	})
}

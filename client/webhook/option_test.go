package webhook_test

import (
	"context"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/webhook"
)

func TestConstructorsRefuseWhatCannotWork(t *testing.T) {
	t.Parallel()
	const spaced = "secret begins or ends with white space"
	previous, tolerance, good := webhook.WithPreviousSecret, webhook.WithTolerance, webhook.WithTolerance(1)
	for name, test := range map[string]struct {
		secret string
		opts   []webhook.Option
		says   string
	}{
		"empty secret":                {"", nil, "secret is empty"},
		"secret with a newline":       {secret + "\n", nil, spaced},
		"secret after a tab":          {"\t" + secret, nil, spaced},
		"blank secret":                {" ", nil, spaced},
		"empty second secret":         {secret, []webhook.Option{previous("")}, "previous secret is empty"},
		"second secret with a space":  {secret, []webhook.Option{previous("old ")}, "previous " + spaced},
		"second secret after a space": {secret, []webhook.Option{previous(" old")}, "previous " + spaced},
		"no tolerance":                {secret, []webhook.Option{tolerance(0)}, "WithTolerance: invalid tolerance 0s: want more than 0"},
		"negative tolerance":          {secret, []webhook.Option{tolerance(-1)}, "WithTolerance: invalid tolerance -1ns: want more than 0"},
		"nil clock":                   {secret, []webhook.Option{webhook.WithClock(nil)}, "WithClock: function is nil"},
		"nil option":                  {secret, []webhook.Option{nil}, "option 1 is nil"},
		"nil second option":           {secret, []webhook.Option{good, nil, good}, "option 2 is nil"},
		"nil last option":             {secret, []webhook.Option{good, good, nil}, "option 3 is nil"},
		"first of two that cannot":    {secret, []webhook.Option{webhook.WithClock(nil), previous("")}, "WithClock: function is nil"},
	} {
		v, err := webhook.NewVerifier(test.secret, test.opts...)
		if v != nil || err == nil || err.Error() != "workos/webhook: "+test.says {
			t.Errorf("NewVerifier, %s: got %v, %v; want an error that says %q", name, v, err, test.says)
		}
		a, err := webhook.NewActionVerifier(test.secret, test.opts...)
		if a != nil || err == nil || err.Error() != "workos/webhook: "+test.says {
			t.Errorf("NewActionVerifier, %s: got %v, %v; want an error that says %q", name, a, err, test.says)
		}
	}
}

func TestVerifierWithoutAConstructorRefusesEverything(t *testing.T) {
	t.Parallel()
	header := webhook.Sign([]byte(anEvent), "", time.Now())
	const want = "verifier has no secret: use NewVerifier"
	err := new(webhook.Verifier).Verify([]byte(anEvent), header)
	e, eventErr := new(webhook.Verifier).Event([]byte(anEvent), header)
	actionErr := new(webhook.ActionVerifier).Verify([]byte(anEvent), header)
	a, decodeErr := new(webhook.ActionVerifier).Action([]byte(anEvent), header)
	if e != nil || a != nil {
		t.Errorf("got the event %v and the action %v", e, a)
	}
	for _, err := range []error{err, eventErr} {
		if err == nil || err.Error() != "workos/webhook: "+want {
			t.Errorf("zero Verifier: got %v, want %s", err, want)
		}
	}
	for _, err := range []error{actionErr, decodeErr} {
		if err == nil || err.Error() != "workos/webhook: "+want {
			t.Errorf("zero ActionVerifier: got %v, want %s", err, want)
		}
	}
}

func TestHandlerConstructorsRefuseWhatCannotWork(t *testing.T) {
	t.Parallel()
	done := func(context.Context, *events.Event) error { return nil }
	const missing = "workos/webhook: NewHandler: verifier or handler is nil"
	for _, test := range []struct {
		v *webhook.Verifier
		h events.Handler
	}{{nil, done}, {newVerifier(t), nil}, {nil, nil}} {
		if handler, err := webhook.NewHandler(test.v, test.h); handler != nil || err == nil || err.Error() != missing {
			t.Errorf("NewHandler: got %v, %v; want %s", handler, err, missing)
		}
	}
	const needed = "workos/webhook: NewActionHandler: verifier or decide is nil"
	for _, test := range []struct {
		v *webhook.ActionVerifier
		f func(context.Context, *webhook.Action) (*webhook.ActionResponse, error)
	}{{nil, allow}, {newActionVerifier(t), nil}, {nil, nil}} {
		if handler, err := webhook.NewActionHandler(test.v, test.f); handler != nil || err == nil || err.Error() != needed {
			t.Errorf("NewActionHandler: got %v, %v; want %s", handler, err, needed)
		}
	}
	good := webhook.WithMaxBodyBytes(1)
	for _, test := range []struct {
		want string
		opts []webhook.HandlerOption
	}{
		{"option 1 is nil", []webhook.HandlerOption{nil}},
		{"option 2 is nil", []webhook.HandlerOption{good, nil, good}},
		{"option 3 is nil", []webhook.HandlerOption{good, good, nil}},
		{"WithMaxBodyBytes: invalid limit 0: want at least 1", []webhook.HandlerOption{webhook.WithMaxBodyBytes(0)}},
		{"WithMaxBodyBytes: invalid limit -1: want at least 1", []webhook.HandlerOption{good, webhook.WithMaxBodyBytes(-1), good}},
		{"WithErrorFunc: function is nil", []webhook.HandlerOption{webhook.WithErrorFunc(nil)}},
		{"WithReplayCheck: store is nil", []webhook.HandlerOption{webhook.WithReplayCheck(nil)}},
	} {
		want := "workos/webhook: " + test.want
		if h, err := webhook.NewHandler(newVerifier(t), done, test.opts...); h != nil || err == nil || err.Error() != want {
			t.Errorf("NewHandler: got %v, %v; want %s", h, err, want)
		}
		h, err := webhook.NewActionHandler(newActionVerifier(t), allow, test.opts...)
		if h != nil || err == nil || err.Error() != want {
			t.Errorf("NewActionHandler: got %v, %v; want %s", h, err, want)
		}
	}
}

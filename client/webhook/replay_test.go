package webhook_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/webhook"
)

func TestReplayIsRefusedUntilItExpires(t *testing.T) {
	t.Parallel()
	at := now
	v, err := webhook.NewVerifier(secret, webhook.WithReplayCheck(), webhook.WithClock(func() time.Time { return at }))
	if err != nil {
		t.Fatalf("NewVerifier: %v", err)
	}
	body := []byte(anEvent)
	first := webhook.Sign(body, secret, now)
	again := webhook.Sign(body, secret, now.Add(time.Millisecond)) // the same event, delivered again
	forged := "t=" + millis(now) + ", v1=" + strings.Repeat("0", 64)
	for i, step := range []struct {
		after  time.Duration
		header string
		want   error
	}{
		{0, forged, webhook.ErrSignatureMismatch},
		{0, first, nil},
		{0, first, webhook.ErrReplayed},
		{0, strings.ToUpper(first[len("t="+millis(now)+", v1="):]), webhook.ErrMalformedSignature},
		{0, "v1=" + forged[len(forged)-64:] + "," + first, webhook.ErrReplayed}, // written another way
		{0, again, nil},
		{0, again, webhook.ErrReplayed},
		{180 * time.Second, first, webhook.ErrReplayed},
		{180*time.Second + time.Millisecond, first, webhook.ErrTimestampTooOld},
		{180*time.Second + time.Millisecond, again, webhook.ErrReplayed},
		{181 * time.Second, again, webhook.ErrTimestampTooOld},
	} {
		at = now.Add(step.after)
		if err := v.Verify(body, step.header); !errors.Is(err, step.want) {
			t.Errorf("step %d: got %v, want %v", i, err, step.want)
		}
	}
}

func TestOneOfConcurrentReplaysIsAccepted(t *testing.T) {
	t.Parallel()
	v := newVerifier(t, webhook.WithReplayCheck())
	body, header := []byte(anEvent), webhook.Sign([]byte(anEvent), secret, now)
	results := make(chan error, 32)
	for range cap(results) {
		go func() { results <- v.Verify(body, header) }()
	}
	accepted := 0
	for range cap(results) {
		switch err := <-results; {
		case err == nil:
			accepted++
		case !errors.Is(err, webhook.ErrReplayed):
			t.Errorf("got %v, want ErrReplayed", err)
		}
	}
	if accepted != 1 {
		t.Errorf("%d of %d were accepted, want one", accepted, cap(results))
	}
}

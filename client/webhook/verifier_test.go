package webhook_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/webhook"
)

// signedBy is a signature made here, so that a mistake in Sign is not repeated.
func signedBy(key, t, body string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(t + "." + body))
	return hex.EncodeToString(mac.Sum(nil))
}

func millis(at time.Time) string { return strconv.FormatInt(at.UnixMilli(), 10) }

func TestTimestampInSecondsIsRecognized(t *testing.T) {
	t.Parallel()
	inSeconds := time.UnixMilli(now.Unix())
	for at, hinted := range map[time.Time]bool{
		inSeconds: true, inSeconds.Add(180*time.Second - time.Millisecond): true, inSeconds.Add(180 * time.Second): false,
		now.Add(-time.Hour): false, time.UnixMilli(0): true,
	} {
		err := newVerifier(t).Verify([]byte(anEvent), webhook.Sign([]byte(anEvent), secret, at))
		if !errors.Is(err, webhook.ErrTimestampTooOld) || strings.Contains(err.Error(), "seconds") != hinted {
			t.Errorf("signed at %v: got %v; want a hint at seconds: %t", at, err, hinted)
		}
	}
}

// The age is told in whole milliseconds, as it is signed.
func TestAgeOfASignatureIsRounded(t *testing.T) {
	t.Parallel()
	for past, want := range map[time.Duration]string{
		time.Hour + 499*time.Microsecond: "timestamp is too old: signed 1h0m0s ago, tolerance 3m0s",
		time.Hour + 501*time.Microsecond: "timestamp is too old: signed 1h0m0.001s ago, tolerance 3m0s",
		500*time.Microsecond - time.Hour: "timestamp is in the future: signed 1h0m0s ahead, tolerance 3m0s",
		501*time.Microsecond - time.Hour: "timestamp is in the future: signed 59m59.999s ahead, tolerance 3m0s",
	} {
		v := newVerifier(t, webhook.WithClock(func() time.Time { return now.Add(past) }))
		err := v.Verify([]byte(anEvent), sign(anEvent))
		if err == nil || err.Error() != "workos/webhook: "+want {
			t.Errorf("%v later: got %v, want %s", past, err, want)
		}
	}
}

func TestEventIsDecodedAfterVerification(t *testing.T) {
	t.Parallel()
	e, err := newVerifier(t).Event([]byte(anEvent), webhook.Sign([]byte(anEvent), secret, now))
	if err != nil {
		t.Fatalf("Event: %v", err)
	}
	if e.ID != "event_01" || e.Type != "user.created" || string(e.Data) != aUser {
		t.Errorf("got %+v, want the event that was sent", e)
	}
	for _, body := range []string{"", "null", "[]", `{"id":"event_01"}`, anEvent + "x"} {
		e, err := newVerifier(t).Event([]byte(body), webhook.Sign([]byte(body), secret, now))
		if e != nil || !errors.Is(err, events.ErrMalformedEvent) {
			t.Errorf("Event of %q: got %v, %v; want ErrMalformedEvent", body, e, err)
		}
	}
}

func TestSecretIsRotatedWithoutALostRequest(t *testing.T) {
	t.Parallel()
	const old, older = "wh_secret_old", "wh_secret_older"
	v := newVerifier(t, webhook.WithPreviousSecret(older), webhook.WithPreviousSecret(old)) // the later one counts
	a := newActionVerifier(t, webhook.WithPreviousSecret(older), webhook.WithPreviousSecret(old))
	for key, want := range map[string]error{
		secret: nil, old: nil, older: webhook.ErrSignatureMismatch, "": webhook.ErrSignatureMismatch,
		secret + old: webhook.ErrSignatureMismatch,
	} {
		header := webhook.Sign([]byte(anEvent), key, now)
		if err := v.Verify([]byte(anEvent), header); !errors.Is(err, want) {
			t.Errorf("signed with %s: got %v, want %v", key, err, want)
		}
		if err := a.Verify([]byte(anEvent), header); !errors.Is(err, want) {
			t.Errorf("signed with %s, as an action: got %v, want %v", key, err, want)
		}
		if err := newVerifier(t).Verify([]byte(anEvent), header); (err == nil) != (key == secret) {
			t.Errorf("signed with %s, without a previous secret: got %v; want it accepted: %t", key, err, key == secret)
		}
	}
}

func TestToleranceIsAsSet(t *testing.T) {
	t.Parallel()
	type verifier interface {
		Verify(body []byte, header string) error
	}
	tolerance := func(d time.Duration) webhook.Option { return webhook.WithTolerance(d) }
	for _, test := range []struct {
		name string
		v    verifier
		want time.Duration
	}{
		{"webhook", newVerifier(t), 180 * time.Second},
		{"action", newActionVerifier(t), 30 * time.Second},
		{"webhook of a second", newVerifier(t, tolerance(time.Second)), time.Second},
		{"action of a second", newActionVerifier(t, tolerance(time.Second)), time.Second},
		{"action of an hour", newActionVerifier(t, tolerance(time.Minute), tolerance(time.Hour)), time.Hour},
		{"webhook of a nanosecond", newVerifier(t, tolerance(1)), 0},
	} {
		const ms = time.Millisecond
		for age, want := range map[time.Duration]error{
			test.want: nil, test.want + ms: webhook.ErrTimestampTooOld,
			-test.want: nil, -test.want - ms: webhook.ErrTimestampInFuture,
		} {
			header := webhook.Sign([]byte(anEvent), secret, now.Add(-age))
			if err := test.v.Verify([]byte(anEvent), header); !errors.Is(err, want) {
				t.Errorf("%s, signed %v ago: got %v, want %v", test.name, age, err, want)
			}
		}
		if test.want == 0 {
			continue
		}
		for age, want := range map[time.Duration]error{test.want - ms: nil, ms - test.want: nil, 0: nil} {
			header := webhook.Sign([]byte(anEvent), secret, now.Add(-age))
			if err := test.v.Verify([]byte(anEvent), header); !errors.Is(err, want) {
				t.Errorf("%s, signed %v ago: got %v, want %v", test.name, age, err, want)
			}
		}
	}
}

func TestVerifierPrintsNoSecret(t *testing.T) {
	t.Parallel()
	v, a := newVerifier(t, webhook.WithPreviousSecret("wh_secret_old")), newActionVerifier(t)
	action, err := a.Action([]byte(anAuthentication), webhook.Sign([]byte(anAuthentication), secret, now))
	if err != nil {
		t.Fatalf("Action: %v", err)
	}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb+verb+"\n", v, *v, a, action)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("verifier", "v", v, "a", a)
	for _, shown := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%d", []byte(secret))} {
		if strings.Contains(out.String(), strings.Trim(shown, "[]")) {
			t.Errorf("the secret is printed as %s:\n%s", shown, out.String())
		}
	}
}

func FuzzVerify(f *testing.F) {
	ms := millis(now)
	f.Add([]byte(anEvent), "t="+ms+", v1="+signedBy(secret, ms, anEvent))
	f.Add([]byte(anEvent), "t="+ms+", v1="+strings.Repeat("0", 64)+",v1=,v2=x")
	f.Add([]byte("{}"), "t=18446744073709551616,v1")
	f.Add([]byte{}, ",,,=")
	v, err := webhook.NewVerifier(secret, clock())
	if err != nil {
		f.Fatalf("NewVerifier: %v", err)
	}
	f.Fuzz(func(t *testing.T, body []byte, header string) {
		if len(body) > 1<<12 || len(header) > 1<<13 {
			t.Skip("too large")
		}
		err := v.Verify(body, header)
		genuine := false
		for t := range strings.SplitSeq(header, ",") { // a signature is only accepted if it is the right one for some t
			if at, found := strings.CutPrefix(strings.Trim(t, " \t"), "t="); found {
				genuine = genuine || strings.Contains(strings.ToLower(header), signedBy(secret, at, string(body)))
			}
		}
		if err == nil && !genuine {
			t.Errorf("Verify(%q, %q) accepts a forgery", body, header)
		}
		if e, eventErr := v.Event(body, header); err != nil && (e != nil || eventErr == nil) {
			t.Errorf("Event(%q, %q): got %v, %v though Verify says %v", body, header, e, eventErr, err)
		}
	})
}

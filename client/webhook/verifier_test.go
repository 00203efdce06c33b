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

func TestEachBadRequestIsRefusedWithItsOwnError(t *testing.T) {
	t.Parallel()
	ms := millis(now)
	good := signedBy(secret, ms, anEvent)
	signed := func(at time.Time) string { return webhook.Sign([]byte(anEvent), secret, at) }
	wrong, noHex := strings.Repeat("0", 64), strings.Repeat("z", 64)
	later := millis(now.Add(time.Millisecond))
	for _, test := range []struct {
		name, body, header string
		want               error
	}{
		{"no header", anEvent, "", webhook.ErrNoSignature},
		{"no timestamp", anEvent, "v1=" + good, webhook.ErrMalformedSignature},
		{"no signature", anEvent, "t=" + ms, webhook.ErrMalformedSignature},
		{"another scheme alone", anEvent, "t=" + ms + ", v2=" + good, webhook.ErrMalformedSignature},
		{"no pairs", anEvent, "Bearer", webhook.ErrMalformedSignature},
		{"empty part", anEvent, "t=" + ms + ",, v1=" + good, webhook.ErrMalformedSignature},
		{"two timestamps", anEvent, "t=" + ms + ", t=1, v1=" + good, webhook.ErrMalformedSignature},
		{"empty timestamp", anEvent, "t=, v1=" + good, webhook.ErrMalformedSignature},
		{"negative timestamp", anEvent, "t=-1, v1=" + good, webhook.ErrMalformedSignature},
		{"timestamp of words", anEvent, "t=now, v1=" + good, webhook.ErrMalformedSignature},
		{"timestamp too large", anEvent, "t=9223372036854775808, v1=" + good, webhook.ErrMalformedSignature},
		{"truncated signature", anEvent, "t=" + ms + ", v1=" + good[:63], webhook.ErrMalformedSignature},
		{"empty signature", anEvent, "t=" + ms + ", v1=", webhook.ErrMalformedSignature},
		{"signature that is not hexadecimal", anEvent, "t=" + ms + ", v1=" + noHex, webhook.ErrMalformedSignature},
		{"huge header", anEvent, "t=" + ms + strings.Repeat(", v1="+good, 100), webhook.ErrMalformedSignature},

		{"tampered body", strings.Replace(anEvent, "user_01", "user_02", 1), signed(now), webhook.ErrSignatureMismatch},
		{"truncated body", anEvent[:len(anEvent)-1], signed(now), webhook.ErrSignatureMismatch},
		{"empty body", "", signed(now), webhook.ErrSignatureMismatch},
		{"body encoded anew", strings.ReplaceAll(anEvent, ",", ", "), signed(now), webhook.ErrSignatureMismatch},
		{"tampered timestamp", anEvent, "t=" + later + ", v1=" + good, webhook.ErrSignatureMismatch},
		{"another way to write the timestamp", anEvent, "t=0" + ms + ", v1=" + good, webhook.ErrSignatureMismatch},
		{"wrong key", anEvent, webhook.Sign([]byte(anEvent), "wh_secret_b", now), webhook.ErrSignatureMismatch},
		{"empty key", anEvent, webhook.Sign([]byte(anEvent), "", now), webhook.ErrSignatureMismatch},
		{"signed without a time", anEvent, "t=" + ms + ", v1=" + signedBy(secret, "", anEvent), webhook.ErrSignatureMismatch},
		{"only wrong signatures", anEvent, "t=" + ms + ", v1=" + wrong + ", v1=" + wrong, webhook.ErrSignatureMismatch},
		{"wrong and expired", anEvent, "t=1, v1=" + wrong, webhook.ErrSignatureMismatch},

		{"expired", anEvent, signed(now.Add(-180001 * time.Millisecond)), webhook.ErrTimestampTooOld},
		{"in seconds, not milliseconds", anEvent, signed(time.UnixMilli(now.Unix())), webhook.ErrTimestampTooOld},
		{"at the epoch", anEvent, "t=0, v1=" + signedBy(secret, "0", anEvent), webhook.ErrTimestampTooOld},
		{"in the future", anEvent, signed(now.Add(180001 * time.Millisecond)), webhook.ErrTimestampInFuture},
		{
			"at the end of time", anEvent,
			"t=9223372036854775807, v1=" + signedBy(secret, "9223372036854775807", anEvent), webhook.ErrTimestampInFuture,
		},
	} {
		err := newVerifier(t).Verify([]byte(test.body), test.header)
		for _, sentinel := range []error{
			webhook.ErrNoSignature, webhook.ErrMalformedSignature, webhook.ErrSignatureMismatch,
			webhook.ErrTimestampTooOld, webhook.ErrTimestampInFuture, webhook.ErrReplayed,
		} {
			if got, want := errors.Is(err, sentinel), errors.Is(test.want, sentinel); got != want {
				t.Errorf("%s: got %v; is it %q: got %t, want %t", test.name, err, sentinel, got, want)
			}
		}
		if err != nil && (strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), good)) {
			t.Errorf("%s: the error shows the secret or the signature: %v", test.name, err)
		}
		if e, err := newVerifier(t).Event([]byte(test.body), test.header); e != nil || !errors.Is(err, test.want) {
			t.Errorf("%s: Event: got %v, %v; want no event and %v", test.name, e, err, test.want)
		}
	}
}

func TestTimestampInSecondsIsRecognized(t *testing.T) {
	t.Parallel()
	for at, hinted := range map[time.Time]bool{time.UnixMilli(now.Unix()): true, now.Add(-time.Hour): false} {
		err := newVerifier(t).Verify([]byte(anEvent), webhook.Sign([]byte(anEvent), secret, at))
		if err == nil || strings.Contains(err.Error(), "seconds") != hinted {
			t.Errorf("signed at %v: got %v; want a hint at seconds: %t", at, err, hinted)
		}
	}
}

func TestGoodRequestsAreAccepted(t *testing.T) {
	t.Parallel()
	ms := millis(now)
	good, wrong := signedBy(secret, ms, anEvent), strings.Repeat("0", 64)
	for name, header := range map[string]string{
		"as WorkOS writes it":         "t=" + ms + ", v1=" + good,
		"without a space":             "t=" + ms + ",v1=" + good,
		"the other way round":         "v1=" + good + ", t=" + ms,
		"in capitals":                 "t=" + ms + ", v1=" + strings.ToUpper(good),
		"second of several":           "t=" + ms + ", v1=" + wrong + ", v1=" + good,
		"first of several":            "t=" + ms + ", v1=" + good + ", v1=" + wrong,
		"with a scheme to come":       "t=" + ms + ", v1=" + good + ", v2=whatever",
		"by Sign":                     webhook.Sign([]byte(anEvent), secret, now),
		"at the end of the tolerance": webhook.Sign([]byte(anEvent), secret, now.Add(-180*time.Second)),
		"from a clock that is fast":   webhook.Sign([]byte(anEvent), secret, now.Add(180*time.Second)),
	} {
		if err := newVerifier(t).Verify([]byte(anEvent), header); err != nil {
			t.Errorf("%s: got %v, want it accepted", name, err)
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
	v := newVerifier(t, webhook.WithPreviousSecret("wh_secret_old"))
	for key, want := range map[string]error{
		secret: nil, "wh_secret_old": nil, "wh_secret_older": webhook.ErrSignatureMismatch,
	} {
		if err := v.Verify([]byte(anEvent), webhook.Sign([]byte(anEvent), key, now)); !errors.Is(err, want) {
			t.Errorf("signed with %s: got %v, want %v", key, err, want)
		}
	}
}

func TestToleranceIsAsSet(t *testing.T) {
	t.Parallel()
	v := newVerifier(t, webhook.WithTolerance(time.Second))
	for age, want := range map[time.Duration]error{
		time.Second: nil, -time.Second: nil,
		1001 * time.Millisecond:  webhook.ErrTimestampTooOld,
		-1001 * time.Millisecond: webhook.ErrTimestampInFuture,
	} {
		if err := v.Verify([]byte(anEvent), webhook.Sign([]byte(anEvent), secret, now.Add(-age))); !errors.Is(err, want) {
			t.Errorf("signed %v ago: got %v, want %v", age, err, want)
		}
	}
}

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

func TestConstructorsRefuseWhatCannotWork(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		secret string
		opts   []webhook.Option
		says   string
	}{
		"empty secret":          {"", nil, "secret is empty"},
		"secret with a newline": {secret + "\n", nil, "white space"},
		"empty second secret":   {secret, []webhook.Option{webhook.WithPreviousSecret("")}, "previous secret is empty"},
		"no tolerance":          {secret, []webhook.Option{webhook.WithTolerance(0)}, "tolerance is 0s"},
		"negative tolerance":    {secret, []webhook.Option{webhook.WithTolerance(-1)}, "tolerance is -1ns"},
		"nil clock":             {secret, []webhook.Option{webhook.WithClock(nil)}, "clock is nil"},
		"nil option":            {secret, []webhook.Option{nil}, "option 1 is nil"},
	} {
		v, err := webhook.NewVerifier(test.secret, test.opts...)
		if v != nil || err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("NewVerifier, %s: got %v, %v; want an error that says %q", name, v, err, test.says)
		}
		a, err := webhook.NewActionVerifier(test.secret, test.opts...)
		if a != nil || err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("NewActionVerifier, %s: got %v, %v; want an error that says %q", name, a, err, test.says)
		}
	}
	var zero webhook.Verifier
	err := zero.Verify([]byte(anEvent), webhook.Sign([]byte(anEvent), "", time.Now()))
	if err == nil || !strings.Contains(err.Error(), "NewVerifier") {
		t.Errorf("zero Verifier: got %v, want an error that names the constructor", err)
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

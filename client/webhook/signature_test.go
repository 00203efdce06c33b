package webhook_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/webhook"
)

func TestEachBadRequestIsRefusedWithItsOwnError(t *testing.T) {
	t.Parallel()
	ms := millis(now)
	good := signedBy(secret, ms, anEvent)
	signed := func(at time.Time) string { return webhook.Sign([]byte(anEvent), secret, at) }
	wrong, noHex := strings.Repeat("0", 64), strings.Repeat("z", 64)
	later := millis(now.Add(time.Millisecond))
	const (
		noPair   = "malformed signature: want name=value pairs"
		noNumber = "malformed signature: timestamp is not a number of milliseconds"
		noMAC    = "malformed signature: v1 is not 64 hexadecimal digits"
		noT      = "malformed signature: no timestamp t"
		noV1     = "malformed signature: no v1"
		twoT     = "malformed signature: two timestamps"
		mismatch = "signature does not match"
	)
	for _, test := range []struct {
		name, body, header string
		want               error
		says               string
	}{
		{"no header", anEvent, "", webhook.ErrNoSignature, "no signature"},
		{"no timestamp", anEvent, "v1=" + good, webhook.ErrMalformedSignature, noT},
		{"no signature", anEvent, "t=" + ms, webhook.ErrMalformedSignature, noV1},
		{"another scheme alone", anEvent, "t=" + ms + ", v2=" + good, webhook.ErrMalformedSignature, noV1},
		{"other names", anEvent, "T=" + ms + ", V1=" + good, webhook.ErrMalformedSignature, noT},
		{"blank", anEvent, " ", webhook.ErrMalformedSignature, noPair},
		{"no pairs", anEvent, "Bearer", webhook.ErrMalformedSignature, noPair},
		{"empty first part", anEvent, ", t=" + ms + ", v1=" + good, webhook.ErrMalformedSignature, noPair},
		{"empty part", anEvent, "t=" + ms + ",, v1=" + good, webhook.ErrMalformedSignature, noPair},
		{"empty last part", anEvent, "t=" + ms + ", v1=" + good + ",", webhook.ErrMalformedSignature, noPair},
		{"two timestamps", anEvent, "t=" + ms + ", t=1, v1=" + good, webhook.ErrMalformedSignature, twoT},
		{"the same timestamp twice", anEvent, "t=" + ms + ", v1=" + good + ", t=" + ms, webhook.ErrMalformedSignature, twoT},
		{"empty timestamp", anEvent, "t=, v1=" + good, webhook.ErrMalformedSignature, noNumber},
		{"negative timestamp", anEvent, "t=-1, v1=" + good, webhook.ErrMalformedSignature, noNumber},
		{"timestamp with a sign", anEvent, "t=+" + ms + ", v1=" + good, webhook.ErrMalformedSignature, noNumber},
		{"timestamp with a space", anEvent, "t= " + ms + ", v1=" + good, webhook.ErrMalformedSignature, noNumber},
		{"timestamp with a fraction", anEvent, "t=" + ms + ".0, v1=" + good, webhook.ErrMalformedSignature, noNumber},
		{"timestamp of words", anEvent, "t=now, v1=" + good, webhook.ErrMalformedSignature, noNumber},
		{"timestamp too large", anEvent, "t=9223372036854775808, v1=" + good, webhook.ErrMalformedSignature, noNumber},
		{"truncated signature", anEvent, "t=" + ms + ", v1=" + good[:63], webhook.ErrMalformedSignature, noMAC},
		{"signature of 31 bytes", anEvent, "t=" + ms + ", v1=" + good[:62], webhook.ErrMalformedSignature, noMAC},
		{"a digit too many", anEvent, "t=" + ms + ", v1=" + good + "0", webhook.ErrMalformedSignature, noMAC},
		{"signature of 33 bytes", anEvent, "t=" + ms + ", v1=" + good + "00", webhook.ErrMalformedSignature, noMAC},
		{"signature and more", anEvent, "t=" + ms + ", v1=" + good + "zz", webhook.ErrMalformedSignature, noMAC},
		{"empty signature", anEvent, "t=" + ms + ", v1=", webhook.ErrMalformedSignature, noMAC},
		{"signature that is not hexadecimal", anEvent, "t=" + ms + ", v1=" + noHex, webhook.ErrMalformedSignature, noMAC},
		{"good one before a bad one", anEvent, "t=" + ms + ", v1=" + good + ", v1=0", webhook.ErrMalformedSignature, noMAC},
		{
			"huge header", anEvent, "t=" + ms + strings.Repeat(", v1="+good, 100), webhook.ErrMalformedSignature,
			"malformed signature: header has 6915 bytes: want at most 4096",
		},

		{
			"tampered body", strings.Replace(anEvent, "user_01", "user_02", 1), signed(now), webhook.ErrSignatureMismatch,
			mismatch,
		},
		{"truncated body", anEvent[:len(anEvent)-1], signed(now), webhook.ErrSignatureMismatch, mismatch},
		{"empty body", "", signed(now), webhook.ErrSignatureMismatch, mismatch},
		{"body encoded anew", strings.ReplaceAll(anEvent, ",", ", "), signed(now), webhook.ErrSignatureMismatch, mismatch},
		{"tampered timestamp", anEvent, "t=" + later + ", v1=" + good, webhook.ErrSignatureMismatch, mismatch},
		{
			"another way to write the timestamp", anEvent, "t=0" + ms + ", v1=" + good, webhook.ErrSignatureMismatch, mismatch,
		},
		{
			"wrong key", anEvent, webhook.Sign([]byte(anEvent), "wh_secret_b", now), webhook.ErrSignatureMismatch, mismatch,
		},
		{"empty key", anEvent, webhook.Sign([]byte(anEvent), "", now), webhook.ErrSignatureMismatch, mismatch},
		{
			"signed without a time", anEvent, "t=" + ms + ", v1=" + signedBy(secret, "", anEvent),
			webhook.ErrSignatureMismatch, mismatch,
		},
		{
			"only wrong signatures", anEvent, "t=" + ms + ", v1=" + wrong + ", v1=" + wrong, webhook.ErrSignatureMismatch,
			mismatch,
		},
		{"wrong and expired", anEvent, "t=1, v1=" + wrong, webhook.ErrSignatureMismatch, mismatch},

		{
			"expired", anEvent, signed(now.Add(-180001 * time.Millisecond)), webhook.ErrTimestampTooOld,
			"timestamp is too old: signed 3m0.001s ago, tolerance 3m0s",
		},
		{
			"in seconds, not milliseconds", anEvent, signed(time.UnixMilli(now.Unix())), webhook.ErrTimestampTooOld,
			"timestamp is too old: signed 490432h8m42.633s ago, tolerance 3m0s" +
				"; it may be in seconds, as the emulator writes it, where WorkOS writes milliseconds",
		},
		{
			"at the epoch", anEvent, "t=0, v1=" + signedBy(secret, "0", anEvent), webhook.ErrTimestampTooOld,
			"timestamp is too old: signed 490923h4m5.678s ago, tolerance 3m0s" +
				"; it may be in seconds, as the emulator writes it, where WorkOS writes milliseconds",
		},
		{
			"in the future", anEvent, signed(now.Add(180001 * time.Millisecond)), webhook.ErrTimestampInFuture,
			"timestamp is in the future: signed 3m0.001s ahead, tolerance 3m0s",
		},
		{
			"at the end of time", anEvent,
			"t=9223372036854775807, v1=" + signedBy(secret, "9223372036854775807", anEvent), webhook.ErrTimestampInFuture,
			"timestamp is in the future: signed 2562047h47m16.854775807s ahead, tolerance 3m0s",
		},
	} {
		err := newVerifier(t).Verify([]byte(test.body), test.header)
		if err == nil || err.Error() != "workos/webhook: "+test.says {
			t.Errorf("%s: got %v, want workos/webhook: %s", test.name, err, test.says)
		}
		for _, sentinel := range []error{
			webhook.ErrNoSignature, webhook.ErrMalformedSignature, webhook.ErrSignatureMismatch,
			webhook.ErrTimestampTooOld, webhook.ErrTimestampInFuture, webhook.ErrReplayed,
		} {
			if got, want := errors.Is(err, sentinel), errors.Is(test.want, sentinel); got != want {
				t.Errorf("%s: got %v; is it %q: got %t, want %t", test.name, err, sentinel, got, want)
			}
		}
		if e, err := newVerifier(t).Event([]byte(test.body), test.header); e != nil || !errors.Is(err, test.want) {
			t.Errorf("%s: Event: got %v, %v; want no event and %v", test.name, e, err, test.want)
		}
		actions := newActionVerifier(t)
		if err := actions.Verify([]byte(test.body), test.header); !errors.Is(err, test.want) {
			t.Errorf("%s: as an action: got %v, want %v", test.name, err, test.want)
		}
		if a, err := actions.Action([]byte(test.body), test.header); a != nil || !errors.Is(err, test.want) {
			t.Errorf("%s: Action: got %v, %v; want no action and %v", test.name, a, err, test.want)
		}
		wantNothingDone(t, test.name, test.body, test.header)
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

func TestHeaderIsReadUpToItsLimit(t *testing.T) {
	t.Parallel()
	for size, fits := range map[int]bool{4095: true, 4096: true, 4097: false} {
		header := sign(anEvent) + ", v2="
		header += strings.Repeat("x", size-len(header))
		err := newVerifier(t).Verify([]byte(anEvent), header)
		if fits && err != nil || !fits && !errors.Is(err, webhook.ErrMalformedSignature) {
			t.Errorf("header of %d bytes: got %v; want it read: %t", size, err, fits)
		}
	}
}

// Whatever is altered, be it in the body, the signature or the timestamp, nothing comes of the request.
func TestEveryByteIsSigned(t *testing.T) {
	t.Parallel()
	for _, body := range []string{anEvent, anAuthentication} {
		for i := range len(body) {
			altered := []byte(body)
			altered[i] ^= 1
			wantForged(t, string(altered), sign(body))
		}
		header := sign(body)
		for i := range len(header) {
			if at := strings.Index(header, ", v1="); i < len("t=") || i >= at && i < at+len(", v1=") {
				continue // a part of the names
			}
			altered := []byte(header)
			if altered[i]++; altered[i] == '9'+1 || altered[i] == 'f'+1 {
				altered[i] = '0'
			}
			wantForged(t, body, string(altered))
		}
	}
}

func wantForged(t *testing.T, body, header string) {
	t.Helper()
	deliveries, requests := newVerifier(t), newActionVerifier(t)
	e, eventErr := deliveries.Event([]byte(body), header)
	a, actionErr := requests.Action([]byte(body), header)
	if e != nil || a != nil {
		t.Errorf("got the event %v and the action %v of a forged request", e, a)
	}
	for _, err := range []error{
		eventErr, actionErr, deliveries.Verify([]byte(body), header), requests.Verify([]byte(body), header),
	} {
		if !errors.Is(err, webhook.ErrSignatureMismatch) {
			t.Errorf("%q with %s: got %v, want ErrSignatureMismatch", body, header, err)
		}
	}
}

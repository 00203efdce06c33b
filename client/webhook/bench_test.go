package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/webhook"
	"github.com/seed-f165d83c/workos/gen"
)

// These benchmarks compare a verification with the HMAC that it cannot do without, and the whole way to an event with
// that and a plain decoding. They print the ratio of the two, which take turns:
//
//	go test ./client/webhook -run xxx -bench .

func BenchmarkVerify(b *testing.B) {
	v := newVerifier(b)
	header := webhook.Sign([]byte(anEvent), secret, now)
	compare(b, func() {
		plain(b, header)
	}, func() {
		if err := v.Verify([]byte(anEvent), header); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkEvent(b *testing.B) {
	v := newVerifier(b)
	header := webhook.Sign([]byte(anEvent), secret, now)
	compare(b, func() {
		plain(b, header)
		if err := json.Unmarshal([]byte(anEvent), new(gen.Event)); err != nil {
			b.Fatal(err)
		}
	}, func() {
		if _, err := v.Event([]byte(anEvent), header); err != nil {
			b.Fatal(err)
		}
	})
}

// plain is the least that a verification can be, for a header of which all is known.
func plain(b *testing.B, header string) {
	b.Helper()
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(strconv.FormatInt(now.UnixMilli(), 10) + "." + anEvent))
	given, err := hex.DecodeString(header[len(header)-2*sha256.Size:])
	if err != nil || !hmac.Equal(given, mac.Sum(nil)) {
		b.Fatal("the signature is wrong")
	}
}

func compare(b *testing.B, least, ours func()) {
	b.Helper()
	var times [2]time.Duration
	for b.Loop() {
		for i, do := range []func(){least, ours} {
			begin := time.Now()
			do()
			times[i] += time.Since(begin)
		}
	}
	b.ReportMetric(float64(times[1])/float64(times[0]), "x-plain")
	b.ReportMetric(float64(times[0].Nanoseconds())/float64(b.N), "ns/plain")
	b.ReportMetric(float64(times[1].Nanoseconds())/float64(b.N), "ns/ours")
	b.ReportMetric(0, "ns/op") // both together say nothing
}

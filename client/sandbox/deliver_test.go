package sandbox_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/client/webhook"
)

// receiver is the program that webhooks and actions are sent to.
type receiver func(w http.ResponseWriter, r *http.Request)

func (f receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	f(w, req)
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

func (f receiver) option() sandbox.Option {
	return sandbox.WithOutgoing(&http.Client{Transport: f})
}

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

func newVerifier(t *testing.T, endpoint fields) *webhook.Verifier {
	t.Helper()
	v, err := webhook.NewVerifier(str(endpoint["secret"]), webhook.WithClock(atNoon))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func subscribe(t *testing.T, sb *sandbox.Sandbox, url string, types ...string) fields {
	t.Helper()
	return must(t, sb, http.StatusCreated, "POST", "/webhook_endpoints", fields{"endpoint_url": url, "events": types})
}

func deliver(t *testing.T, sb *sandbox.Sandbox) int {
	t.Helper()
	n, err := sb.Deliver(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEventsAreDeliveredSigned(t *testing.T) {
	t.Parallel()
	type got struct{ url, body, signature string }
	var received []got
	r := receiver(func(_ http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		received = append(received, got{req.URL.String(), string(body), req.Header.Get(webhook.HeaderName)})
	})
	sb := sandbox.New(sandbox.WithClock(atNoon), r.option())
	create(t, sb, "/organizations", fields{"name": "before"})
	a := subscribe(t, sb, "https://a.example/hook", "organization.created", "organization.deleted")
	b := subscribe(t, sb, "https://b.example/hook", "organization.created")
	off := subscribe(t, sb, "https://off.example/hook", "organization.created")
	must(t, sb, http.StatusOK, "PATCH", "/webhook_endpoints/"+str(off["id"]), fields{"status": "disabled"})
	id := create(t, sb, "/organizations", fields{"name": "Acme & <Söhne>"})
	create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	must(t, sb, http.StatusAccepted, "DELETE", "/organizations/"+id, nil)
	if n := deliver(t, sb); n != 3 {
		t.Errorf("got %d attempts, want 3", n)
	}
	want := []struct {
		endpoint fields
		typ      string
	}{{a, "organization.created"}, {b, "organization.created"}, {a, "organization.deleted"}}
	if len(received) != len(want) {
		t.Fatalf("got %v, want %d requests", received, len(want))
	}
	for i, w := range want {
		event, err := newVerifier(t, w.endpoint).Event([]byte(received[i].body), received[i].signature)
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if received[i].url != w.endpoint["endpoint_url"] || event.Type != w.typ || !strings.Contains(received[i].body, id) {
			t.Errorf("%d: got %s, want %s to %s", i, received[i], w.typ, w.endpoint["endpoint_url"])
		}
		listed := list(get(t, sb, "/events?events="+w.typ+"&order=desc")["data"])[0]
		if str(obj(listed)["id"]) != event.ID {
			t.Errorf("%d: got the event %s, want %v", i, event.ID, listed)
		}
	}
	if n := deliver(t, sb); n != 0 || len(received) != 3 {
		t.Errorf("again: got %d attempts and %d requests, want none", n, len(received))
	}
	for _, d := range sb.Deliveries() {
		if d.State != "delivered" || d.Attempts != 1 || d.Status != 200 || d.Error != "" || !d.Due.IsZero() {
			t.Errorf("got %+v, want it delivered", d)
		}
	}
}

func TestFailedDeliveriesAreRetriedByTheClock(t *testing.T) {
	t.Parallel()
	attempts, down := 0, true
	r := receiver(func(w http.ResponseWriter, _ *http.Request) {
		attempts++
		if down {
			http.Redirect(w, &http.Request{}, "https://elsewhere.example", http.StatusFound)
		}
	})
	sb := sandbox.New(sandbox.WithClock(atNoon), r.option())
	subscribe(t, sb, "https://a.example/hook", "organization.created")
	create(t, sb, "/organizations", fields{"name": "Acme"})
	waits := []time.Duration{time.Minute, 5 * time.Minute, 25 * time.Minute, 2 * time.Hour, 10 * time.Hour, 48 * time.Hour}
	due := noon
	for i, wait := range waits {
		if n := deliver(t, sb); n != 1 || attempts != i+1 {
			t.Fatalf("attempt %d: got %d and %d requests, want 1 more", i, n, attempts)
		}
		due = due.Add(wait)
		d := sb.Deliveries()[0]
		if d.State != "pending" || d.Attempts != i+1 || d.Status != 302 || d.Error != "status 302" || !d.Due.Equal(due) {
			t.Errorf("attempt %d: got %+v, want it due at %v", i, d, due)
		}
		for _, step := range []time.Duration{wait - time.Millisecond, time.Millisecond} {
			if n := deliver(t, sb); n != 0 {
				t.Errorf("attempt %d: got one too early", i+1)
			}
			if err := sb.Advance(step); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := deliver(t, sb); n != 1 || sb.Deliveries()[0].State != "failed" {
		t.Errorf("after all retries: got %d attempts, %+v", n, sb.Deliveries())
	}
	id := sb.Deliveries()[0].ID
	down = false
	if err := sb.Redeliver(id); err != nil {
		t.Fatal(err)
	}
	if n := deliver(t, sb); n != 1 || sb.Deliveries()[0].State != "delivered" || sb.Deliveries()[0].Error != "" {
		t.Errorf("redelivery: got %d attempts, %+v", n, sb.Deliveries())
	}
	if err := sb.Redeliver("delivery_none"); err == nil {
		t.Error("got no error, want that there is no such delivery")
	}
}

func TestDeliveriesOutliveTheProgram(t *testing.T) {
	t.Parallel()
	name := t.TempDir() + "/state"
	sb := open(t, name)
	subscribe(t, sb, "https://a.example/hook", "organization.created")
	create(t, sb, "/organizations", fields{"name": "Acme"})
	if err := sb.Close(); err != nil {
		t.Fatal(err)
	}
	requests := 0
	sb, err := sandbox.Open(name, receiver(func(http.ResponseWriter, *http.Request) { requests++ }).option())
	if err != nil {
		t.Fatal(err)
	}
	if n := deliver(t, sb); n != 1 || requests != 1 {
		t.Errorf("got %d attempts and %d requests, want 1", n, requests)
	}
	if err := sb.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestDeliveriesGoWithTheirEndpoint(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(receiver(func(http.ResponseWriter, *http.Request) { t.Error("got a request, want none") }).option())
	endpoint := subscribe(t, sb, "https://a.example/hook", "organization.created")
	create(t, sb, "/organizations", fields{"name": "Acme"})
	must(t, sb, http.StatusNoContent, "DELETE", "/webhook_endpoints/"+str(endpoint["id"]), nil)
	if n := deliver(t, sb); n != 0 || len(sb.Deliveries()) > 0 {
		t.Errorf("got %d attempts and %v, want none", n, sb.Deliveries())
	}
}

func TestDeliveryEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	sb := sandbox.New(receiver(func(http.ResponseWriter, *http.Request) { cancel() }).option())
	subscribe(t, sb, "https://a.example/hook", "organization.created")
	create(t, sb, "/organizations", fields{"name": "Acme"})
	create(t, sb, "/organizations", fields{"name": "Acme 2"})
	if n, err := sb.Deliver(ctx); n != 0 || err == nil {
		t.Errorf("got %d %v, want the error of the context", n, err)
	}
	if d := sb.Deliveries(); d[0].State != "pending" || d[0].Attempts != 0 || d[1].Attempts != 0 {
		t.Errorf("got %+v, want both undelivered", d)
	}
}

// TestRunDeliversAsEventsComeAndRetriesComeDue runs in a bubble, whose clock moves when everything waits.
func TestRunDeliversAsEventsComeAndRetriesComeDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen []time.Duration
		start := time.Now()
		r := receiver(func(_ http.ResponseWriter, req *http.Request) {
			seen = append(seen, time.Since(start))
			if strings.HasPrefix(req.URL.Host, "slow") && len(seen) == 1 {
				<-req.Context().Done() // until the sandbox gives up
			}
		})
		sb := sandbox.New(sandbox.WithClock(time.Now), r.option())
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- sb.Run(ctx) }()
		synctest.Wait()
		subscribe(t, sb, "https://slow.example/hook", "organization.created")
		time.Sleep(time.Second)
		create(t, sb, "/organizations", fields{"name": "Acme"})
		time.Sleep(time.Hour)
		if d := sb.Deliveries(); len(d) != 1 || d[0].State != "delivered" || d[0].Attempts != 2 {
			t.Errorf("got %+v, want it delivered at the second attempt", d)
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
		// After ten seconds the endpoint's time is over, and the retry comes a minute later.
		if want := []time.Duration{time.Second, 71 * time.Second}; !slices.Equal(roundAll(seen), want) {
			t.Errorf("got requests after %v, want %v", seen, want)
		}
	})
}

func roundAll(durations []time.Duration) []time.Duration {
	rounded := make([]time.Duration, len(durations))
	for i, d := range durations {
		rounded[i] = d.Round(time.Second)
	}
	return rounded
}

func TestQueueOfDeliveriesIsBounded(t *testing.T) {
	t.Parallel()
	const limit = 10_000
	sb := sandbox.New()
	var endpoints []string
	for i := range 50 {
		endpoints = append(endpoints, str(subscribe(t, sb, fmt.Sprintf("https://%d.example/hook", i), "organization.created")["id"]))
	}
	for i := range limit/50 + 1 {
		create(t, sb, "/organizations", fields{"name": strconv.Itoa(i)})
	}
	d := sb.Deliveries()
	if len(d) != limit || d[0].Event == sb.Deliveries()[49].Event && d[0].Endpoint != endpoints[0] {
		t.Errorf("got %d deliveries from %+v, want the newest %d", len(d), d[0], limit)
	}
	events := list(get(t, sb, "/events?events=organization.created&order=asc&limit=2")["data"])
	if d[0].Event != str(obj(events[1])["id"]) {
		t.Errorf("got the oldest of %s, want those of the first event forgotten", d[0].Event)
	}
}

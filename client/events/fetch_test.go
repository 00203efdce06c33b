package events_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

func TestConsumerAsksForWhatItIsToldTo(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 2, 4, 4, 5, 678_900_000, time.FixedZone("", 3600))
	for _, test := range []struct {
		opts []events.Option
		want string
	}{
		{nil, "limit=100&order=asc"},
		{
			[]events.Option{
				events.WithTypes(events.UserCreated, events.DsyncUserDeleted), events.WithOrganization("org_01"),
				events.WithPageSize(7), events.WithStartAfter("event_01"),
			},
			"after=event_01&events=user.created%2Cdsync.user.deleted&limit=7&order=asc&organization_id=org_01",
		},
		{[]events.Option{events.WithStartTime(start)}, "limit=100&order=asc&range_start=2026-01-02T03%3A04%3A05.677Z"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var sent []string
			w := func(r *http.Request) (*http.Response, error) {
				sent = append(sent, r.Method+" "+r.URL.Path+" "+r.URL.Query().Encode())
				return respond(200, list("")), nil
			}
			s := new(store)
			if err := runFor(t, newConsumer(t, w, s, collect(new([]string)), test.opts...), 12*time.Second); err != nil {
				t.Errorf("Run: %v", err)
			}
			want := "GET /events " + test.want
			wantStrings(t, "sent in 12 seconds", sent, want, want, want)

			// The next process begins where this one did, whatever it is told.
			sent = nil
			other := events.WithStartTime(start.Add(time.Hour))
			if test.opts == nil {
				return
			}
			opts := append(slices.Clone(test.opts), other)
			if err := runFor(t, newConsumer(t, w, s, collect(new([]string)), opts...), time.Second); err != nil {
				t.Errorf("Run: %v", err)
			}
			wantStrings(t, "sent by the next process", sent, want)
		})
	}
}

func TestFailuresThatMayPassAreWaitedFor(t *testing.T) {
	t.Parallel()
	reset := func() (*http.Response, error) { return nil, errors.New("connection reset by peer") }
	for name, failure := range map[string]func() (*http.Response, error){
		"429":          func() (*http.Response, error) { return respond(429, `"Ratelimited"`), nil },
		"408":          func() (*http.Response, error) { return respond(408, `{}`), nil },
		"500":          func() (*http.Response, error) { return respond(500, `{"message":"oops"}`), nil },
		"503 in HTML":  func() (*http.Response, error) { return respond(503, "<html>"), nil },
		"reset":        reset,
		"no JSON":      func() (*http.Response, error) { return respond(200, "{"), nil },
		"another JSON": func() (*http.Response, error) { return respond(200, `{"data":{}}`), nil },
		"no event":     func() (*http.Response, error) { return respond(200, `{"data":[{"id":"event_01"}]}`), nil },
		"hanging": func() (*http.Response, error) {
			body, _ := io.Pipe()
			answer := respond(200, "")
			answer.Body, answer.ContentLength = body, -1
			return answer, nil
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			requests, failures, serve := 0, []error{}, upTo(2)
			w := func(r *http.Request) (*http.Response, error) {
				if requests++; requests <= 20 {
					answer, err := failure()
					if pipe, ok := bodyOf(answer).(*io.PipeReader); ok { // as net/http does
						context.AfterFunc(r.Context(), func() { _ = pipe.CloseWithError(r.Context().Err()) })
					}
					return answer, err
				}
				return serve(r)
			}
			var got []string
			c := newConsumer(t, w, new(store), collect(&got), events.WithBackoff(time.Second, time.Minute),
				events.WithErrorFunc(func(err error, wait time.Duration) {
					failures = append(failures, err)
					bound := min(time.Second<<(len(failures)-1), time.Minute)
					if wait < 0 || wait > bound {
						t.Errorf("%s: wait %d: got %v, want at most %v", name, len(failures), wait, bound)
					}
				}))
			if err := runFor(t, c, time.Hour); err != nil {
				t.Errorf("%s: Run: %v", name, err)
			}
			wantStrings(t, name, got, stubID(0), stubID(1))
			if len(failures) == 0 || c.Status().Failures != 0 || c.Status().LastError != nil {
				t.Errorf("%s: got %d failures, status %+v; want failures that are over", name, len(failures), c.Status())
			}
		})
	}
}

func TestSlowAnswerIsGivenUpAfterTheFetchTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var waited []time.Duration
		w := func(r *http.Request) (*http.Response, error) {
			begin := time.Now()
			<-r.Context().Done()
			waited = append(waited, time.Since(begin))
			return nil, r.Context().Err()
		}
		c := newConsumer(t, w, new(store), collect(new([]string)), events.WithFetchTimeout(3*time.Second),
			events.WithBackoff(time.Second, time.Second))
		if err := runFor(t, c, 10*time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		if len(waited) < 2 || waited[0] != 3*time.Second {
			t.Errorf("requests were given up after %v, want 3s each", waited)
		}
	})
}

func bodyOf(answer *http.Response) io.ReadCloser {
	if answer == nil {
		return nil
	}
	return answer.Body
}

func TestRetryAfterIsWaitedFor(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{"90": 90 * time.Second, "7200": 5 * time.Minute, "soon": 0} {
		synctest.Test(t, func(t *testing.T) {
			var sent []time.Time
			w := func(*http.Request) (*http.Response, error) {
				sent = append(sent, time.Now())
				return respond(429, `"Ratelimited"`, "Retry-After", header), nil
			}
			waits := 0
			c := newConsumer(t, w, new(store), collect(new([]string)), events.WithBackoff(time.Second, time.Second),
				events.WithErrorFunc(func(_ error, wait time.Duration) {
					waits++
					if wait < want || wait > want+time.Second {
						t.Errorf("Retry-After %s: got a wait of %v, want %v and up to a second", header, wait, want)
					}
				}))
			if err := runFor(t, c, 11*time.Minute); err != nil {
				t.Errorf("Run: %v", err)
			}
			if waits < 2 || len(sent) < waits {
				t.Errorf("Retry-After %s: got %d requests and %d waits in 11 minutes", header, len(sent), waits)
			}
		})
	}
}

func TestFailuresThatCannotPassEndTheRun(t *testing.T) {
	t.Parallel()
	for _, status := range []int{302, 400, 401, 403, 404, 422} {
		synctest.Test(t, func(t *testing.T) {
			w := func(*http.Request) (*http.Response, error) {
				return respond(status, `{"code":"some_code","message":"Some message."}`), nil
			}
			err := runFor(t, newConsumer(t, w, new(store), collect(new([]string))), time.Hour)
			var failed *client.Error
			if !errors.As(err, &failed) || failed.StatusCode != status {
				t.Errorf("got %v, want a *client.Error of status %d", err, status)
			}
		})
	}
}

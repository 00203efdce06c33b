package events_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

// allTypes is the parameter with all known types: the API requires some.
func allTypes() string {
	return "events=" + strings.Join(slices.Sorted(maps.Keys(decoders())), "%2C") + "&"
}

func TestConsumerAsksForWhatItIsToldTo(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 2, 4, 4, 5, 679_900_000, time.FixedZone("", 3600))
	known := allTypes()
	for _, test := range []struct {
		opts []events.Option
		want string
	}{
		{nil, known + "limit=100&order=asc"},
		{
			[]events.Option{
				events.WithTypes(events.UserCreated, events.DsyncUserDeleted), events.WithOrganization("org_01"),
				events.WithPageSize(7), events.WithStartAfter("event_01"),
			},
			"after=event_01&events=user.created%2Cdsync.user.deleted&limit=7&order=asc&organization_id=org_01",
		},
		{[]events.Option{events.WithStartTime(start)}, known + "limit=100&order=asc&range_start=2026-01-02T03%3A04%3A05.678Z"},
		{
			[]events.Option{events.WithStartTime(start.Truncate(time.Second))},
			known + "limit=100&order=asc&range_start=2026-01-02T03%3A04%3A04.999Z",
		},
		{
			[]events.Option{events.WithStartTime(start), events.WithStartAfter("event_01")},
			"after=event_01&" + known + "limit=100&order=asc",
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			var sent []string
			begin := time.Now()
			w := func(r *http.Request) (*http.Response, error) {
				if after := time.Since(begin); after != time.Duration(len(sent))*5*time.Second {
					t.Errorf("request %d comes after %v, want one each 5 seconds", len(sent), after)
				}
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
			sent, begin = nil, time.Now()
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
		"no list":      func() (*http.Response, error) { return respond(200, `{"message":"maintenance"}`), nil },
		"null list":    func() (*http.Response, error) { return respond(200, `{"data":null}`), nil },
		"null":         func() (*http.Response, error) { return respond(200, `null`), nil },
		"no event":     func() (*http.Response, error) { return respond(200, `{"data":[{"id":"event_01"}]}`), nil },
		"425":          func() (*http.Response, error) { return respond(425, `{}`), nil },
		"599":          func() (*http.Response, error) { return respond(599, `{}`), nil },
		"another list": func() (*http.Response, error) {
			return respond(200, `{"data":[],"list_metadata":{"after":7}}`), nil
		},
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
				events.WithPollInterval(time.Hour), events.WithErrorFunc(func(err error, wait time.Duration) {
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
	for _, timeout := range []time.Duration{time.Millisecond, 3 * time.Second, 40 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			var waited []time.Duration
			w := func(r *http.Request) (*http.Response, error) {
				begin := time.Now()
				<-r.Context().Done()
				waited = append(waited, time.Since(begin))
				return nil, r.Context().Err()
			}
			c := newConsumer(t, w, new(store), collect(new([]string)), events.WithFetchTimeout(timeout),
				events.WithBackoff(time.Second, time.Second))
			if err := runFor(t, c, 2*timeout+2*time.Second); err != nil {
				t.Errorf("Run: %v", err)
			}
			if len(waited) < 2 || waited[0] != timeout || waited[1] != timeout {
				t.Errorf("requests were given up after %v, want %v each", waited, timeout)
			}
		})
	}
}

// body notes when it is closed.
type body struct {
	io.Reader

	closed *int
}

func (b body) Close() error {
	*b.closed++
	return nil
}

func TestBodiesAreClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests, closed, serve := 0, 0, upTo(5)
		w := func(r *http.Request) (*http.Response, error) {
			requests++
			answer, err := serve(r)
			if err == nil {
				answer.Body = body{answer.Body, &closed}
			}
			return answer, err
		}
		if err := runFor(t, newConsumer(t, w, new(store), collect(new([]string))), time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		if requests != 3 || closed < requests {
			t.Errorf("got %d bodies closed of %d, want all of 3", closed, requests)
		}
	})
}

func TestContextOfARequestEndsWithIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var last context.Context
		w := func(r *http.Request) (*http.Response, error) {
			if last != nil && last.Err() == nil {
				t.Error("the context of the request before has not ended")
			}
			last = r.Context()
			return respond(200, list("")), nil
		}
		if err := runFor(t, newConsumer(t, w, new(store), collect(new([]string))), 12*time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

// A checkpoint of an event and a time is that of the event.
func TestEventOfACheckpointGoesBeforeItsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, sent := new(store), ""
		if err := save(t, &s.MemoryStore, events.Checkpoint{After: "event_01", Since: time.Unix(1, 0)}); err != nil {
			t.Fatalf("Save: %v", err)
		}
		w := func(r *http.Request) (*http.Response, error) {
			sent = r.URL.RawQuery
			return respond(200, list("")), nil
		}
		opts := events.WithStartAfter("event_00")
		if err := runFor(t, newConsumer(t, w, s, collect(new([]string)), opts), time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		if want := strings.ReplaceAll(allTypes(), "%2C", ",") + "after=event_01&limit=100&order=asc"; sent != want {
			t.Errorf("sent: got %s, want %s", sent, want)
		}
		wantStrings(t, "saved", s.saved)
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
	for header, want := range map[string]time.Duration{
		"": 0, "0": 0, "1": time.Second, "90": 90 * time.Second, "299": 299 * time.Second, "300": 5 * time.Minute,
		"301": 5 * time.Minute, "7200": 5 * time.Minute, "soon": 0, "-1": 0,
	} {
		synctest.Test(t, func(t *testing.T) {
			failed, serve := false, upTo(1)
			told, waited, begin := time.Duration(0), time.Duration(-1), time.Time{}
			w := func(r *http.Request) (*http.Response, error) {
				if failed {
					if waited < 0 {
						waited = time.Since(begin)
					}
					return serve(r)
				}
				return respond(429, `"Ratelimited"`, "Retry-After", header), nil
			}
			var got []string
			c := newConsumer(t, w, new(store), collect(&got), events.WithBackoff(1, 1), events.WithPollInterval(time.Hour),
				events.WithErrorFunc(func(_ error, wait time.Duration) { failed, told, begin = true, wait, time.Now() }))
			if err := runFor(t, c, time.Hour); err != nil {
				t.Errorf("Run: %v", err)
			}
			if told < want || told > want+1 {
				t.Errorf("Retry-After %s: got a wait of %v, want %v and up to a nanosecond", header, told, want)
			}
			if waited != told {
				t.Errorf("Retry-After %s: the next request came after %v, though a wait of %v was told", header, waited, told)
			}
			wantStrings(t, "handled after it", got, stubID(0))
		})
	}
}

func TestFailuresThatCannotPassEndTheRun(t *testing.T) {
	t.Parallel()
	for _, status := range []int{300, 302, 399, 400, 401, 403, 404, 407, 410, 422, 424, 428, 431, 451, 499} {
		synctest.Test(t, func(t *testing.T) {
			w := func(*http.Request) (*http.Response, error) {
				return respond(status, `{"code":"some_code","message":"Some message."}`), nil
			}
			var got []string
			s, begin, requests := new(store), time.Now(), 0
			counted := func(r *http.Request) (*http.Response, error) {
				requests++
				return w(r)
			}
			c := newConsumer(t, counted, s, collect(&got), events.WithErrorFunc(func(err error, _ time.Duration) {
				t.Errorf("status %d: %v is told as if it could pass", status, err)
			}))
			err := runFor(t, c, time.Hour)
			var failed *client.Error
			if !errors.As(err, &failed) || failed.StatusCode != status || !strings.HasPrefix(err.Error(), "workos/events: ") {
				t.Errorf("got %v, want a *client.Error of status %d", err, status)
			}
			if took := time.Since(begin); requests != 1 || took != 0 || len(got) != 0 || len(s.saved) != 0 {
				t.Errorf("status %d: got %d requests in %v, handled %q, saved %q; want one request", status, requests, took, got,
					s.saved)
			}
		})
	}
}

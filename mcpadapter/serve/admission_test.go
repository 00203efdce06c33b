package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

// refusedAs checks that a response is a refusal, and that its metric counts it.
func refusedAs(t *testing.T, what string, w *httptest.ResponseRecorder, m *Metrics, status int, reason refusalReason) {
	t.Helper()
	var body struct {
		JSONRPC string
		Error   struct {
			Message string
			Data    struct {
				Reason     refusalReason
				RetryAfter int `json:"retry_after"`
			}
		}
	}
	err := json.Unmarshal(w.Body.Bytes(), &body)
	if w.Code != status || err != nil || body.Error.Data.Reason != reason || body.JSONRPC != "2.0" ||
		body.Error.Message == "" || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%s: got %d %v %.300s, want %d and the reason %s", what, w.Code, err, w.Body, status, reason)
	}
	temporary := status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
	if temporary != (w.Header().Get("Retry-After") != "") || temporary != (body.Error.Data.RetryAfter > 0) {
		t.Errorf("%s: got Retry-After %q and %d", what, w.Header().Get("Retry-After"), body.Error.Data.RetryAfter)
	}
	var metrics bytes.Buffer
	m.write(&metrics)
	if want := `mcp_refusals_total{reason="` + string(reason) + `"} `; !strings.Contains(metrics.String(), want) {
		t.Errorf("%s: got the metrics %s, want %s", what, &metrics, want)
	}
}

// pipe is the shop, whose requests wait for release.
func pipe(t *testing.T, opts HTTPOptions) (handler http.Handler, arrived chan string, release chan struct{}) {
	t.Helper()
	arrived, release = make(chan string), make(chan struct{})
	api := new(store).api()
	api.Adapter = func(_ Settings, opts ...mcpadapter.Option) (*mcpadapter.Adapter, error) {
		client, err := shop.NewClientWithResponses("https://shop.example", shop.WithHTTPClient(doer(
			func(r *http.Request) (*http.Response, error) {
				select {
				case arrived <- api.Caller(r.Context()):
				case <-r.Context().Done():
					return nil, r.Context().Err()
				}
				select {
				case <-release:
				case <-r.Context().Done():
					return nil, r.Context().Err()
				}
				return &http.Response{
					StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
					Body: io.NopCloser(strings.NewReader(`{"id":"1"}`)),
				}, nil
			})))
		if err != nil {
			return nil, err
		}
		return mcpadapter.New(client, &shop.Operations, opts...)
	}
	p := newProgram(api, Process{Stderr: io.Discard})
	handler, err := p.httpHandler(flags{}, listening{auth: authSettings{auth: authPassthrough}, opts: opts}, p.logger(flags{}))
	if err != nil {
		t.Fatal(err)
	}
	return handler, arrived, release
}

type doer func(r *http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

// send sends a call with a key and returns the response once there is one.
func send(t *testing.T, handler http.Handler, key string) <-chan *httptest.ResponseRecorder {
	t.Helper()
	done := make(chan *httptest.ResponseRecorder, 1)
	r := request(t, strings.NewReader(callBody(1, "teas.list", `{}`)))
	r.Header.Set("X-Key", key)
	go func() {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		done <- w
	}()
	return done
}

// Keys that the API has not accepted share the turns of one caller, so that made-up ones take none from others.
func TestMadeUpKeysKeepNobodyOut(t *testing.T) {
	m := NewMetrics()
	synctest.Test(t, func(t *testing.T) {
		opts := HTTPOptions{Metrics: m, Admission: Admission{MaxCalls: 10, MaxCallerCalls: 2, MaxWaiting: 8}}
		handler, arrived, release := pipe(t, opts)
		first := send(t, handler, "good")
		<-arrived
		release <- struct{}{}
		if w := <-first; w.Code != http.StatusOK {
			t.Fatalf("got %d %s", w.Code, w.Body)
		}
		var flood []<-chan *httptest.ResponseRecorder
		for _, key := range []string{"1", "2", "3", "4", "5", "6"} { // two run, four wait
			flood = append(flood, send(t, handler, key))
			synctest.Wait()
		}
		refusedAs(t, "one more", <-send(t, handler, "7"), m, http.StatusTooManyRequests, refusedCallerBusy)
		<-arrived
		<-arrived
		good := send(t, handler, "good")
		if key := <-arrived; key != "good" {
			t.Errorf("got a request of %q, want that of the good caller", key)
		}
		close(release)
		if w := <-good; w.Code != http.StatusOK {
			t.Errorf("got %d %s", w.Code, w.Body)
		}
		for range len(flood) - 2 {
			<-arrived
		}
		for _, response := range flood {
			if w := <-response; w.Code != http.StatusOK {
				t.Errorf("got %d %s, want the calls that waited to be done", w.Code, w.Body)
			}
		}
	})
}

func TestACallWaitsForItsTurnAndNoLonger(t *testing.T) {
	m := NewMetrics()
	synctest.Test(t, func(t *testing.T) {
		opts := HTTPOptions{Metrics: m, Admission: Admission{MaxCalls: 1, Patience: 3 * time.Second}}
		handler, arrived, release := pipe(t, opts)
		first := send(t, handler, "a")
		<-arrived
		start := time.Now()
		refusedAs(t, "the second", <-send(t, handler, "b"), m, http.StatusServiceUnavailable, refusedBusy)
		if waited := time.Since(start); waited != 3*time.Second {
			t.Errorf("got the refusal after %v, want 3s", waited)
		}
		close(release)
		if w := <-first; w.Code != http.StatusOK {
			t.Errorf("got %d %s", w.Code, w.Body)
		}
	})
}

func TestTheRateOfACaller(t *testing.T) {
	m := NewMetrics()
	synctest.Test(t, func(t *testing.T) {
		opts := HTTPOptions{Metrics: m, Admission: Admission{Rate: 0.5, Burst: 2}}
		handler, arrived, release := pipe(t, opts)
		close(release)
		call := func(key string, want int) *httptest.ResponseRecorder {
			done := send(t, handler, key)
			if want == http.StatusOK {
				<-arrived
			}
			w := <-done
			if w.Code != want {
				t.Errorf("%s: got %d %s, want %d", key, w.Code, w.Body, want)
			}
			return w
		}
		call("a", http.StatusOK)
		call("a", http.StatusOK)
		w := call("a", http.StatusTooManyRequests)
		refusedAs(t, "the third", w, m, http.StatusTooManyRequests, refusedRate)
		if after := w.Header().Get("Retry-After"); after != "2" {
			t.Errorf("got Retry-After %s, want 2", after)
		}
		call("b", http.StatusOK)
		time.Sleep(2 * time.Second)
		call("a", http.StatusOK)
		call("a", http.StatusTooManyRequests)
	})
}

// A body is counted as it arrives: one that is announced and does not come costs little.
func TestBytesInFlightAreLimited(t *testing.T) {
	m := NewMetrics()
	synctest.Test(t, func(t *testing.T) {
		opts := HTTPOptions{Metrics: m, Admission: Admission{MaxBytes: 300 << 10}}
		handler, _, _ := pipe(t, opts)
		held := func() float64 {
			var text bytes.Buffer
			m.write(&text)
			return metricValue(t, text.String(), "mcp_request_bytes_held")
		}
		body, in := io.Pipe()
		defer func() { _ = in.Close() }()
		r := request(t, body)
		r.ContentLength = 250 << 10
		done := make(chan *httptest.ResponseRecorder, 1)
		go func() {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			done <- w
		}()
		synctest.Wait()
		if got := held(); got != firstBytes {
			t.Errorf("got %g bytes held for a body that is announced, want %d", got, firstBytes)
		}
		_, _ = in.Write([]byte(strings.Repeat(" ", 100<<10)))
		synctest.Wait()
		if got := held(); got != 256<<10 && got != 256<<10+1 {
			t.Errorf("got %g bytes held, want 256 KiB", got)
		}
		w := httptest.NewRecorder()
		second := request(t, strings.NewReader(callBody(1, "teas.list", `{}`)+strings.Repeat(" ", 100<<10)))
		handler.ServeHTTP(w, second)
		refusedAs(t, "the second", w, m, http.StatusServiceUnavailable, refusedBusy)
		_ = in.CloseWithError(errors.New("reset"))
		refusedAs(t, "the first", <-done, m, http.StatusBadRequest, refusedBroken)
		if got := held(); got != 0 {
			t.Errorf("got %g bytes held at the end, want none", got)
		}
	})
}

// Each refusal is JSON with a reason, and nothing is sent.
func TestRefusals(t *testing.T) {
	header := func(name string, values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = values }
	}
	body := func(text string) func(*http.Request) {
		return func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
		}
	}
	for name, c := range map[string]struct {
		change func(r *http.Request)
		status int
		reason refusalReason
	}{
		"a host":            {func(r *http.Request) { r.Host = "evil.example" }, 403, refusedHost},
		"an origin":         {header("Origin", "https://evil.example"), 403, refusedOrigin},
		"two keys":          {header("X-Key", "a", "b"), 400, refusedHeader},
		"an unknown header": {header("X-Mcp-Readonlyy", "true"), 400, refusedHeader},
		"two limits":        {header("X-Mcp-Confirm", "risky", "none"), 400, refusedHeader},
		"a limit":           {header("X-Mcp-Max-Result-Bytes", "-1"), 400, refusedHeader},
		"a policy":          {header("X-Mcp-Confirm", "sometimes"), 400, refusedHeader},
		"no credential":     {header("X-Key"), 401, refusedCredential},
		"an announced body": {func(r *http.Request) { r.ContentLength = 1 << 30 }, 413, refusedTooLarge},
		"depth":             {body(callBody(1, "teas.list", strings.Repeat("[", 99)+strings.Repeat("]", 99))), 413, refusedTooLarge},
		"a name twice":      {body(callBody(1, "teas.list", `{"a":1,"a":2}`)), 400, refusedDuplicate},
		"another case": {
			body(strings.Replace(callBody(1, "teas.list", `{}`), `"name"`, `"NAME":"teas.delete","name"`, 1)), 400, refusedDuplicate,
		},
	} {
		store := newStore(t)
		m := NewMetrics()
		w := httptest.NewRecorder()
		r := request(t, strings.NewReader(callBody(1, "teas.list", `{}`)))
		c.change(r)
		store.handler(t, HTTPOptions{Metrics: m}).ServeHTTP(w, r)
		refusedAs(t, name, w, m, c.status, c.reason)
		if n := store.requests.Load(); n != 0 {
			t.Errorf("%s: got %d requests on the wire, want none", name, n)
		}
	}
}

// Without a credential a client may look around, unless that is forbidden.
func TestRequestsWithoutACredential(t *testing.T) {
	for _, c := range []struct {
		body    string
		require bool
		want    int
	}{
		{initialize, false, 200}, {listTools, false, 200}, {callBody(1, "teas.list", `{}`), false, 401},
		{initialize, true, 401}, {listTools, true, 401}, {callBody(1, "teas.list", `{}`), true, 401},
	} {
		w := httptest.NewRecorder()
		r := request(t, strings.NewReader(c.body))
		r.Header.Del("X-Key")
		newStore(t).handler(t, HTTPOptions{RequireCredential: c.require}).ServeHTTP(w, r)
		if w.Code != c.want || (c.want == 401) != (w.Header().Get("WWW-Authenticate") == "Bearer") {
			t.Errorf("%.60s, required: %t: got %d %q, want %d", c.body, c.require, w.Code, w.Header(), c.want)
		}
	}
}

func TestLimitsThatMakeNoSense(t *testing.T) {
	for flag, limits := range map[string]Admission{
		maxRequestFlag: {MaxRequestBytes: -1}, maxBytesFlag: {MaxBytes: 1000}, maxCallsFlag: {MaxCalls: -1},
		maxCallerFlag: {MaxCallerCalls: -1}, maxWaitingFlag: {MaxWaiting: -1}, patienceFlag: {Patience: -1},
		rateFlag: {Rate: math.NaN()}, burstFlag: {Burst: -1},
	} {
		_, err := limits.withDefaults()
		if ExitCode(err) != ExitUsage || !strings.HasPrefix(err.Error(), "--"+flag+": invalid limit ") {
			t.Errorf("%+v: got %v, want a usage error about --%s", limits, err, flag)
		}
	}
	if _, err := (Admission{}).withDefaults(); err != nil {
		t.Errorf("got %v for the defaults", err)
	}
}

func TestAClientThatIsGoneHasNoTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1, 1, 1, time.Minute)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		leave, err := q.enter(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := q.enter(ctx, "b"); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the end of the context", err)
		}
		leave()
	})
}

package authkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
)

// device answers a device authorization, then polls by the given answers in turn, the last for ever. It records when
// each poll came.
type device struct {
	start  any
	polls  []httpmock.Responder
	times  []time.Time
	bodies []map[string]any
}

func (d *device) RoundTrip(req *http.Request) (*http.Response, error) {
	text, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	var body map[string]any
	if err := json.Unmarshal(text, &body); err != nil {
		return nil, err
	}
	d.bodies = append(d.bodies, body)
	if strings.HasSuffix(req.URL.Path, "/device") {
		return jsonAnswer(req, http.StatusOK, d.start), nil
	}
	if d.times = append(d.times, time.Now()); len(d.times) > 1000 {
		return nil, errors.New("polled without end")
	}
	return d.polls[min(len(d.times), len(d.polls))-1](req)
}

func poll(status int, answer any) httpmock.Responder {
	return func(req *http.Request) (*http.Response, error) { return jsonAnswer(req, status, answer), nil }
}

func pollError(code string) httpmock.Responder {
	return poll(http.StatusBadRequest, map[string]string{"error": code, "error_description": "text"})
}

func deviceCodes(changes map[string]any) map[string]any {
	all := map[string]any{
		"device_code": "device-secret", "user_code": "ABCD-EFGH", "verification_uri": "https://auth.example/device",
		"verification_uri_complete": "https://auth.example/device?user_code=ABCD-EFGH", "expires_in": 300, "interval": 5,
	}
	maps.Copy(all, changes)
	return all
}

func TestDeviceIsPolledUntilTheUserSignsIn(t *testing.T) {
	timeOut := func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded }
	for _, tt := range []struct {
		name  string
		start map[string]any
		polls []httpmock.Responder
		want  []int // seconds between polls
	}{
		{"at once", deviceCodes(nil), nil, []int{5}},
		{"pending", deviceCodes(nil), []httpmock.Responder{
			pollError("authorization_pending"), pollError("authorization_pending"), pollError("authorization_pending"),
		}, []int{5, 5, 5, 5}},
		{"slower", deviceCodes(nil), []httpmock.Responder{
			pollError("slow_down"), pollError("authorization_pending"), pollError("slow_down"),
		}, []int{5, 10, 10, 15}},
		{"the API's interval", deviceCodes(map[string]any{"interval": 1}), []httpmock.Responder{
			pollError("authorization_pending"),
		}, []int{1, 1}},
		{"no interval", deviceCodes(map[string]any{"interval": nil}), nil, []int{5}},
		{"an interval of 0", deviceCodes(map[string]any{"interval": 0}), nil, []int{1}},
		{"time-outs", deviceCodes(nil), []httpmock.Responder{timeOut, timeOut}, []int{5, 10, 20}},
		{"code in place of error", deviceCodes(nil), []httpmock.Responder{
			poll(http.StatusBadRequest, map[string]string{"code": "authorization_pending", "message": "text"}),
		}, []int{5, 5}},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := &device{start: tt.start, polls: append(tt.polls, poll(http.StatusOK, authentication()))}
			c := newClient(t, server)
			d, err := c.AuthorizeDevice(t.Context())
			if err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			if d.UserCode != "ABCD-EFGH" || d.VerificationURI != "https://auth.example/device" ||
				d.VerificationURIComplete != "https://auth.example/device?user_code=ABCD-EFGH" ||
				!d.ExpiresAt.Equal(time.Now().Add(5*time.Minute)) {
				t.Errorf("%s: got %+v", tt.name, d)
			}
			last := time.Now()
			session, err := c.WaitForDevice(t.Context(), d)
			if err != nil || session.AccessToken != "access" {
				t.Errorf("%s: got %v and %v, want a session", tt.name, session, err)
			}
			var gaps []int
			for _, at := range server.times {
				gaps, last = append(gaps, int(at.Sub(last)/time.Second)), at
			}
			if !slices.Equal(gaps, tt.want) {
				t.Errorf("%s: polled after %v seconds, want %v", tt.name, gaps, tt.want)
			}
			if got := server.bodies[1]; got["device_code"] != "device-secret" || got["client_id"] != testClientID {
				t.Errorf("%s: polled with %v", tt.name, got)
			}
		})
	}
}

func TestDeviceSignInEnds(t *testing.T) {
	refused := errors.New("connection refused")
	for _, tt := range []struct {
		name string
		poll httpmock.Responder
		want error
		took time.Duration

		answered bool // with an error
	}{
		{"denied", pollError("access_denied"), authkit.ErrDeviceDenied, 5 * time.Second, true},
		{"expired says the API", pollError("expired_token"), authkit.ErrDeviceExpired, 5 * time.Second, true},
		{"expired says the clock", pollError("authorization_pending"), authkit.ErrDeviceExpired, 5 * time.Minute, false},
		{"no connection", func(*http.Request) (*http.Response, error) { return nil, refused }, refused, 5 * time.Second,
			false},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := &device{start: deviceCodes(nil), polls: []httpmock.Responder{tt.poll}}
			c, start := newClient(t, server), time.Now()
			d, err := c.AuthorizeDevice(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			session, err := c.WaitForDevice(t.Context(), d)
			if session != nil || !errors.Is(err, tt.want) || time.Since(start) != tt.took {
				t.Errorf("%s: got %v and %v after %v, want %v after %v", tt.name, session, err, time.Since(start), tt.want,
					tt.took)
			}
			var failure *client.Error
			if errors.As(err, &failure) != tt.answered {
				t.Errorf("%s: got %v, want the API's error in it if it has one", tt.name, err)
			}
			wantHidden(t, tt.name, err, "device-secret")
		})
	}
}

func TestWaitingForADeviceEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &device{
			start: deviceCodes(nil),
			polls: []httpmock.Responder{pollError("authorization_pending")},
		}
		c := newClient(t, server)
		d, err := c.AuthorizeDevice(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
		defer cancel()
		start := time.Now()
		if _, err := c.WaitForDevice(ctx, d); !errors.Is(err, context.DeadlineExceeded) ||
			time.Since(start) != 12*time.Second || len(server.times) != 2 {
			t.Errorf("got %v after %v and %d polls, want the deadline after 12s and 2", err, time.Since(start),
				len(server.times))
		}
		// The user confirms later: the same authorization goes on.
		server.polls = []httpmock.Responder{poll(http.StatusOK, authentication())}
		if _, err := c.WaitForDevice(t.Context(), d); err != nil {
			t.Errorf("waiting again: %v", err)
		}
	})
}

func TestUnfitDeviceAuthorizations(t *testing.T) {
	for name, start := range map[string]any{
		"empty": map[string]any{}, "no code": deviceCodes(map[string]any{"device_code": ""}),
		"no page": deviceCodes(map[string]any{"verification_uri": ""}),
	} {
		if d, err := newClient(t, &device{start: start}).AuthorizeDevice(t.Context()); err == nil {
			t.Errorf("%s: got %v, want an error", name, d)
		}
	}
	for _, d := range []*authkit.DeviceAuthorization{nil, {}} {
		if _, err := newClient(t, offline()).WaitForDevice(t.Context(), d); err == nil {
			t.Error("waiting for no device: got no error")
		}
	}
	d, err := newClient(t, &device{start: deviceCodes(map[string]any{"expires_in": 1e300})}).AuthorizeDevice(t.Context())
	if err != nil || !d.ExpiresAt.After(time.Now()) {
		t.Errorf("a code for ever: got %v and %v, want one that expires late", d, err)
	}
	wantHidden(t, "authorization", d, "device-secret")
}

package authkit_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client/authkit"
)

func TestSecondsOfADeviceAreBounded(t *testing.T) {
	const year = 365 * 24 * time.Hour
	for _, tt := range []struct {
		interval, expires any
		wantInterval      time.Duration
		wantExpiry        time.Duration
	}{
		{nil, 300, 5 * time.Second, 5 * time.Minute},
		{0, 0, time.Second, 0},
		{-1, -1, time.Second, 0},
		{0.5, 0.5, time.Second, time.Second / 2},
		{1, 1, time.Second, time.Second},
		{1.5, 1.5, 1500 * time.Millisecond, 1500 * time.Millisecond},
		{7, 31_535_999, 7 * time.Second, year - time.Second},
		{31_536_000, 31_536_000, year, year},
		{31_536_001, 31_536_001, year, year},
		{1e300, 1e300, year, year},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := deviceCodes(map[string]any{"interval": tt.interval, "expires_in": tt.expires})
			d, err := newClient(t, &device{start: start}).AuthorizeDevice(t.Context())
			if err != nil || d.Interval != tt.wantInterval || time.Until(d.ExpiresAt) != tt.wantExpiry {
				t.Errorf("%v and %v: got %+v and %v, want %v and %v", tt.interval, tt.expires, d, err, tt.wantInterval,
					tt.wantExpiry)
			}
		})
	}
	for _, name := range []string{"device_code", "user_code", "verification_uri"} {
		d, err := newClient(t, &device{start: deviceCodes(map[string]any{name: ""})}).AuthorizeDevice(t.Context())
		want := "workos/authkit: authorize device: response lacks a code or a verification URI"
		if d != nil || err == nil || err.Error() != want {
			t.Errorf("without %s: got %v and %v, want %s", name, d, err, want)
		}
	}
	start := deviceCodes(map[string]any{"verification_uri_complete": nil})
	if d, err := newClient(t, &device{start: start}).AuthorizeDevice(t.Context()); err != nil ||
		d.VerificationURIComplete != "" || d.DeviceCode != "device-secret" {
		t.Errorf("without a complete page: got %+v and %v", d, err)
	}
	refused := roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("down") })
	if d, err := newClient(t, refused).AuthorizeDevice(t.Context()); d != nil || err == nil {
		t.Errorf("no connection: got %v and %v, want an error", d, err)
	}
}

// Each response to a poll, and how long the next one waits: 0 ends the wait.
func TestPollsGoOnAfterWhatMayPass(t *testing.T) {
	status := func(status int, code string) httpmock.Responder {
		return poll(status, map[string]string{"error": code})
	}
	fail := func(err error) httpmock.Responder {
		return func(*http.Request) (*http.Response, error) { return nil, err }
	}
	for _, tt := range []struct {
		name string
		poll httpmock.Responder
		next time.Duration
		want error
	}{
		{"pending", status(400, "authorization_pending"), 5 * time.Second, nil},
		{"pending with another status", status(403, "authorization_pending"), 5 * time.Second, nil},
		{"slow down", status(400, "slow_down"), 10 * time.Second, nil},
		{"too many", status(429, ""), 10 * time.Second, nil},
		{"500", status(500, ""), 10 * time.Second, nil}, {"501", status(501, ""), 10 * time.Second, nil},
		{"503", status(503, ""), 10 * time.Second, nil}, {"599", status(599, ""), 10 * time.Second, nil},
		{"499", status(499, ""), 0, nil}, {"428", status(428, ""), 0, nil}, {"430", status(430, ""), 0, nil},
		{"400", status(400, ""), 0, nil}, {"401", status(401, "invalid_client"), 0, nil},
		{"denied", status(400, "access_denied"), 0, authkit.ErrDeviceDenied},
		{"expired", status(400, "expired_token"), 0, authkit.ErrDeviceExpired},
		{"a timeout", fail(context.DeadlineExceeded), 10 * time.Second, nil},
		{"no connection", fail(errors.New("down")), 0, nil},
		{"cancelled", fail(context.Canceled), 0, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := &device{start: deviceCodes(nil), polls: []httpmock.Responder{
				tt.poll, poll(http.StatusOK, authentication()),
			}}
			c, start := newClient(t, server), time.Now()
			d, err := c.AuthorizeDevice(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			session, err := c.WaitForDevice(t.Context(), d)
			if tt.next > 0 {
				if err != nil || session.AccessToken != "access" || time.Since(start) != 5*time.Second+tt.next {
					t.Errorf("%s: got %v and %v after %v, want a session %v after the first poll", tt.name, session, err,
						time.Since(start), tt.next)
				}
				return
			}
			if session != nil || err == nil || len(server.times) != 1 || time.Since(start) != 5*time.Second ||
				tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("%s: got %v and %v after %d polls, want %v after one", tt.name, session, err, len(server.times), tt.want)
			}
			for _, other := range []error{authkit.ErrDeviceDenied, authkit.ErrDeviceExpired} {
				if !errors.Is(tt.want, other) && errors.Is(err, other) {
					t.Errorf("%s: got %v, want it not to be %v", tt.name, err, other)
				}
			}
		})
	}
}

// A code that expires before the next poll ends the wait at its end, without that poll.
func TestWaitEndsWithTheCode(t *testing.T) {
	for _, tt := range []struct {
		expires, interval time.Duration
		polls             int
	}{
		{-time.Second, 5 * time.Second, 0}, {0, 5 * time.Second, 0}, {1, 5 * time.Second, 0},
		{5*time.Second - 1, 5 * time.Second, 0}, {5 * time.Second, 5 * time.Second, 0},
		{5*time.Second + 1, 5 * time.Second, 1}, {10 * time.Second, 5 * time.Second, 1},
		{10*time.Second + 1, 5 * time.Second, 2}, {3 * time.Second, 0, 2}, {3*time.Second + 1, -1, 3},
		{3*time.Second + 1, time.Second - 1, 3}, {3*time.Second + 1, time.Second + 1, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := &device{polls: []httpmock.Responder{pollError("authorization_pending")}}
			start := time.Now()
			session, err := newClient(t, server).WaitForDevice(t.Context(), &authkit.DeviceAuthorization{
				DeviceCode: "d", ExpiresAt: start.Add(tt.expires), Interval: tt.interval,
			})
			want := "workos/authkit: wait for device: device code expired"
			if session != nil || !errors.Is(err, authkit.ErrDeviceExpired) || err.Error() != want ||
				len(server.times) != tt.polls || time.Since(start) != max(0, tt.expires) {
				t.Errorf("%+v: got %v and %v after %v and %d polls", tt, session, err, time.Since(start), len(server.times))
			}
		})
	}
}

func TestWaitForNoDeviceSendsNothing(t *testing.T) {
	server := &wire{}
	for _, d := range []*authkit.DeviceAuthorization{nil, {}, {UserCode: "A", ExpiresAt: time.Now().Add(time.Hour)}} {
		session, err := newClient(t, server).WaitForDevice(t.Context(), d)
		if want := "workos/authkit: wait for device: no device code"; session != nil || err == nil || err.Error() != want {
			t.Errorf("%v: got %v and %v, want %s", d, session, err, want)
		}
	}
	if sent := server.requests(); len(sent) != 0 {
		t.Errorf("sent %v, want nothing", sent)
	}
}

func TestDevicePrintsWhatTheUserMaySee(t *testing.T) {
	d := authkit.DeviceAuthorization{
		DeviceCode: "secret", UserCode: "ABCD", VerificationURI: "https://a.example", ExpiresAt: time.Unix(0, 0).UTC(),
	}
	want := "DeviceAuthorization{DeviceCode: [redacted], UserCode: ABCD, VerificationURI: https://a.example, " +
		"ExpiresAt: 1970-01-01T00:00:00Z}"
	if d.String() != want || d.GoString() != want || fmt.Sprintf("%v", d) != want {
		t.Errorf("got %s and %s, want %s", d, d.GoString(), want)
	}
	logged := "[device_code=[redacted] user_code=ABCD verification_uri=https://a.example " +
		"expires_at=1970-01-01 00:00:00 +0000 UTC]"
	if got := d.LogValue().String(); got != logged {
		t.Errorf("log: got %s, want %s", got, logged)
	}
}

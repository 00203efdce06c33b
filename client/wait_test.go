package client_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
)

func TestWaitPollsUntilTheEnd(t *testing.T) {
	for _, tt := range []struct {
		name   string
		states []string
		took   time.Duration
		err    error
	}{
		{"at once", []string{"ready"}, 0, nil},
		{"later", []string{"pending", "pending", "ready"}, 3 * time.Second, nil},
		{"much later", []string{"pending", "pending", "pending", "pending", "pending", "pending", "ready"},
			(1 + 2 + 4 + 8 + 15 + 15) * time.Second, nil},
		{"failed", []string{"pending", "error"}, time.Second, client.ErrUnexpectedState},
		{"expired", []string{"expired"}, 0, client.ErrUnexpectedState},
		{"unknown", []string{"paused"}, 0, client.ErrUnexpectedState},
	} {
		synctest.Test(t, func(t *testing.T) {
			n := 0
			w := newWire(func(req *http.Request) (*http.Response, error) {
				n++
				return respondJSON(http.StatusOK, `{"id": "export_01", "state": "`+tt.states[n-1]+`"}`)(req)
			})
			start := time.Now()
			got, err := newClient(t, testKey, w.option()).AuditLogs.Exports.Wait(t.Context(), "export_01")
			if !errors.Is(err, tt.err) || got == nil || string(got.State) != tt.states[len(tt.states)-1] ||
				n != len(tt.states) || time.Since(start) != tt.took {
				t.Errorf("%s: got %+v and %v after %d requests and %s, want %v after %s", tt.name, got, err, n,
					time.Since(start), tt.err, tt.took)
			}
		})
	}
}

func TestWaitEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(respondJSON(http.StatusOK, `{"id": "export_01", "state": "pending"}`))
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		got, err := newClient(t, testKey, w.option()).AuditLogs.Exports.Wait(ctx, "export_01")
		if !errors.Is(err, context.DeadlineExceeded) || got == nil || len(w.sent) != 2 {
			t.Errorf("got %+v, %v and %d requests, want the export, the deadline and 2", got, err, len(w.sent))
		}
	})
}

func TestWaitEndsWithAnError(t *testing.T) {
	w := newWire(respondJSON(http.StatusNotFound, `{}`))
	c := newClient(t, testKey, w.option())
	if _, err := c.AuditLogs.Exports.Wait(t.Context(), "export_01"); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("export: got %v, want ErrNotFound", err)
	}
	if _, err := c.OrganizationDomains.Wait(t.Context(), "domain_01"); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("domain: got %v, want ErrNotFound", err)
	}
}

func TestWaitForADomain(t *testing.T) {
	for state, want := range map[string]error{
		`"verified"`: nil, `"legacy_verified"`: nil, `"failed"`: client.ErrUnexpectedState,
		`"unverified"`: client.ErrUnexpectedState, `null`: client.ErrUnexpectedState,
	} {
		w := newWire(respondJSON(http.StatusOK, `{"id": "domain_01", "state": `+state+`}`))
		got, err := newClient(t, testKey, w.option()).OrganizationDomains.Wait(t.Context(), "domain_01")
		if !errors.Is(err, want) || got == nil || got.ID != "domain_01" {
			t.Errorf("%s: got %+v and %v, want %v", state, got, err, want)
		}
	}
}

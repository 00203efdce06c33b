package client_test

import (
	"maps"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
)

func TestRateLimitIsReadInEachForm(t *testing.T) {
	const year = 365 * 24 * 60 * 60
	for _, tt := range []struct {
		header           http.Header
		limit, remaining int
		reset            string // "" for none
	}{
		{http.Header{}, 0, 0, ""},
		{http.Header{"Ratelimit-Limit": {"100, 100;w=60"}, "Ratelimit-Remaining": {"7"}, "Ratelimit-Reset": {"30"}}, 100, 7,
			"2000-01-01T00:00:30Z"},
		{http.Header{"X-Ratelimit-Limit": {" 100 "}, "X-Ratelimit-Remaining": {"7"}, "X-Ratelimit-Reset": {"30"}}, 100, 7,
			"2000-01-01T00:00:30Z"},
		{http.Header{"Ratelimit-Limit": {"1"}, "X-Ratelimit-Limit": {"2"}}, 1, 0, ""},
		{http.Header{"Ratelimit-Limit": {"0"}, "X-Ratelimit-Limit": {"2"}}, 0, 0, ""},
		{http.Header{"Ratelimit-Limit": {"-1"}, "X-Ratelimit-Limit": {"2"}}, 2, 0, ""},
		{http.Header{"Ratelimit-Limit": {"many"}, "X-Ratelimit-Limit": {"2"}}, 2, 0, ""},
		{http.Header{"X-Ratelimit-Limit": {"many"}, "X-Ratelimit-Remaining": {"-1"}, "X-Ratelimit-Reset": {"soon"}}, 0, 0,
			""},
		{http.Header{"Ratelimit-Limit": {"99999999999999999999"}}, 0, 0, ""},
		{http.Header{"Ratelimit-Reset": {"0"}}, 0, 0, "2000-01-01T00:00:00Z"},
		{http.Header{"Ratelimit-Reset": {strconv.Itoa(year)}}, 0, 0, "2000-12-31T00:00:00Z"},
		{http.Header{"Ratelimit-Reset": {strconv.Itoa(year + 1)}}, 0, 0, "1971-01-01T00:00:01Z"},
		{http.Header{"Ratelimit-Reset": {"1893456000"}}, 0, 0, "2030-01-01T00:00:00Z"},
	} {
		for _, status := range []int{http.StatusOK, http.StatusTooManyRequests} {
			synctest.Test(t, func(t *testing.T) { // whose clock begins at midnight UTC 2000-01-01
				var got client.Response
				_, _ = replying(t, func() *http.Response {
					resp := byHand(status, anOrg)
					maps.Copy(resp.Header, tt.header)
					return resp
				}).Organizations.Get(t.Context(), "org_01", client.WithResponse(&got))
				reset := ""
				if !got.RateLimit.Reset.IsZero() {
					reset = got.RateLimit.Reset.UTC().Format(time.RFC3339)
				}
				if got.RateLimit.Limit != tt.limit || got.RateLimit.Remaining != tt.remaining || reset != tt.reset {
					t.Errorf("%d with %v: got %+v, want %d, %d, %q", status, tt.header, got.RateLimit, tt.limit, tt.remaining,
						tt.reset)
				}
			})
		}
	}
}

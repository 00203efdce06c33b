package client_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// These benchmarks compare calls with the plain net/http and encoding/json that they stand for, on one loopback server.
// Besides each one's time and allocations they print the ratio of the two, of exchanges that take turns, so that a
// noisy machine disturbs both alike:
//
//	go test ./client -run xxx -bench 'Get|List|Create'

func BenchmarkGet(b *testing.B) {
	base := serveJSON(b, anOrg)
	c := newClient(b, testKey, client.WithBaseURL(base))
	compare(b, func() {
		plain(b, http.MethodGet, base+"/organizations/org_01", nil, new(gen.Organization))
	}, func() {
		if _, err := c.Organizations.Get(b.Context(), "org_01"); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkList100Organizations(b *testing.B) {
	base := serveJSON(b, hundred(fullOrg))
	c := newClient(b, testKey, client.WithBaseURL(base))
	limit := 100
	compare(b, func() {
		plain(b, http.MethodGet, base+"/organizations?limit=100", nil, new(gen.OrganizationList))
	}, func() {
		if _, err := c.Organizations.List(b.Context(), &gen.OrganizationsListParams{Limit: &limit}); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkList100Users(b *testing.B) {
	base := serveJSON(b, hundred(aUser))
	c := newClient(b, testKey, client.WithBaseURL(base))
	limit := 100
	compare(b, func() {
		plain(b, http.MethodGet, base+"/user_management/users?limit=100", nil, new(gen.UserList))
	}, func() {
		if _, err := c.UserManagement.Users.List(b.Context(), &gen.UserManagementUsersListParams{Limit: &limit}); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkCreate(b *testing.B) {
	base := serveJSON(b, anOrg)
	c := newClient(b, testKey, client.WithBaseURL(base))
	body := gen.CreateOrganization{Name: "Acme"}
	compare(b, func() {
		plain(b, http.MethodPost, base+"/organizations", body, new(gen.Organization))
	}, func() {
		if _, err := c.Organizations.Create(b.Context(), body); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.New(testKey); err != nil {
			b.Fatal(err)
		}
	}
}

// compare measures the plain exchange, the SDK's, and their ratio: of the medians of both, taking turns.
func compare(b *testing.B, plain, sdk func()) {
	b.Helper()
	for name, exchange := range map[string]func(){"net/http": plain, "client": sdk} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				exchange()
			}
		})
	}
	b.Run("ratio", func(b *testing.B) {
		var times [2][]time.Duration
		for b.Loop() {
			for i, exchange := range []func(){plain, sdk} {
				start := time.Now()
				exchange()
				times[i] = append(times[i], time.Since(start))
			}
		}
		b.ReportMetric(float64(median(times[1]))/float64(median(times[0])), "client/net-http")
	})
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// plain is what a program without an SDK does for the same result.
func plain(b *testing.B, method, url string, body, into any) {
	b.Helper()
	try := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		try(err)
		reader = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(b.Context(), method, url, reader)
	try(err)
	req.Header.Set("Authorization", "Bearer "+testKey)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	try(err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	try(err)
	try(json.Unmarshal(text, into))
}

func serveJSON(b *testing.B, body string) string {
	b.Helper()
	return serve(b, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	})
}

const (
	fullOrg = `{"object":"organization","id":"org_%d","name":"Acme","domains":[{"object":"organization_domain",` +
		`"id":"org_domain_01","organization_id":"org_01","domain":"acme.example","state":"verified",` +
		`"verification_strategy":"dns","created_at":"2026-01-02T03:04:05.678Z","updated_at":"2026-01-02T03:04:05.678Z"}],` +
		`"metadata":{},"external_id":null,"created_at":"2026-01-02T03:04:05.678Z","updated_at":"2026-01-02T03:04:05.678Z"}`
	aUser = `{"object":"user","id":"user_%d","email":"ada@example.com","first_name":"Ada","last_name":"Lovelace",` +
		`"name":"Ada Lovelace","email_verified":true,"profile_picture_url":null,` +
		`"last_sign_in_at":"2026-01-02T03:04:05.678Z","metadata":{},"external_id":null,"locale":"en-GB",` +
		`"created_at":"2026-01-02T03:04:05.678Z","updated_at":"2026-01-02T03:04:05.678Z"}`
)

func hundred(entry string) string {
	list := make([]string, 100)
	for i := range list {
		list[i] = fmt.Sprintf(entry, i)
	}
	return `{"object":"list","data":[` + strings.Join(list, ",") + `],"list_metadata":{"before":null,"after":"org_99"}}`
}

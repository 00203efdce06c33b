package client_test

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// BenchmarkGet compares a call with the plain HTTP exchange and decoding that it stands for, on one loopback server.
func BenchmarkGet(b *testing.B) {
	base := serve(b, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, anOrg)
	})
	b.Run("net/http", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			plainGet(b, base+"/organizations/org_01")
		}
	})
	b.Run("client", func(b *testing.B) {
		c := newClient(b, testKey, client.WithBaseURL(base))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Organizations.Get(b.Context(), "org_01"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func plainGet(b *testing.B, url string) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+testKey)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Fatal(err)
	}
	var organization gen.Organization
	if err := json.Unmarshal(body, &organization); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.New(testKey); err != nil {
			b.Fatal(err)
		}
	}
}

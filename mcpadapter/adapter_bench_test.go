package mcpadapter_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// BenchmarkNew derives all tools of the shop.
func BenchmarkNew(b *testing.B) {
	client, err := shop.NewClient("https://tea.example")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := mcpadapter.New(client, &shop.Operations); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(shop.Operations.Operations)), "tools")
}

// BenchmarkInvoke compares a call of a tool with the plain HTTP round trip that it makes, on one server.
func BenchmarkInvoke(b *testing.B) {
	const answered = `{"id":"tea_1","name":"Oolong","stock":9007199254740993}`
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answered)
	}))
	b.Cleanup(listener.Close)
	for _, c := range []struct{ name, tool, method, path, arguments, body string }{
		{"get", "getTea", http.MethodGet, "/teas/tea_1", `{"tea_id":"tea_1"}`, ""},
		{
			"create", "teas.create", http.MethodPost, "/teas",
			`{"name":"Oolong","stock":9007199254740993,"tags":["a"],"supplier":{"name":"x"},"note":null}`,
			`{"name":"Oolong","note":null,"stock":9007199254740993,"supplier":{"name":"x"},"tags":["a"]}`,
		},
	} {
		b.Run(c.name, func(b *testing.B) {
			tool := shoptest.Tool(b, shoptest.AdapterFor(b, listener.URL, listener.Client()), c.tool)
			var invoked, plain time.Duration
			for b.Loop() { // in turns, so that both see the same machine
				start := time.Now()
				if r := tool.Invoke(b.Context(), json.RawMessage(c.arguments)); string(r.JSON) != answered {
					b.Fatal(r.Text())
				}
				between := time.Now()
				roundTrip(b, listener, c.method, c.path, c.body)
				invoked += between.Sub(start)
				plain += time.Since(between)
			}
			b.ReportMetric(float64(invoked.Nanoseconds())/float64(b.N), "ns/op")
			b.ReportMetric(float64(plain.Nanoseconds())/float64(b.N), "http-ns/op")
			b.ReportMetric(float64(invoked)/float64(plain), "invoke/http")
		})
	}
}

func roundTrip(b *testing.B, listener *httptest.Server, method, path, body string) {
	b.Helper()
	request, err := http.NewRequestWithContext(b.Context(), method, listener.URL+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	response, err := listener.Client().Do(request)
	if err != nil {
		b.Fatal(err)
	}
	if _, err = io.ReadAll(response.Body); err != nil {
		b.Fatal(err)
	}
	_ = response.Body.Close()
}

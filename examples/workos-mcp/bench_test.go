package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

// BenchmarkFirstList measures from the start of the process to the last byte of the first tools/list over stdio. The
// metric process-ms is a start that only prints the version: what the operating system and the runtime take.
func BenchmarkFirstList(b *testing.B) {
	program := filepath.Join(b.TempDir(), "workos-mcp")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	input := initialize + "\n" + `{"jsonrpc":"2.0","id":1,"method":"tools/list"}` + "\n"
	var list, process time.Duration
	for b.Loop() {
		began := time.Now()
		if err := exec.CommandContext(b.Context(), program, "version").Run(); err != nil {
			b.Fatal(err)
		}
		process += time.Since(began)
		list += firstList(b, program, input)
	}
	b.ReportMetric(float64(list.Microseconds())/1000/float64(b.N), "list-ms")
	b.ReportMetric(float64(process.Microseconds())/1000/float64(b.N), "process-ms")
	b.ReportMetric(0, "ns/op") // both together say nothing
}

func firstList(b *testing.B, program, input string) time.Duration {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), program, "stdio", "--log-level", "error")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	if _, err := io.WriteString(stdin, input); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewReaderSize(stdout, 1<<20)
	var line []byte
	for range 2 {
		if line, err = lines.ReadBytes('\n'); err != nil {
			b.Fatal(err)
		}
	}
	took := time.Since(began)
	var m struct {
		Result struct{ Tools []json.RawMessage }
	}
	if err := json.Unmarshal(line, &m); err != nil || len(m.Result.Tools) != 263 {
		b.Fatalf("got %d tools (%v), want 263", len(m.Result.Tools), err)
	}
	_ = stdin.Close()
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	return took
}

const organization = `{"object":"organization","id":"org_01","name":"Acme","domains":[],"metadata":{},` +
	`"external_id":null,"created_at":"2026-01-31T12:00:00.000Z","updated_at":"2026-01-31T12:00:00.000Z"}`

// BenchmarkCall sets a tool call, with its checks, its way through the typed client and its answer, beside the same GET
// by plain net/http and encoding/json, one after the other on one loopback server. The metric x-plain is their ratio.
func BenchmarkCall(b *testing.B) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, organization)
	}))
	defer s.Close()
	adapter, err := new(backend).adapter(serve.Settings{Getenv: func(name string) string {
		return map[string]string{"WORKOS_BASE_URL": s.URL}[name]
	}}, mcpadapter.WithTerseSchemas(), mcpadapter.WithShapingArguments())
	if err != nil {
		b.Fatal(err)
	}
	tool, err := adapter.Tool("organizations.get")
	if err != nil {
		b.Fatal(err)
	}
	ctx := client.WithCredentials(b.Context(), client.Credentials{APIKey: "sk_test_1"})
	var plain, called time.Duration
	for b.Loop() {
		began := time.Now()
		plainGet(b, s.URL+"/organizations/org_01")
		middle := time.Now()
		if r := tool.Invoke(ctx, []byte(`{"id":"org_01"}`)); r.Failure != nil {
			b.Fatal(r.Text())
		}
		plain, called = plain+middle.Sub(began), called+time.Since(middle)
	}
	b.ReportMetric(float64(called)/float64(plain), "x-plain")
	b.ReportMetric(float64(called.Microseconds())/float64(b.N), "µs/call")
	b.ReportMetric(float64(plain.Microseconds())/float64(b.N), "µs/plain")
	b.ReportMetric(0, "ns/op")
}

func plainGet(b *testing.B, url string) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer sk_test_1")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(bytes.TrimSpace(body), &v); err != nil {
		b.Fatal(err)
	}
}

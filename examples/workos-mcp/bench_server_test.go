package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkServer runs the program beside the least server that mcp-go allows (testdata/minimal) and plain net/http, in
// turns on one stub of the API, and prints a table:
//
//	go test ./examples/workos-mcp -run '^$' -bench Server -benchtime 1x
//
// A call is organizations.get from a client in another process to the end of its response. Start is from the start of
// the process to the end of the first tools/list. RSS is VmRSS after all calls over stdio.
func BenchmarkServer(b *testing.B) {
	stub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, organization)
	}))
	defer stub.Close()
	dir := b.TempDir()
	build := func(name, from string) string {
		program := filepath.Join(dir, name)
		out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, from).CombinedOutput()
		if err != nil {
			b.Fatalf("%v: %s", err, out)
		}
		return program
	}
	ours, minimal := build("workos-mcp", "."), build("minimal", "./testdata/minimal")
	env := append(os.Environ(), "WORKOS_BASE_URL="+stub.URL, "WORKOS_API_KEY=sk_test_1")
	for b.Loop() {
		contestants := []*contestant{
			{name: "net/http", call: plainCaller(stub.URL)},
			{name: "minimal, stdio", call: stdioCaller(b, env, minimal)},
			{name: "workos-mcp, stdio", call: stdioCaller(b, env, ours, "stdio")},
			{name: "minimal, HTTP", call: httpCaller(b, env, minimal, "http")},
			{name: "workos-mcp, HTTP", call: httpCaller(b, env, ours, "http", "--addr", "127.0.0.1:0")},
		}
		for range rounds {
			for range soloCalls { // in turns, so that all meet the same load
				for _, c := range contestants {
					c.once(b)
				}
			}
			for _, c := range contestants {
				c.atOnce(b)
			}
		}
		var table strings.Builder
		fmt.Fprintf(&table, "\n%-20s %10s %8s %12s %8s\n", "", "p50 of 1", "ratio", "calls/s of 8", "ratio")
		for i, c := range contestants {
			compared := contestants[max(0, (i-1)/2*2+1)] // the minimal server over the same transport
			if i == 0 {
				compared = c
			}
			fmt.Fprintf(&table, "%-20s %7d µs %8.2f %12.0f %8.2f\n", c.name, c.median().Microseconds(),
				float64(c.median())/float64(compared.median()), c.rate(), c.rate()/compared.rate())
		}
		var list, version []time.Duration
		for range rounds {
			began := time.Now()
			if err := exec.CommandContext(b.Context(), ours, "version").Run(); err != nil {
				b.Fatal(err)
			}
			version = append(version, time.Since(began))
			list = append(list, firstList(b, ours, initialize+"\n"+listTools+"\n"))
		}
		fmt.Fprintf(&table, "start to first list %.1f ms, to the version %.1f ms; RSS after %d calls over stdio %s\n",
			ms(middle(list)), ms(middle(version)), rounds*(soloCalls+sharedCalls), rss(b, contestants[2].call))
		fmt.Fprint(os.Stdout, table.String())
	}
	b.ReportMetric(0, "ns/op")
}

// Calls to each server in one round: one after the other, and by several callers at once.
const (
	rounds      = 20
	soloCalls   = 150
	sharedCalls = 500
	callers     = 8
)

// contestant is a server with what its calls took.
type contestant struct {
	name   string
	call   caller
	solo   []time.Duration
	shared time.Duration
	calls  int
}

// caller makes one call; it is safe for concurrent use.
type caller struct {
	do  func() error
	pid int
}

// once measures one call.
func (c *contestant) once(b *testing.B) {
	b.Helper()
	began := time.Now()
	if err := c.call.do(); err != nil {
		b.Fatalf("%s: %v", c.name, err)
	}
	c.solo = append(c.solo, time.Since(began))
}

// atOnce measures the calls of several callers together.
func (c *contestant) atOnce(b *testing.B) {
	b.Helper()
	var left atomic.Int64
	left.Store(sharedCalls)
	var group sync.WaitGroup
	began := time.Now()
	for range callers {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				if err := c.call.do(); err != nil {
					b.Errorf("%s: %v", c.name, err)
				}
			}
		})
	}
	group.Wait()
	c.shared += time.Since(began)
	c.calls += sharedCalls
}

func (c *contestant) median() time.Duration { return middle(c.solo) }

func (c *contestant) rate() float64 { return float64(c.calls) / c.shared.Seconds() }

func middle(list []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func plainCaller(url string) caller {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}
	return caller{do: func() error {
		return exchange(client, http.MethodGet, url+"/organizations/org_01", nil)
	}}
}

// exchange makes a request and checks that the response has the organization.
func exchange(client *http.Client, method, url string, body io.Reader) error {
	r, err := http.NewRequestWithContext(context.Background(), method, url, body)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer sk_test_1")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err == nil && !bytes.Contains(text, []byte("Acme")) {
		err = fmt.Errorf("got %s", text)
	}
	return err
}

func httpCaller(b *testing.B, env []string, program string, args ...string) caller {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), program, args...)
	cmd.Env = env
	stderr, err := cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	var url string
	for at := regexp.MustCompile(`url=(\S+)`); url == "" && lines.Scan(); {
		if found := at.FindStringSubmatch(lines.Text()); found != nil {
			url = found[1]
		}
	}
	go func() { _, _ = io.Copy(io.Discard, stderr) }()
	b.Cleanup(func() { _, _ = cmd.Process.Kill(), cmd.Wait() })
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}
	body := callBody(1, "organizations.get", `{"id":"org_01"}`)
	return caller{pid: cmd.Process.Pid, do: func() error {
		return exchange(client, http.MethodPost, url, strings.NewReader(body))
	}}
}

func stdioCaller(b *testing.B, env []string, program string, args ...string) caller {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), program, args...)
	cmd.Env = env
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _, _ = in.Close(), cmd.Wait() })
	lines := bufio.NewReaderSize(out, 1<<20)
	if _, err = io.WriteString(in, initialize+"\n"+listTools+"\n"); err == nil {
		_, err = lines.ReadBytes('\n')
	}
	if err == nil {
		_, err = lines.ReadBytes('\n')
	}
	if err != nil {
		b.Fatal(err)
	}
	var last atomic.Int64
	last.Store(1)
	var waiting sync.Map // channels by ID
	go func() {
		for {
			line, err := lines.ReadBytes('\n')
			if err != nil {
				return
			}
			text, _, _ := strings.Cut(strings.TrimPrefix(string(line), `{"jsonrpc":"2.0","id":`), ",")
			if response, ok := waiting.LoadAndDelete(text); ok {
				response.(chan []byte) <- line //nolint:forcetypeassert // nothing else is stored
			}
		}
	}()
	return caller{pid: cmd.Process.Pid, do: func() error {
		id := last.Add(1)
		response := make(chan []byte, 1)
		waiting.Store(strconv.FormatInt(id, 10), response)
		if _, err := io.WriteString(in, callBody(int(id), "organizations.get", `{"id":"org_01"}`)+"\n"); err != nil {
			return err
		}
		if line := <-response; !bytes.Contains(line, []byte("Acme")) {
			return fmt.Errorf("got %s", line)
		}
		return nil
	}}
}

// rss returns the memory of a process that is resident, where the system tells.
func rss(b *testing.B, c caller) string {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.pid))
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(status)) {
		if kib, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(kib), " kB"), 64)
			if err != nil {
				b.Fatal(err)
			}
			return fmt.Sprintf("%.1f MiB", n/1024)
		}
	}
	return "unknown"
}

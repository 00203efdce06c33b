package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"
)

// abuseOptions say which abuses are measured, and how long.
type abuseOptions struct {
	time       time.Duration
	only, page string
}

// Limits that the table is held to.
const (
	wantedMemory  = 256.0 // MiB
	wantedLatency = 250 * time.Millisecond
)

// outcome is what an abuse did.
type outcome struct {
	abuse

	answers  map[string]int
	peak     float64 // MiB
	good     sample
	failures []error // of the good client
}

// measureAbuses measures one process through all abuses, one after the other.
func measureAbuses(ctx context.Context, out io.Writer, o abuseOptions) error {
	dir, err := os.MkdirTemp("", "loadtest")
	if err != nil {
		return fmt.Errorf("make a directory: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program, err := build(ctx, dir, "examples/workos-mcp")
	if err != nil {
		return err
	}
	api, err := startStub(ctx)
	if err != nil {
		return err
	}
	defer api.end()
	server, err := startHTTP(ctx, dir, []string{"WORKOS_BASE_URL=" + api.url}, program, "http", "--addr", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer server.end()
	var table []outcome
	for _, a := range abuses() {
		if !strings.Contains(a.name, o.only) {
			continue
		}
		got, err := measure(ctx, server, a, o.time)
		if err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
		table = append(table, got)
		fmt.Fprint(out, got.row())
		for _, err := range got.failures[:min(len(got.failures), 3)] {
			fmt.Fprintln(out, "  good client:", err)
		}
	}
	if o.page != "" {
		if err := writePage(o.page, o.time, table); err != nil {
			return err
		}
	}
	return judge(table)
}

// measure has an abuser at work for a time, and good clients beside it.
func measure(ctx context.Context, server *process, a abuse, last time.Duration) (outcome, error) {
	got := outcome{abuse: a}
	if err := server.resetPeak(); err != nil {
		return got, err
	}
	good := newGoodClient(server.url)
	if err := good.call(ctx); err != nil { // the API accepts its key, as it has done before
		return got, err
	}
	abuser, err := role(ctx, abuserRole, server.url, a.name)
	if err != nil {
		return got, err
	}
	within, stop := context.WithTimeout(ctx, last)
	got.good, got.failures = good.run(within)
	stop()
	_ = abuser.in.Close()
	err = json.NewDecoder(abuser.out).Decode(&got.answers)
	if err = errors.Join(err, abuser.Wait()); err != nil {
		return got, fmt.Errorf("the abuser: %w", err)
	}
	got.peak, err = server.memory("VmHWM")
	return got, err
}

// goodClient makes calls one after the other, with a pause between them, as two callers.
type goodClient struct {
	do caller
}

const (
	goodCallers = 2
	goodPause   = 5 * time.Millisecond
)

func newGoodClient(url string) *goodClient { return &goodClient{httpCaller(url, goodCallers)} }

func (g *goodClient) call(ctx context.Context) error {
	failed := make([]error, 0, goodCallers)
	for who := range goodCallers {
		failed = append(failed, g.do(ctx, who))
	}
	return errors.Join(failed...)
}

// run makes calls until the context ends. The last call of each caller ends as it would without that.
func (g *goodClient) run(ctx context.Context) (taken sample, failures []error) {
	var mu sync.Mutex
	var group sync.WaitGroup
	for who := range goodCallers {
		group.Go(func() {
			for ctx.Err() == nil {
				began := time.Now()
				err := g.do(context.WithoutCancel(ctx), who)
				mu.Lock()
				taken = append(taken, time.Since(began))
				if err != nil {
					failures = append(failures, err)
				}
				mu.Unlock()
				time.Sleep(goodPause)
			}
		})
	}
	group.Wait()
	return taken, failures
}

// row is a row of the table.
func (o outcome) row() string {
	return fmt.Sprintf("| %s | %s | %.0f | %.0f | %.0f | %d of %d |\n", o.title, o.answered(), o.peak,
		ms(o.good.quantile(percent)), ms(o.good.quantile(longest)), len(o.failures), len(o.good))
}

// answered lists what the abuser got, the most frequent first.
func (o outcome) answered() string {
	const most = 3
	texts := make([]string, 0, len(o.answers))
	for text := range o.answers {
		texts = append(texts, text)
	}
	sort.Slice(texts, func(i, j int) bool {
		if a, b := o.answers[texts[i]], o.answers[texts[j]]; a != b {
			return a > b
		}
		return texts[i] < texts[j]
	})
	list := make([]string, 0, most)
	for _, text := range texts[:min(most, len(texts))] {
		list = append(list, fmt.Sprintf("%d × %s", o.answers[text], text))
	}
	return strings.ReplaceAll(strings.Join(list, "; "), "|", `\|`)
}

// judge returns an error for what is worse than wanted.
func judge(table []outcome) error {
	var list []error
	for _, o := range table {
		if p99 := o.good.quantile(percent); o.peak > wantedMemory || p99 > wantedLatency || len(o.failures) > 0 {
			list = append(list, fmt.Errorf("%s: %.0f MiB, p99 %.0f ms and %d failures: want at most %.0f MiB, %v and none",
				o.name, o.peak, ms(p99), len(o.failures), wantedMemory, wantedLatency))
		}
	}
	return errors.Join(list...)
}

const pageHead = `# Abuse

What clients and upstreams that misbehave cost a server, and what a good client notices of it meanwhile.
The server is the built binary with its defaults, one process through all rows; the API is a stub, ` +
	`the abuser and the good client are other processes on the same machine, which compete for its processors.
Each abuse lasts %v. The peak is VmHWM in that time. The good client makes calls of ` +
	"`organizations.get`" + ` as two callers, one after the other, whose keys the API has accepted.

<!-- not run: it takes minutes -->
` + "```sh" + `
go run ./examples/loadtest abuse -page docs/abuse.md
` + "```" + `

It fails if a peak exceeds %.0f MiB, the 99th percentile of the good client %d ms, ` +
	`or if one of its calls fails. This run: %d processors, %s.

| abuse | responses to it | peak, MiB | good client's p99, ms | maximum, ms | failed |
|---|---|---:|---:|---:|---:|
`

// writePage writes the table to a file.
func writePage(name string, last time.Duration, table []outcome) error {
	var b strings.Builder
	for _, o := range table {
		b.WriteString(o.row())
	}
	head := fmt.Sprintf(pageHead, last, wantedMemory, wantedLatency.Milliseconds(), runtime.NumCPU(), runtime.Version())
	if err := os.WriteFile(name, []byte(head+b.String()), 0o644); err != nil { //nolint:gosec // G306: a page for all
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

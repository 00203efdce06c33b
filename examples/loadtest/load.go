package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// loadOptions say how much is measured.
type loadOptions struct{ rounds, calls, long int }

// contestant is a server with what its calls took.
type contestant struct {
	name   string
	counts []int       // of callers
	beside *contestant // the minimal server over the same transport; nil: none
	call   caller
	server *process

	taken  map[int]sample // by the number of callers
	spent  map[int]time.Duration
	memory map[int]float64 // VmRSS in MiB after the calls of so many callers
	cpu    map[int]time.Duration
}

// load prints the table of the load: everything is measured in turns, so that all meet the same load of the machine.
func load(ctx context.Context, out io.Writer, o loadOptions) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	list, end, err := contestants(ctx)
	defer end()
	if err != nil {
		return err
	}
	waiting := timeWait()
	for range o.rounds {
		for i := range list[0].counts {
			for _, c := range list {
				if i < len(c.counts) {
					if err := c.measure(ctx, c.counts[i], o.calls); err != nil {
						return fmt.Errorf("%s, %d callers: %w", c.name, c.counts[i], err)
					}
				}
			}
		}
	}
	writeLoad(out, list)
	fmt.Fprintf(out, "\nSockets in TIME-WAIT before and after: %d and %d.\n", waiting, timeWait())
	return longRun(ctx, out, list[len(list)-1], o.long)
}

// contestants starts the servers. end ends them.
func contestants(ctx context.Context) (list []*contestant, end func(), err error) {
	var processes []*process
	dir, err := os.MkdirTemp("", "loadtest")
	if err != nil {
		return nil, func() {}, fmt.Errorf("make a directory: %w", err)
	}
	end = func() {
		for _, p := range processes {
			p.end()
		}
		_ = os.RemoveAll(dir)
	}
	ours, err := build(ctx, dir, "examples/workos-mcp")
	if err != nil {
		return nil, end, err
	}
	minimal, err := build(ctx, dir, "examples/loadtest/testdata/minimal")
	if err != nil {
		return nil, end, err
	}
	stub, err := startStub(ctx)
	if err != nil {
		return nil, end, err
	}
	processes = append(processes, stub)
	env := []string{
		"WORKOS_BASE_URL=" + stub.url, "WORKOS_API_KEY=" + key(kindGood, 0),
		"WORKOS_MCP_UPSTREAM_RATE=0", // one credential makes more calls than WorkOS takes in a minute
	}
	list = []*contestant{{name: "net/http", server: stub, call: plainCaller(stub.url, most)}}
	for _, s := range []struct{ name, path, stdio string }{{"minimal", minimal, ""}, {"workos-mcp", ours, "stdio"}} {
		p, err := start(ctx, env, s.path, strings.Fields(s.stdio)...)
		if err != nil {
			return nil, end, err
		}
		processes = append(processes, p)
		call, err := stdioCaller(p)
		if err != nil {
			return nil, end, err
		}
		list = append(list, &contestant{name: s.name + ", stdio", server: p, call: call, counts: []int{1, 8}})
	}
	for _, s := range []struct{ name, path string }{{"minimal", minimal}, {"workos-mcp", ours}} {
		args := []string{"http"}
		if s.path == ours {
			args = append(args, "--addr", "127.0.0.1:0")
		}
		p, err := startHTTP(ctx, dir, env, s.path, args...)
		if err != nil {
			return nil, end, err
		}
		processes = append(processes, p)
		list = append(list, &contestant{name: s.name + ", HTTP", server: p, call: httpCaller(p.url, most)})
	}
	for _, c := range list {
		if c.counts == nil {
			c.counts = []int{1, 8, 64, most}
		}
		c.taken, c.spent, c.memory = map[int]sample{}, map[int]time.Duration{}, map[int]float64{}
		c.cpu = map[int]time.Duration{}
	}
	list[2].beside, list[4].beside = list[1], list[3]
	return list, end, nil
}

// most is the largest number of callers.
const most = 512

// startStub starts the stub of the API.
func startStub(ctx context.Context) (*process, error) {
	p, err := role(ctx, stubRole)
	if err != nil {
		return nil, err
	}
	line, err := p.out.ReadString('\n')
	if err != nil {
		err = fmt.Errorf("read the URL of the stub: %w", err)
	}
	p.url = strings.TrimSpace(line)
	return p, err
}

// measure measures the calls of several callers.
func (c *contestant) measure(ctx context.Context, callers, calls int) error {
	before, err := c.server.cpu()
	if err != nil {
		return err
	}
	taken, spent, err := together(ctx, c.call, callers, calls)
	if err != nil {
		return err
	}
	after, err := c.server.cpu()
	if err != nil {
		return err
	}
	c.cpu[callers] += after - before
	c.taken[callers] = append(c.taken[callers], taken...)
	c.spent[callers] += spent
	c.memory[callers], err = c.server.memory("VmRSS")
	return err
}

// together has several callers make calls at once.
func together(ctx context.Context, call caller, callers, calls int) (sample, time.Duration, error) {
	taken := make([]sample, callers)
	failed := make([]error, callers)
	var left atomic.Int64
	left.Store(int64(calls))
	var group sync.WaitGroup
	began := time.Now()
	for who := range callers {
		group.Go(func() {
			for left.Add(-1) >= 0 && failed[who] == nil {
				at := time.Now()
				failed[who] = call(ctx, who)
				taken[who] = append(taken[who], time.Since(at))
			}
		})
	}
	group.Wait()
	spent := time.Since(began)
	var all sample
	for _, s := range taken {
		all = append(all, s...)
	}
	return all, spent, errors.Join(failed...)
}

func (c *contestant) rate(callers int) float64 {
	return float64(len(c.taken[callers])) / c.spent[callers].Seconds()
}

func writeLoad(out io.Writer, list []*contestant) {
	fmt.Fprintf(out, "%d processors, %s. A ratio is to plain net/http with as many callers, the second one to the "+
		"minimal server.\n\n", runtime.NumCPU(), runtime.Version())
	fmt.Fprintln(out, "| server | callers | p50, ms | ratios | p99, ms | ratios | calls/s | ratios | CPU, µs | ratios | "+
		"RSS, MiB |")
	fmt.Fprintln(out, "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
	for _, c := range list {
		for _, n := range c.counts {
			ratios := func(of func(c *contestant) float64) string {
				text := fmt.Sprintf("%.2f", of(c)/of(list[0]))
				if c.beside != nil {
					text += fmt.Sprintf(", %.2f", of(c)/of(c.beside))
				}
				return text
			}
			p50 := func(c *contestant) float64 { return ms(c.taken[n].quantile(half)) }
			p99 := func(c *contestant) float64 { return ms(c.taken[n].quantile(percent)) }
			rate := func(c *contestant) float64 { return c.rate(n) }
			cpu := func(c *contestant) float64 { return float64(c.cpu[n].Microseconds()) / float64(len(c.taken[n])) }
			fmt.Fprintf(out, "| %s | %d | %.2f | %s | %.2f | %s | %.0f | %s | %.0f | %s | %.1f |\n", c.name, n,
				p50(c), ratios(p50), p99(c), ratios(p99), rate(c), ratios(rate), cpu(c), ratios(cpu), c.memory[n])
		}
	}
}

// parts is how many times the long run is looked at.
const parts = 5

// longRun prints whether a server stays as it is over many calls.
func longRun(ctx context.Context, out io.Writer, c *contestant, calls int) error {
	const callers = 64
	waiting := timeWait()
	fmt.Fprintf(out, "\n%s: %d calls of %d callers.\n\n| calls | calls/s | p99, ms | RSS, MiB | TIME-WAIT |\n"+
		"|---:|---:|---:|---:|---:|\n", c.name, calls, callers)
	for i := range parts {
		taken, spent, err := together(ctx, c.call, callers, calls/parts)
		if err != nil {
			return err
		}
		memory, err := c.server.memory("VmRSS")
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "| %d | %.0f | %.2f | %.1f | %+d |\n", (i+1)*calls/parts, float64(len(taken))/spent.Seconds(),
			ms(taken.quantile(percent)), memory, timeWait()-waiting)
	}
	return nil
}

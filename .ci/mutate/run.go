package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// program is a compiled test program with what its tests reach.
type program struct {
	path   string // of the package
	binary string
	dir    string // where its tests run
	tests  []test
}

// test is one test, example or fuzz target with its seeds.
type test struct {
	name    string
	took    time.Duration
	reached map[int]bool // mutants, by number
}

// survey runs each test alone, without an active mutant, and keeps those that pass and reach a mutant. It returns the
// names of those that fail.
func (p *program) survey(ctx context.Context, limit chan struct{}, scratch string) ([]string, error) {
	command := exec.CommandContext(ctx, p.binary, "-test.list", ".")
	command.Dir = p.dir
	out, err := command.Output()
	if err != nil {
		return nil, err
	}
	type result struct {
		test
		err error
	}
	var names []string
	for name := range strings.Lines(string(out)) {
		if name = strings.TrimSpace(name); !strings.HasPrefix(name, "Benchmark") {
			names = append(names, name)
		}
	}
	results := make(chan result, len(names))
	for i, name := range names {
		limit <- struct{}{}
		go func() {
			defer func() { <-limit }()
			file := filepath.Join(scratch, filepath.Base(p.binary)+strconv.Itoa(i))
			start := time.Now()
			err := p.run(ctx, []string{name}, time.Minute*3, "MUTANT_REACHED="+file)
			results <- result{test{name, time.Since(start), reachedIn(file)}, err}
		}()
	}
	var failed []string
	for range names {
		switch r := <-results; {
		case r.err != nil:
			failed = append(failed, r.name)
		case len(r.reached) > 0:
			p.tests = append(p.tests, r.test)
		}
	}
	slices.SortFunc(p.tests, func(a, b test) int { return strings.Compare(a.name, b.name) })
	return failed, ctx.Err()
}

func reachedIn(file string) map[int]bool {
	text, err := os.ReadFile(file)
	if err != nil { // no mutant was reached
		return nil
	}
	reached := map[int]bool{}
	for line := range strings.Lines(string(text)) {
		if n, err := strconv.Atoi(strings.TrimSpace(line)); err == nil {
			reached[n] = true
		}
	}
	return reached
}

// kills reports whether a test of the program notices the mutant. The quick ones are tried first.
func (p *program) kills(ctx context.Context, m *mutant) bool {
	var reaching []test
	for _, t := range p.tests {
		if t.reached[m.number] {
			reaching = append(reaching, t)
		}
	}
	slices.SortStableFunc(reaching, func(a, b test) int { return int(a.took - b.took) })
	const quick = time.Second
	for len(reaching) > 0 {
		var names []string
		var sum time.Duration
		for len(reaching) > 0 && (len(names) == 0 || sum+reaching[0].took < quick) {
			names, sum = append(names, reaching[0].name), sum+reaching[0].took
			reaching = reaching[1:]
		}
		// A mutant may wait for ever. How long the tests take says nothing about a busy machine, so the limit is far off.
		if p.run(ctx, names, 20*time.Second+10*sum, "MUTANT_ACTIVE="+strconv.Itoa(m.number)) != nil {
			return ctx.Err() == nil
		}
	}
	return false
}

var errTooLong = errors.New("took too long")

// run runs tests by name. An error means that one failed, or that they took longer than the limit.
func (p *program) run(ctx context.Context, names []string, limit time.Duration, environment string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errTooLong)
	defer cancel()
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = regexp.QuoteMeta(n)
	}
	command := exec.CommandContext(ctx, p.binary, "-test.failfast", "-test.timeout", "0",
		"-test.run", "^("+strings.Join(quoted, "|")+")$")
	command.Dir = p.dir
	temporary, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	command.Env = append(os.Environ(), environment, "TMPDIR="+temporary)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its children end with it
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	command.WaitDelay = 5 * time.Second
	err = command.Run()
	if command.Process != nil {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	}
	return err
}

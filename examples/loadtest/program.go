package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const module = "github.com/seed-f165d83c/workos"

// build builds a program of the module as releases are built, and returns its path.
func build(ctx context.Context, dir, path string) (string, error) {
	program := filepath.Join(dir, filepath.Base(path))
	//nolint:gosec // of this module
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, module+"/"+path)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := command.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build %s: %w: %s", path, err, out)
	}
	return program, nil
}

// process is a program that runs.
type process struct {
	*exec.Cmd

	in  io.WriteCloser
	out *bufio.Reader
	url string // that it serves at; "": over stdio
}

// start starts a program that serves over stdio.
func start(ctx context.Context, env []string, program string, args ...string) (*process, error) {
	p := &process{Cmd: exec.CommandContext(ctx, program, args...)} //nolint:gosec // one that was built here
	p.Env = append(os.Environ(), env...)
	var err error
	if p.in, err = p.StdinPipe(); err != nil {
		return nil, fmt.Errorf("open the input of %s: %w", program, err)
	}
	out, err := p.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("open the output of %s: %w", program, err)
	}
	const buffer = 1 << 20
	p.out = bufio.NewReaderSize(out, buffer)
	if err := p.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	return p, nil
}

var servingAt = regexp.MustCompile(`url=(\S+)\s`)

// startHTTP starts a program that logs at which URL it serves. Its log goes to a file in the directory: who reads the
// log while it is written takes a part of the processors.
func startHTTP(ctx context.Context, dir string, env []string, program string, args ...string) (*process, error) {
	p := &process{Cmd: exec.CommandContext(ctx, program, args...)} //nolint:gosec // one that was built here
	p.Env = append(os.Environ(), env...)
	log, err := os.CreateTemp(dir, "log")
	if err != nil {
		return nil, fmt.Errorf("make the log of %s: %w", program, err)
	}
	defer func() { _ = log.Close() }() // the program has its own
	p.Stderr = log
	if err := p.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	const tries = 2000
	for range tries {
		text, err := os.ReadFile(log.Name())
		if err != nil {
			break
		}
		if found := servingAt.FindSubmatch(text); found != nil {
			p.url = string(found[1])
			return p, nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	p.end()
	return nil, fmt.Errorf("%s did not serve", program)
}

// role starts this program in another role. It ends with its input.
func role(ctx context.Context, args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	return start(ctx, nil, self, args...)
}

// end ends the process.
func (p *process) end() {
	if p.in != nil {
		_ = p.in.Close()
	} else {
		_ = p.Process.Kill()
	}
	_ = p.Wait()
}

// memory returns a figure of /proc/PID/status in MiB: VmRSS is what is resident, VmHWM the most since resetPeak.
func (p *process) memory(name string) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read the memory: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		if kib, ok := strings.CutPrefix(line, name+":"); ok {
			n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(kib), " kB"), 64)
			if err != nil {
				return 0, fmt.Errorf("read %s: %w", name, err)
			}
			return n / 1024, nil
		}
	}
	return 0, fmt.Errorf("/proc has no %s", name)
}

// cpu returns the processor time of the process so far (proc_pid_schedstat: the time on a processor, of its main
// thread alone, so all threads are summed).
func (p *process) cpu() (time.Duration, error) {
	tasks := fmt.Sprintf("/proc/%d/task", p.Process.Pid)
	entries, err := os.ReadDir(tasks)
	if err != nil {
		return 0, fmt.Errorf("read the threads: %w", err)
	}
	var sum time.Duration
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(tasks, entry.Name(), "schedstat")) //nolint:gosec // G304: of the kernel
		if err != nil {
			return 0, fmt.Errorf("read the processor time: %w", err)
		}
		on, _, _ := strings.Cut(string(text), " ")
		n, err := strconv.ParseInt(on, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read the processor time: %w", err)
		}
		sum += time.Duration(n)
	}
	return sum, nil
}

// resetPeak begins a new measurement of VmHWM.
func (p *process) resetPeak() error {
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.Process.Pid), []byte("5"), 0o600); err != nil {
		return fmt.Errorf("reset the peak: %w", err)
	}
	return nil
}

// timeWait returns how many sockets of the machine are in TIME-WAIT (proc_net_tcp: state 06).
func timeWait() int {
	n := 0
	for _, name := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, _ := os.ReadFile(name) //nolint:gosec // one of these two; without IPv6 there is no second
		for line := range strings.Lines(string(text)) {
			if fields := strings.Fields(line); len(fields) > 3 && fields[3] == "06" {
				n++
			}
		}
	}
	return n
}

// Conformance runs the official conformance suite of MCP against workos-mcp and against a server with the fixtures that
// the suite calls, and compares the failures with those that are expected:
//
//	go -C .ci/conformance run . -suite node_modules/.bin/conformance -server workos-mcp -page ../../docs/conformance.md
//
// With -check it compares the page instead of writing it.
package main

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed expected.txt
var expectedText string

var revisions = []string{"2025-11-25", "2026-07-28"}

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	suite := flag.String("suite", "", "`file` of the suite's command")
	shipped := flag.String("server", "", "`file` of workos-mcp")
	page := flag.String("page", "", "`file` of the page about the results")
	check := flag.Bool("check", false, "compare the page instead of writing it")
	flag.Parse()
	for _, name := range []*string{suite, shipped} {
		path, err := filepath.Abs(*name)
		if err != nil || *name == "" {
			return errors.New("want -suite and -server")
		}
		*name = path
	}
	temporary, err := os.MkdirTemp("", "conformance")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	fixture := filepath.Join(temporary, "fixture")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", fixture, "./fixture").CombinedOutput(); err != nil {
		return fmt.Errorf("build the fixture: %w\n%s", err, out)
	}
	expected, err := parseExpected(expectedText)
	if err != nil {
		return err
	}
	var results []result
	for _, s := range []struct {
		name    string
		command []string
	}{
		{"workos-mcp", []string{*shipped, "--sandbox", "http", "--addr"}},
		{"fixtures", []string{fixture, "-addr"}},
	} {
		for _, revision := range revisions {
			r, err := measure(ctx, *suite, s.command, revision)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", s.name, revision, err)
			}
			r.server = s.name
			fmt.Printf("%s, %s: %d scenarios passed, %d failed\n", s.name, revision, len(r.passed), len(r.failed))
			results = append(results, r)
		}
	}
	text, failure := report(results, expected)
	if failure != nil || *page == "" {
		return failure
	}
	if !*check {
		return os.WriteFile(*page, []byte(text), 0o600)
	}
	committed, err := os.ReadFile(*page)
	if err == nil && string(committed) != text {
		err = fmt.Errorf("%s differs from the results: run this command without -check", *page)
	}
	return err
}

// measure runs the scenarios of a revision against a server of its own.
func measure(ctx context.Context, suite string, command []string, revision string) (result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	addr, err := freeAddress()
	if err != nil {
		return result{}, err
	}
	var log bytes.Buffer
	server := exec.CommandContext(ctx, command[0], append(command[1:], addr)...)
	server.Stdout, server.Stderr = &log, &log
	if err := server.Start(); err != nil {
		return result{}, err
	}
	defer func() { _ = server.Wait() }() // after cancel has killed it
	defer cancel()
	if err := reachable(ctx, addr); err != nil {
		return result{}, fmt.Errorf("%w\n%s", err, &log)
	}
	// The suite exits with 1 because of expected failures, too.
	out, err := exec.CommandContext(ctx, suite, "server", "--url", "http://"+addr+"/mcp", "--requirements", revision).Output()
	r := parseSummary(out)
	r.revision = revision
	if len(r.passed) == 0 {
		return r, fmt.Errorf("the suite reports no scenario that passed (%w)\n%s", err, out)
	}
	return r, nil
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// reachable waits until something listens.
func reachable(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		connection, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		if err == nil {
			return connection.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server does not listen on %s: %w", addr, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// parseExpected reads the expected failures: lines of server, revision and scenario, below a line "# cause".
func parseExpected(text string) (map[string]string, error) {
	causes, cause := map[string]string{}, ""
	scanner := bufio.NewScanner(strings.NewReader(text))
	for scanner.Scan() {
		line := strings.TrimSpace(scanner.Text())
		if comment, ok := strings.CutPrefix(line, "# "); ok {
			cause = comment
		} else if line != "" {
			if cause == "" || len(strings.Fields(line)) != 3 {
				return nil, fmt.Errorf("expected.txt: %q: want server, revision and scenario below a cause", line)
			}
			causes[line] = cause
		}
	}
	return causes, scanner.Err()
}

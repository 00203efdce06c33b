//go:build e2e

package sandbox_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	players    = 8
	warmRounds = 3 // are played before the measured ones: Node.js compiles what runs often
)

// BenchmarkE2EScenarios plays the scenarios of requests alone that the sandbox and the official emulator pass, on both
// by turns. Each is one process, and eight players at once send it all scenarios, each over one connection. A scenario
// has an environment of its own: on the sandbox that of another API key; on the emulator, which has one environment, an
// emulator for each player within the process, which is emptied before the scenario. It reports requests per second and
// their ratio.
//
// The machine has the client to run too, which is the same for both, and as light as a load generator's. In the first
// round it compares all that the scenarios expect of the responses; in those that are measured it compares the statuses,
// and takes what later requests need. The time is all that a round takes, with the connections open: the emulator's
// includes that it is emptied, which is about a twentieth of it, the sandbox's that it makes the environments.
//
//	go test -tags e2e ./client/sandbox -run '^$' -bench E2EScenarios -benchtime 20x
func BenchmarkE2EScenarios(b *testing.B) {
	alike := alikeScenarios(b)
	run, url := newEmulators(b), startServed(b)
	ours := &side{prepare: func(p *player, round, scenario int) error {
		p.key = fmt.Sprintf("sk_%d_%d_%d", p.number, round, scenario)
		return nil
	}}
	theirs := &side{prepare: func(p *player, _, _ int) error {
		p.key = fmt.Sprint("sk_test_", p.plays%1000) // as it limits the requests of a key
		_, err := run.ask(fmt.Sprint("reset ", p.number))
		return err
	}}
	for i := range players {
		mine := connect(b, url, "")
		ours.players = append(ours.players, &player{peer: mine, stage: newStage(served{mine}), number: i})
		emulatorURL, err := run.ask("more")
		if err != nil {
			b.Fatal(err)
		}
		its := connect(b, emulatorURL, "")
		theirs.players = append(theirs.players,
			&player{peer: its, stage: newStage(&emulator{peer: its, run: run}), number: i})
	}
	round := 0
	play := func(how func(*player, replayed) error) {
		round++
		theirs.play(b, alike, round, how)
		a, err := ours.players[0].peer.send(http.MethodPost, "/_sandbox/reset", "")
		if err != nil || a.status != http.StatusNoContent {
			b.Fatal(a, err)
		}
		ours.play(b, alike, round, how)
	}
	play(compare)
	for range warmRounds {
		play(replay)
	}
	ours.took, ours.sent, theirs.took, theirs.sent = 0, 0, 0, 0
	for b.Loop() {
		play(replay)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(len(alike)), "scenarios")
	b.ReportMetric(theirs.rate(), "emulator-req/s")
	b.ReportMetric(ours.rate(), "sandbox-req/s")
	b.ReportMetric(ours.rate()/theirs.rate(), "ratio")
}

// replayed is a scenario with its requests.
type replayed struct {
	scenario

	requests []request
}

// alikeScenarios are those of requests alone that the emulator passes.
func alikeScenarios(b *testing.B) []replayed {
	b.Helper()
	var alike []replayed
	for _, p := range playOnEmulators(b) {
		if p.outcome() == "same" && strings.Count(p.steps, "\n")+1 == strings.Count(p.steps, " -> ") {
			requests, err := requestsOf(p.scenario)
			if err != nil {
				b.Fatal(err)
			}
			alike = append(alike, replayed{p.scenario, requests})
		}
	}
	return alike
}

// compare plays a scenario, and holds each response to all that the scenario expects of it.
func compare(p *player, r replayed) error {
	different, err := p.stage.play(strings.ReplaceAll(r.steps, `"sk_test"`, `"`+p.key+`"`))
	if err == nil && len(different) > 0 {
		err = fmt.Errorf("got %+v, want no difference", different)
	}
	return err
}

// replay plays a scenario as a load generator does.
func replay(p *player, r replayed) error { return p.replay(r.requests) }

// side is one of two servers that are compared.
type side struct {
	players []*player
	prepare func(p *player, round, scenario int) error // gives a player an empty environment

	took time.Duration
	sent int // requests
}

type player struct {
	*peer
	*stage

	number int
	plays  int
}

// play has all players play all scenarios at once.
func (s *side) play(b *testing.B, all []replayed, round int, how func(*player, replayed) error) {
	b.Helper()
	for _, p := range s.players {
		p.sent = 0
	}
	var playing sync.WaitGroup
	begin := time.Now()
	for _, p := range s.players {
		playing.Go(func() {
			for i, one := range all {
				p.plays++
				if err := s.prepare(p, round, i); err != nil {
					b.Error(err)
				}
				if err := how(p, one); err != nil {
					b.Errorf("%s: %v", one.id, err)
				}
			}
		})
	}
	playing.Wait()
	s.took += time.Since(begin)
	for _, p := range s.players {
		s.sent += p.sent
	}
	if b.Failed() {
		b.FailNow()
	}
}

// rate is how many requests a second got their responses.
func (s *side) rate() float64 { return float64(s.sent) / s.took.Seconds() }

// served is a served sandbox, for scenarios without controls.
type served struct{ *peer }

func (served) control(word, _ string) (string, error) {
	return "", fmt.Errorf("%w: %s", errNoControl, word)
}

// startServed starts workos-mcp with a sandbox, and returns the URL. WORKOS_MCP is the program; if it is not set, it is
// built.
func startServed(b *testing.B) string {
	b.Helper()
	program := os.Getenv("WORKOS_MCP")
	if program == "" {
		program = filepath.Join(b.TempDir(), "workos-mcp")
		if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program,
			"../../examples/workos-mcp").CombinedOutput(); err != nil {
			b.Fatalf("go build: %v: %s", err, out)
		}
	}
	ctx, end := context.WithCancel(b.Context())
	cmd := exec.CommandContext(ctx, program, "sandbox", "--addr", "127.0.0.1:0")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		end()
		_ = cmd.Wait()
	})
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	found := regexp.MustCompile(`http://[0-9.:]+`).FindString(line)
	if err != nil || found == "" {
		b.Fatalf("got %q %v, want the address", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return found
}

func connect(b *testing.B, url, key string) *peer {
	b.Helper()
	p, err := dial(url, key)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = p.conn.Close() })
	return p
}

package serve

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// stuck is a standard error that nobody reads, until it is released.
type stuck struct {
	release chan struct{}

	mu   sync.Mutex
	text bytes.Buffer
}

func (s *stuck) Write(b []byte) (int, error) {
	<-s.release
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *stuck) lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Split(strings.TrimSuffix(s.text.String(), "\n"), "\n")
}

func TestALogThatNobodyReadsLosesLinesAndSaysHowMany(t *testing.T) {
	api := newStore(t).api()
	synctest.Test(t, func(t *testing.T) {
		out := &stuck{release: make(chan struct{})}
		_, logger, flush := newProgram(api, Process{Stderr: out}).forServer(flags{logFormat: logJSON})
		text := strings.Repeat("x", 200)
		sent := 0
		for bytes := 0; bytes < 3*maxLogBytes; bytes += len(text) {
			logger.Info(text, "n", sent)
			sent++
		}
		flush() // it does not wait for ever
		close(out.release)
		synctest.Wait()
		logger.Info("later")
		flush()
		lines := out.lines()
		var length, next, lost int
		for i, line := range lines {
			var got struct {
				Msg      string
				N, Lines int
			}
			if err := json.Unmarshal([]byte(line), &got); err != nil {
				t.Fatalf("line %d: %v in %.200s", i, err, line)
			}
			switch {
			case got.Lines > 0:
				lost, next = lost+got.Lines, next+got.Lines // where they are missing
			case got.Msg == "later":
				if i != len(lines)-1 {
					t.Error("a later line is not the last one")
				}
			case got.N != next:
				t.Fatalf("got line %d, want %d", got.N, next)
			default:
				length, next = length+len(line)+1, next+1
			}
		}
		if next != sent || lost == 0 {
			t.Errorf("got lines up to %d, of which %d are lost, want %d", next, lost, sent)
		}
		if most := 2 * maxLogBytes; length > most || length < maxLogBytes/2 {
			t.Errorf("%d bytes waited, want about %d", length, maxLogBytes)
		}
	})
}

// A server whose log is not read goes on with its work.
func TestAServerDoesNotWaitForItsLog(t *testing.T) {
	out := &stuck{release: make(chan struct{})}
	in, input := io.Pipe()
	output, stdout := io.Pipe()
	done := make(chan int)
	go func() {
		done <- Run(context.Background(), newStore(t).api(), Process{
			Args: []string{"stdio"}, Stdin: in, Stdout: stdout, Stderr: out,
		})
	}()
	responses := bufio.NewScanner(output)
	const requests = 4 * maxRequests
	for i := range requests {
		if _, err := fmt.Fprintf(input, `{"jsonrpc":"2.0","id":%d,"method":"ping"}`+"\n", i); err != nil {
			t.Fatal(err)
		}
		if !responses.Scan() || !strings.Contains(responses.Text(), fmt.Sprintf(`"id":%d,`, i)) {
			t.Fatalf("got %q, want the response %d", responses.Text(), i)
		}
	}
	close(out.release)
	_ = input.Close()
	if code := <-done; code != ExitOK {
		t.Errorf("got exit code %d", code)
	}
	if got := len(out.lines()); got < requests {
		t.Errorf("got %d lines of the log, want those of all %d requests", got, requests)
	}
}

// An audit line that is not written must be noticed, and so is written by the call itself.
func TestAuditLinesAreWrittenAtOnce(t *testing.T) {
	var out bytes.Buffer
	p, _, _ := newProgram(newStore(t).api(), Process{Stderr: &out}).forServer(flags{})
	a, err := p.openAudit("stderr", func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	if a.out != &out {
		t.Errorf("got %T, want the standard error itself", a.out)
	}
}

package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// pipe opens a pipe of a program.
func pipe[P any](t *testing.T, open func() (P, error)) P {
	t.Helper()
	p, err := open()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// After a signal the calls in flight finish and are answered; what comes later is not read.
func TestASignalLetsCallsFinish(t *testing.T) {
	for _, sent := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		t.Run(sent.String(), func(t *testing.T) { finishesCalls(t, sent) })
	}
}

func finishesCalls(t *testing.T, sent syscall.Signal) {
	t.Helper()
	handled := make(chan os.Signal, 1)
	signal.Notify(handled, sent) // a program inherits what its parent ignores, as below nohup
	defer signal.Stop(handled)
	arrived, release := make(chan struct{}), make(chan struct{})
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		arrived <- struct{}{}
		<-release
		_, _ = io.WriteString(w, acme)
	})
	cmd := program(t, []string{"WORKOS_BASE_URL=" + u.URL, "WORKOS_API_KEY=sk_test_1"}, "stdio")
	in := pipe(t, cmd.StdinPipe)
	stdout := pipe(t, cmd.StdoutPipe)
	log := &notifying{on: "ending", notify: func() { close(release) }}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(in, initialize+"\n"+callBody(1, "organizations.get", deletion)+"\n"); err != nil {
		t.Fatal(err)
	}
	<-arrived
	if err := cmd.Process.Signal(sent); err != nil {
		t.Fatal(err)
	}
	output, err := io.ReadAll(stdout)
	if err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, cmd.Wait()); code != exitOK || !strings.Contains(string(output), `"name":"Acme"`) {
		t.Errorf("got %d %s, want the response", code, output)
	}
}

func TestASecondSignalEndsTheProgramAtOnce(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	u := newUpstream(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-release
	})
	t.Cleanup(func() { close(release) })
	cmd := program(t, []string{"WORKOS_BASE_URL=" + u.URL, "WORKOS_API_KEY=sk_test_1"}, "stdio")
	in := pipe(t, cmd.StdinPipe)
	stderr := pipe(t, cmd.StderrPipe)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(in, initialize+"\n"+callBody(1, "organizations.get", deletion)+"\n"); err != nil {
		t.Fatal(err)
	}
	<-arrived
	var once sync.Once
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if strings.Contains(lines.Text(), "ending") {
			once.Do(func() { _ = cmd.Process.Signal(syscall.SIGTERM) })
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() == exitOK {
		t.Errorf("got %v, want it ended by the signal", err)
	}
}

// A program that starts the server may end or close what reads its log. The server goes on.
func TestAServerOutlivesTheReaderOfItsLog(t *testing.T) {
	cmd := program(t, nil, "stdio", "--sandbox")
	in := pipe(t, cmd.StdinPipe)
	stdout := pipe(t, cmd.StdoutPipe)
	stderr := pipe(t, cmd.StderrPipe)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := stderr.Close(); err != nil {
		t.Fatal(err)
	}
	responses := bufio.NewScanner(stdout)
	const ping = `{"jsonrpc":"2.0","id":1,"method":"ping"}` + "\n"
	for i := range 10 { // each is logged
		if _, err := io.WriteString(in, ping); err != nil {
			t.Fatalf("request %d: %v", i, err)
		}
		if !responses.Scan() {
			t.Fatalf("request %d has no response: %v", i, cmd.Wait())
		}
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, cmd.Wait()); code != exitOK {
		t.Errorf("got exit code %d, want %d", code, exitOK)
	}
}

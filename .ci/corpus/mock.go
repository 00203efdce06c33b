package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// mock is Prism as a mock of one description. It passes requests on and records them, and starts Prism again where a
// request ends it.
type mock struct {
	program, description string

	mu        sync.Mutex
	process   *process
	exchanges []*exchange
}

// number is the header of responses that has the index of the exchange.
const number = "Exchange"

const (
	startTime    = 5 * time.Minute // a large description takes a minute of a busy machine
	responseTime = 2 * time.Minute
	endTime      = 10 * time.Second // from a broken connection to the end of the process
)

// startMock starts a mock of a description. The caller stops it.
func startMock(program, description string) (*mock, error) {
	m := &mock{program: program, description: description}
	var err error
	m.process, err = startProcess(program, description)
	return m, err
}

func (m *mock) stop() { m.process.stop() }

// ServeHTTP implements [http.Handler].
func (m *mock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	x := &exchange{request: request{r.Method, r.URL.RequestURI(), r.Header.Clone(), body}}
	w.Header().Set(number, strconv.Itoa(len(m.exchanges)))
	m.exchanges = append(m.exchanges, x)
	response, err := m.send(x)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	for name, values := range response.header {
		if name != "Content-Length" && name != "Connection" && name != "Transfer-Encoding" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(response.status)
	_, _ = w.Write(response.body)
}

// send sends the request of an exchange and records what Prism says about it. A request that ends Prism is sent once
// more, as the first that another Prism gets, so that it alone is the cause. The error is recorded, too.
func (m *mock) send(x *exchange) (*response, error) {
	for range 2 {
		r, err := m.process.send(&x.request)
		if err == nil {
			x.judge(r)
			x.ended = ""
			return r, nil
		}
		if !m.process.hasEnded() {
			x.failure = err.Error()
			return nil, err
		}
		x.ended = m.process.lastError()
		m.process.stop()
		if m.process, err = startProcess(m.program, m.description); err != nil {
			x.failure = err.Error()
			return nil, err
		}
	}
	return nil, errors.New("Prism ended: " + x.ended)
}

// process is one run of Prism.
type process struct {
	command *exec.Cmd
	url     string
	client  *http.Client
	ended   chan struct{} // closed when all output is read

	mu    sync.Mutex
	lines []string // the last of the output
}

// unreadableError is a mock that ended instead of starting.
type unreadableError struct{ line string }

func (e *unreadableError) Error() string {
	return "Prism ends while it reads the description: " + e.line
}

func startProcess(program, description string) (*process, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	listener.Close()
	p := &process{
		command: exec.Command(program, "mock", "--errors", "--port", port, description), url: "http://127.0.0.1:" + port,
		ended: make(chan struct{}),
		client: &http.Client{
			Timeout: responseTime, Transport: &http.Transport{DisableKeepAlives: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	output, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.command.Stderr = p.command.Stdout
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	listening := make(chan struct{})
	go p.read(output, listening)
	select {
	case <-listening:
		return p, nil
	case <-p.ended:
		p.stop()
		return nil, &unreadableError{p.lastError()}
	case <-time.After(startTime):
		p.stop()
		return nil, fmt.Errorf("the mock did not start within %s", startTime)
	}
}

// read reads the output to its end.
func (p *process) read(output io.Reader, listening chan<- struct{}) {
	defer close(p.ended)
	lines := bufio.NewReader(output)
	for started := false; ; {
		line, err := lines.ReadString('\n')
		if !started && strings.Contains(line, "is listening on") {
			started = true
			close(listening)
		}
		p.mu.Lock()
		p.lines = append(p.lines[max(0, len(p.lines)-100):], line)
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// hasEnded waits a while for the process to end.
func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	case <-time.After(endTime):
		return false
	}
}

// thrown is the line of an exception, and frame one of its stack in Prism's own code.
var (
	thrown = regexp.MustCompile(`^\s*((?:[A-Z]\w*)?Error: .*|FATAL ERROR: .*)$`)
	frame  = regexp.MustCompile(`@stoplight/prism-[a-z-]+/dist/([\w/.-]+\.js:\d+)`)
)

// lastError returns the exception that ended the process and where in Prism it was thrown, or else its last line.
func (p *process) lastError() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := ""
	for i, line := range slices.Backward(p.lines) {
		if found := thrown.FindStringSubmatch(strings.TrimRight(line, "\r\n")); found != nil {
			for _, below := range p.lines[i:] {
				if place := frame.FindStringSubmatch(below); place != nil {
					return found[1] + " (" + place[1] + ")"
				}
			}
			return found[1]
		}
		if last == "" {
			last = strings.TrimSpace(line)
		}
	}
	return last
}

func (p *process) stop() {
	_ = p.command.Process.Kill()
	<-p.ended
	_ = p.command.Wait()
}

// send sends a request.
func (p *process) send(r *request) (*response, error) {
	sent, err := http.NewRequest(r.method, p.url+r.target, bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	sent.Header = r.header.Clone()
	got, err := p.client.Do(sent)
	if err != nil {
		return nil, err
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	return &response{got.StatusCode, got.Header, body}, err
}

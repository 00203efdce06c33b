package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// caller makes a call of organizations.get as one of several callers, from 0. It is safe for concurrent use.
type caller func(ctx context.Context, who int) error

// callBody is a tools/call.
func callBody(id, tool, arguments string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"method":"tools/call","params":{"name":"` + tool +
		`","arguments":` + arguments + `}}`
}

const oneOrganization = `{"id":"org_01"}`

var errWrongResponse = errors.New("the response has no organization")

// newClient returns an HTTP client that keeps as many connections as there are callers.
func newClient(callers int) *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers, DisableCompression: true}}
}

// plainCaller gets the organization from the API itself.
func plainCaller(url string, callers int) caller {
	client := newClient(callers)
	return func(ctx context.Context, who int) error {
		return organizationOf(ctx, client, http.MethodGet, url+"/organizations/org_01", key(kindGood, who), nil)
	}
}

// httpCaller calls an MCP server.
func httpCaller(url string, callers int) caller {
	client := newClient(callers)
	body := callBody("1", "organizations.get", oneOrganization)
	return func(ctx context.Context, who int) error {
		return organizationOf(ctx, client, http.MethodPost, url, key(kindGood, who), strings.NewReader(body))
	}
}

// key returns a key of a kind.
func key(kind string, number int) string { return "sk_" + kind + "_" + strconv.Itoa(number) }

// organizationOf makes a request and checks the response.
func organizationOf(ctx context.Context, client *http.Client, method, url, key string, body io.Reader) error {
	_, text, err := exchange(ctx, client, method, url, http.Header{"Authorization": {"Bearer " + key}}, body)
	if err == nil && !bytes.Contains(text, []byte("Acme")) {
		err = fmt.Errorf("%w: %.300s", errWrongResponse, text)
	}
	return err
}

// exchange makes a request with JSON.
func exchange(
	ctx context.Context, client *http.Client, method, url string, header http.Header, body io.Reader,
) (status int, text []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return 0, nil, fmt.Errorf("make the request: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	for name, values := range header {
		if r.Header[name] = values; name == "Host" {
			r.Host = values[0]
		}
	}
	response, err := client.Do(r)
	if err != nil {
		return 0, nil, fmt.Errorf("send the request: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if text, err = io.ReadAll(response.Body); err != nil {
		err = fmt.Errorf("read the response: %w", err)
	}
	return response.StatusCode, text, err
}

const (
	initialize = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",` +
		`"capabilities":{},"clientInfo":{"name":"loadtest","version":"1"}}}`
	listTools = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
)

// stdioCaller calls an MCP server over the streams of its process, as one client.
func stdioCaller(p *process) (caller, error) {
	if _, err := io.WriteString(p.in, initialize+"\n"+listTools+"\n"); err != nil {
		return nil, fmt.Errorf("initialize: %w", err)
	}
	for range 2 {
		if _, err := p.out.ReadBytes('\n'); err != nil {
			return nil, fmt.Errorf("initialize: %w", err)
		}
	}
	var last atomic.Int64
	last.Store(1)
	var waiting sync.Map              // chan []byte by ID
	reading := make(chan struct{}, 1) // has an element while a caller reads, for all of them
	return func(ctx context.Context, _ int) error {
		id := strconv.FormatInt(last.Add(1), 10)
		response := make(chan []byte, 1)
		waiting.Store(id, response)
		if _, err := io.WriteString(p.in, callBody(id, "organizations.get", oneOrganization)+"\n"); err != nil {
			return fmt.Errorf("send the call: %w", err)
		}
		var line []byte
		select {
		case line = <-response:
		case reading <- struct{}{}: // one caller alone has no goroutine to wait for, which would take a part of the time
			err := distribute(p.out, &waiting, response)
			<-reading
			if err != nil {
				return err
			}
			line = <-response
		case <-ctx.Done():
			return ctx.Err()
		}
		if !bytes.Contains(line, []byte("Acme")) {
			return fmt.Errorf("%w: %.300s", errWrongResponse, line)
		}
		return nil
	}, nil
}

// distribute reads responses for the callers that wait until there is one of its own.
func distribute(out *bufio.Reader, waiting *sync.Map, own chan []byte) error {
	for len(own) == 0 {
		line, err := out.ReadBytes('\n')
		if err != nil {
			return fmt.Errorf("read a response: %w", err)
		}
		id, _, _ := strings.Cut(strings.TrimPrefix(string(line), `{"jsonrpc":"2.0","id":`), ",")
		if response, ok := waiting.LoadAndDelete(id); ok {
			response.(chan []byte) <- line //nolint:errcheck,forcetypeassert // nothing else is stored
		}
	}
	return nil
}

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

const (
	dynamic      = "dynamic" // the mode with a few tools that search, describe and call
	catalogueURI = "workos://catalogue"
	revision     = "2025-11-25"
)

// tool is a tool as a client receives it.
type tool struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	InputSchema json.RawMessage `json:"inputSchema"` //nolint:tagliatelle // MCP's name
	group       string          // whose cost it adds to
	size        int             // bytes of JSON
	sent        string          // the JSON
}

// listing is the part of a server's responses that a model reads.
type listing struct {
	tools                   []tool
	instructions, catalogue string // there is a catalogue in the dynamic mode alone
}

// server is the command that starts the server, without the arguments.
type server []string

// command runs the server in the root of the repository. No setting in the environment changes what it lists.
func (s server) command(ctx context.Context, args ...string) *exec.Cmd {
	args = append(s[1:len(s):len(s)], args...)
	cmd := exec.CommandContext(ctx, s[0], args...) //nolint:gosec // the user names the program
	cmd.Dir, cmd.Stderr = root, os.Stderr
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "WORKOS_") })
	return cmd
}

// list gets the tools of a mode from the server over stdio. Each tool is a group of its own.
func (s server) list(ctx context.Context, mode string) (listing, error) {
	cmd := s.command(ctx, "--sandbox", "--names", "dots", "--log-level", "error", "--mode", mode, "stdio")
	in, err := cmd.StdinPipe()
	if err != nil {
		return listing{}, fmt.Errorf("start the server: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return listing{}, fmt.Errorf("start the server: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return listing{}, fmt.Errorf("start the server: %w", err)
	}
	l, err := (&conn{in: in, out: bufio.NewReader(out)}).listing(mode)
	if err := errors.Join(err, in.Close(), cmd.Wait()); err != nil {
		return listing{}, fmt.Errorf("ask the server: %w", err)
	}
	return l, nil
}

// group groups tools by their toolsets.
func (s server) group(ctx context.Context, tools []tool) error {
	text, err := s.command(ctx, "tool", "list", "--json").Output()
	if err != nil {
		return fmt.Errorf("list the toolsets: %w", err)
	}
	var entries []struct{ Name, Toolset string }
	if err := json.Unmarshal(text, &entries); err != nil {
		return fmt.Errorf("read the toolsets: %w", err)
	}
	toolsets := map[string]string{}
	for _, e := range entries {
		toolsets[e.Name] = e.Toolset
	}
	for i := range tools {
		if tools[i].group = toolsets[tools[i].Name]; tools[i].group == "" {
			return fmt.Errorf("tool %s has no toolset", tools[i].Name)
		}
	}
	return nil
}

// conn sends JSON-RPC requests to a server, one at a time.
type conn struct {
	in  io.Writer
	out *bufio.Reader
	id  int
}

// message is a JSON-RPC message in either direction.
type message struct {
	Version string          `json:"jsonrpc"`
	ID      int             `json:"id,omitempty"` // absent in notifications
	Method  string          `json:"method,omitempty"`
	Params  any             `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   json.RawMessage `json:"error,omitempty"`
}

func (c *conn) listing(mode string) (listing, error) {
	var (
		l           listing
		initialized struct{ Instructions string }
		list        struct{ Tools []json.RawMessage }
	)
	client := map[string]any{
		"protocolVersion": revision, "capabilities": struct{}{},
		"clientInfo": map[string]string{"name": "tokens", "version": "1"},
	}
	if err := c.call("initialize", client, &initialized); err != nil {
		return l, err
	}
	l.instructions = initialized.Instructions
	if err := c.send(message{Method: "notifications/initialized"}); err != nil {
		return l, err
	}
	if err := c.call("tools/list", nil, &list); err != nil {
		return l, err
	}
	for _, text := range list.Tools {
		t := tool{size: len(text), sent: string(text)}
		if err := json.Unmarshal(text, &t); err != nil {
			return l, fmt.Errorf("read a tool: %w", err)
		}
		t.group = t.Name
		l.tools = append(l.tools, t)
	}
	if mode != dynamic {
		return l, nil
	}
	var read struct{ Contents []struct{ Text string } }
	if err := c.call("resources/read", map[string]string{"uri": catalogueURI}, &read); err != nil {
		return l, err
	}
	for _, content := range read.Contents {
		l.catalogue += content.Text
	}
	return l, nil
}

// call sends a request and waits for the result.
func (c *conn) call(method string, params, result any) error {
	c.id++
	if err := c.send(message{ID: c.id, Method: method, Params: params}); err != nil {
		return err
	}
	for {
		line, err := c.out.ReadBytes('\n')
		if err != nil {
			return fmt.Errorf("%s: read the response: %w", method, err)
		}
		var m message
		if err := json.Unmarshal(line, &m); err != nil {
			return fmt.Errorf("%s: read the response: %w", method, err)
		}
		switch {
		case m.ID != c.id: // a notification
			continue
		case m.Error != nil:
			return fmt.Errorf("%s: got the error %s", method, m.Error)
		}
		if err := json.Unmarshal(m.Result, result); err != nil {
			return fmt.Errorf("%s: read the result: %w", method, err)
		}
		return nil
	}
}

func (c *conn) send(m message) error {
	m.Version = "2.0"
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("%s: write the request: %w", m.Method, err)
	}
	if _, err := c.in.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("%s: write the request: %w", m.Method, err)
	}
	return nil
}

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
)

// client is an MCP client of one server over stdio. It is not safe for concurrent use.
type client struct {
	cmd       *exec.Cmd
	in        io.WriteCloser
	out       *bufio.Reader
	last      int
	agrees    bool // the person agrees to whatever is asked
	questions int  // that the person was asked
}

// message is a JSON-RPC message of either side.
type message struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  any             `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// connect starts a server and opens a session with it.
func connect(ctx context.Context, path string, env []string, args ...string) (*client, error) {
	c := &client{cmd: exec.CommandContext(ctx, path, args...), agrees: true}
	c.cmd.Env = env
	c.cmd.Stderr = os.Stderr
	out, err := c.cmd.StdoutPipe()
	if err == nil {
		c.in, err = c.cmd.StdinPipe()
	}
	if err == nil {
		err = c.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	c.out = bufio.NewReader(out)
	_, err = c.request("initialize", map[string]any{
		"protocolVersion": "2025-06-18", "capabilities": map[string]any{"elicitation": map[string]any{}},
		"clientInfo": map[string]any{"name": "agentbench", "version": "1"},
	})
	if err == nil {
		err = c.write(message{Version: "2.0", Method: "notifications/initialized"})
	}
	return c, err
}

func (c *client) close() error {
	_ = c.in.Close()
	if err := c.cmd.Wait(); err != nil {
		return fmt.Errorf("the server: %w", err)
	}
	return nil
}

func (c *client) write(m message) error {
	if err := json.NewEncoder(c.in).Encode(m); err != nil {
		return fmt.Errorf("write to the server: %w", err)
	}
	return nil
}

// request sends a request and waits for its result. It answers the questions of the server for the person.
func (c *client) request(method string, params any) (json.RawMessage, error) {
	c.last++
	id, err := json.Marshal(c.last)
	if err == nil {
		err = c.write(message{Version: "2.0", ID: id, Method: method, Params: params})
	}
	for err == nil {
		var line []byte
		if line, err = c.out.ReadBytes('\n'); err != nil {
			break
		}
		var m message
		if err = json.Unmarshal(line, &m); err != nil {
			break
		}
		switch {
		case m.Method == "elicitation/create":
			err = c.answer(m.ID)
		case m.Method != "" || string(m.ID) != string(id):
		case m.Error != nil:
			return nil, errors.New(m.Error.Message)
		default:
			return m.Result, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", method, err)
}

// answer answers a question.
func (c *client) answer(id json.RawMessage) error {
	c.questions++
	result := `{"action":"decline"}`
	if c.agrees {
		result = `{"action":"accept","content":{"confirm":true}}`
	}
	return c.write(message{Version: "2.0", ID: id, Result: json.RawMessage(result)})
}

// result is the result of a tool.
type result struct {
	text   string
	failed bool
}

// call calls a tool.
func (c *client) call(tool string, arguments json.RawMessage) (result, error) {
	raw, err := c.request("tools/call", map[string]any{"name": tool, "arguments": arguments})
	if err != nil {
		return result{}, err
	}
	var r struct {
		Content []struct {
			Text string `json:"text"`
		} `json:"content"`
		IsError bool `json:"isError"`
	}
	if err := json.Unmarshal(raw, &r); err != nil || len(r.Content) == 0 {
		return result{}, fmt.Errorf("%s: unusable result %.200s: %w", tool, raw, err)
	}
	return result{r.Content[0].Text, r.IsError}, nil
}

// listed is a tool as the server lists it.
type listed struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	InputSchema json.RawMessage `json:"inputSchema"`
}

func (c *client) list() ([]listed, error) {
	raw, err := c.request("tools/list", map[string]any{})
	if err != nil {
		return nil, err
	}
	var r struct{ Tools []listed }
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, fmt.Errorf("read the tools: %w", err)
	}
	return r.Tools, nil
}

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// protocol is the version of the messages.
const protocol = 1

// start is the first message: what to run, and within which limits.
type start struct {
	Protocol  int             `json:"protocol"`
	Program   string          `json:"program"`
	Arguments json.RawMessage `json:"arguments"`
	Now       int64           `json:"now"`    // what the clock shows, in milliseconds since 1970
	Memory    uint64          `json:"memory"` // bytes of all values
	Output    int             `json:"output"` // bytes of the value
	Calls     int             `json:"calls"`
}

// message is what the program sends: calls to make, or its end.
type message struct {
	Calls json.RawMessage `json:"calls,omitempty"`
	Done  json.RawMessage `json:"done,omitempty"`
}

// peer is the server at the other end.
type peer struct {
	in    *bufio.Reader
	out   *json.Encoder
	lines chan []byte // of the standard input, once listen runs
}

func newPeer(in io.Reader, out io.Writer) *peer {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return &peer{in: bufio.NewReader(in), out: enc, lines: make(chan []byte)}
}

// receive reads the first message.
func (p *peer) receive(v any) error {
	line, err := p.in.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read the program: %w", err)
	}
	if err := json.Unmarshal(line, v); err != nil {
		return fmt.Errorf("read the program: %w", err)
	}
	return nil
}

// listen reads the messages that follow. When there are no more, the server has ended or given up.
func (p *peer) listen() {
	for {
		line, err := p.in.ReadBytes('\n')
		if err != nil {
			os.Exit(1)
		}
		p.lines <- line
	}
}

func (p *peer) send(m message) error {
	if err := p.out.Encode(m); err != nil {
		return errors.New("the server reads no more")
	}
	return nil
}

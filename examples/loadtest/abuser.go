package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// abuserRole is the subcommand of the process that abuses the server.
const abuserRole = "abuser"

// abuse is one way to misbehave.
type abuse struct {
	name, title string
	do          func(ctx context.Context, t *target) // until ctx ends
}

// target is what is abused, with what it responds.
type target struct {
	url    string
	client *http.Client

	mu      sync.Mutex
	answers map[string]int
}

// misbehave runs an abuse until the input ends, and then writes the responses.
func misbehave(ctx context.Context, name, url string, in io.Reader, out io.Writer) error {
	ctx, stop := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, in)
		stop()
	}()
	const connections = 600
	t := &target{url: url, client: newClient(connections), answers: map[string]int{}}
	for _, a := range abuses() {
		if a.name == name {
			a.do(ctx, t)
			t.mu.Lock()
			defer t.mu.Unlock()
			if err := json.NewEncoder(out).Encode(t.answers); err != nil {
				return fmt.Errorf("write the responses: %w", err)
			}
			return nil
		}
	}
	return fmt.Errorf("unknown abuse %q", name)
}

func (t *target) note(answer string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.answers[answer]++
}

// flood has several callers send requests without a pause. make returns the key, more headers and the body of each.
func flood(callers int, request func(n int64) (key string, header http.Header, body io.Reader)) func(
	ctx context.Context, t *target) {
	return func(ctx context.Context, t *target) {
		var n atomic.Int64
		var group sync.WaitGroup
		for range callers {
			group.Go(func() {
				for ctx.Err() == nil {
					key, header, body := request(n.Add(1))
					if header == nil {
						header = http.Header{}
					}
					if key != "" {
						header.Set("Authorization", "Bearer "+key)
					}
					status, text, err := exchange(ctx, t.client, http.MethodPost, t.url, header, body)
					if ctx.Err() == nil {
						t.note(answerOf(status, text, err))
					}
				}
			})
		}
		group.Wait()
	}
}

// abusers is the first number of the keys of abusers: good clients have lower ones.
const abusers = 1000

// calls is flood with calls of a tool by keys of a kind, of which there are so many.
func calls(callers int, kind string, keys int64, tool, arguments string) func(ctx context.Context, t *target) {
	body := callBody("1", tool, arguments)
	return flood(callers, func(n int64) (string, http.Header, io.Reader) {
		return key(kind, abusers+int(n%keys)), nil, strings.NewReader(body)
	})
}

// answerOf returns what a response says, without what differs between responses of the same kind.
func answerOf(status int, text []byte, err error) string {
	if err != nil {
		return "connection closed"
	}
	var m struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
		Result struct {
			IsError           bool `json:"isError"` //nolint:tagliatelle // MCP's name
			StructuredContent struct {
				Error struct {
					Code    string `json:"code"`
					Message string `json:"message"`
				} `json:"error"`
			} `json:"structuredContent"` //nolint:tagliatelle // MCP's name
		} `json:"result"`
	}
	switch {
	case json.Unmarshal(text, &m) != nil:
		return strconv.Itoa(status)
	case m.Error.Message != "":
		return strconv.Itoa(status) + " " + shortened(m.Error.Message)
	case m.Result.IsError:
		return m.Result.StructuredContent.Error.Code + ": " + shortened(m.Result.StructuredContent.Error.Message)
	}
	return "a result"
}

// shortened returns the beginning of a text.
func shortened(text string) string {
	const most = 90
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

// held opens connections, as many as asked for and one for each that the server closes, and has talk use each of them.
func held(connections int, talk func(ctx context.Context, c *connection) error) func(ctx context.Context, t *target) {
	return func(ctx context.Context, t *target) {
		var group sync.WaitGroup
		for range connections {
			group.Go(func() {
				for ctx.Err() == nil {
					c, err := t.dial(ctx)
					if err == nil {
						err = talk(ctx, c)
						_ = c.Close()
					}
					switch {
					case ctx.Err() != nil:
					case err == nil, errors.Is(err, io.EOF):
						t.note("connection closed")
					default:
						t.note("connection closed")
						time.Sleep(100 * time.Millisecond) // the abuser's machine needs sockets, too
					}
				}
			})
		}
		group.Wait()
	}
}

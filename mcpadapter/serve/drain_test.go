package serve

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

// conversation is a drain with what its two ends have seen. It lives in a bubble of testing/synctest.
type conversation struct {
	*drain

	client feed
	output bytes.Buffer  // what the client has read
	passed shared        // what the transport has read
	closed io.ReadCloser // the transport's input
	end    atomic.Pointer[error]
}

// shared is a buffer that one goroutine writes to while another looks at it.
type shared struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *shared) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(b)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// ended returns what the transport's input ended with, or nil if it goes on.
func (c *conversation) ended() error {
	if err := c.end.Load(); err != nil {
		return *err
	}
	return nil
}

// feed is an input of lines; closed, it ends.
type feed chan string

func (f feed) Read(b []byte) (int, error) {
	line, ok := <-f
	if !ok {
		return 0, io.EOF
	}
	return copy(b, line), nil
}

// converse starts a drain between a client and a transport that reads whatever it is given.
func converse(ctx context.Context, t *testing.T) *conversation {
	t.Helper()
	c := &conversation{client: make(feed, 100)}
	c.drain = newDrain(ctx, c.client, &c.output)
	c.closed, _ = c.drain.input().(io.ReadCloser)
	go func() {
		_, err := io.Copy(&c.passed, c.closed)
		if err == nil {
			err = io.EOF
		}
		c.end.Store(&err)
	}()
	return c
}

// say plays lines in their order: "> " from the client, "< " from the server.
func (c *conversation) say(t *testing.T, lines ...string) {
	t.Helper()
	for _, line := range lines {
		who, text := line[:2], strings.ReplaceAll(line[2:], "|", "\n")+"\n"
		if who == "> " {
			c.client <- text
		} else if n, err := c.drain.output().Write([]byte(text)); n != len(text) || err != nil {
			t.Errorf("%s: got %d, %v, want it written", text, n, err)
		}
		synctest.Wait()
	}
}

// hold checks that the input ends exactly when the waiting time is over.
func (c *conversation) hold(t *testing.T) {
	t.Helper()
	if c.ended() != nil {
		t.Error("the input ended with a request pending")
	}
	time.Sleep(2*time.Minute - 1)
	synctest.Wait()
	if c.ended() != nil {
		t.Error("the input ended before the waiting time was over")
	}
	time.Sleep(1)
	synctest.Wait()
	if c.ended() != io.EOF {
		t.Errorf("got %v when the waiting time was over, want EOF", c.ended())
	}
}

func TestTheEndOfInputWaitsForWhatIsPending(t *testing.T) {
	const (
		call1, call2 = `> {"id":1,"method":"tools/call"}`, `> {"id":2,"method":"tools/call"}`
		done1, done2 = `< {"id":1,"result":{}}`, `< {"id":2,"result":{}}`
		cancel1      = `> {"method":"notifications/cancelled","params":{"requestId":1}}`
		ask          = `< {"id":7,"method":"elicitation/create"}`
	)
	for name, c := range map[string]struct {
		lines []string
		waits bool
	}{
		"nothing":                 {nil, false},
		"a call":                  {[]string{call1}, true},
		"a call with a result":    {[]string{call1, done1}, false},
		"a call with an error":    {[]string{call1, `< {"id":1,"error":{"code":1}}`}, false},
		"the first of two":        {[]string{call1, call2, done1}, true},
		"the second of two":       {[]string{call1, call2, done2}, true},
		"both of two":             {[]string{call1, call2, done2, done1}, false},
		"both in one write":       {[]string{call1, call2, `< {"id":1,"result":{}}|{"id":2,"result":{}}`}, false},
		"one beside no JSON":      {[]string{call1, `< {|{"id":1,"result":{}}`}, false},
		"an ID twice":             {[]string{call1, call1, done1}, true},
		"an ID twice, thrice":     {[]string{call1, call1, call1, done1, done1}, true},
		"an ID twice, both":       {[]string{call1, call1, done1, done1}, false},
		"another ID":              {[]string{call1, done2}, true},
		"a text as ID":            {[]string{`> {"id":"1","method":"ping"}`, done1}, true},
		"the same text":           {[]string{`> {"id":"a<b","method":"ping"}`, `< {"id":"a\u003cb","result":{}}`}, false},
		"the same number":         {[]string{`> {"id":1.0,"method":"ping"}`, done1}, false},
		"no ID":                   {[]string{`> {"method":"notifications/initialized"}`}, false},
		"null as ID":              {[]string{`> {"id":null,"method":"ping"}`}, false},
		"a response of no ID":     {[]string{call1, `< {"id":null,"error":{}}`}, true},
		"no JSON":                 {[]string{`> {"id":1,"method":`}, false},
		"an array":                {[]string{`> [{"id":1,"method":"ping"}]`}, false},
		"a subscription":          {[]string{`> {"id":1,"method":"subscriptions/listen"}`}, false},
		"one beside a call":       {[]string{call2, `> {"id":1,"method":"subscriptions/listen"}`}, true},
		"a server's notification": {[]string{call1, `< {"method":"notifications/progress"}`}, true},

		"a canceled call":    {[]string{call1, cancel1}, false},
		"another's":          {[]string{call1, `> {"method":"notifications/cancelled","params":{"requestId":2}}`}, true},
		"one of two":         {[]string{call1, call2, cancel1}, true},
		"nobody's":           {[]string{call1, `> {"method":"notifications/cancelled"}`}, true},
		"one with an ID":     {[]string{`> {"id":3,"method":"notifications/cancelled","params":{}}`}, false},
		"canceled too late":  {[]string{call1, done1, cancel1}, false},
		"a later response":   {[]string{call1, done1, done1, call2}, true},
		"a call that asks":   {[]string{call1, ask}, false},
		"asks twice":         {[]string{call1, call2, ask, ask}, true},
		"two that ask":       {[]string{call1, call2, ask, `< {"id":8,"method":"elicitation/create"}`}, false},
		"one of two asks":    {[]string{call1, call2, ask}, true},
		"asks and is told":   {[]string{call1, ask, `> {"id":7,"result":{}}`}, true},
		"is told otherwise":  {[]string{call1, ask, `> {"id":8,"result":{}}`}, false},
		"is told an error":   {[]string{call1, ask, `> {"id":7,"error":{}}`}, true},
		"asks, ends, a next": {[]string{call1, ask, done1, call2}, true},
		"asks without an ID": {[]string{call1, `< {"id":null,"method":"elicitation/create"}`}, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conversation := converse(t.Context(), t)
				conversation.say(t, c.lines...)
				close(conversation.client)
				synctest.Wait()
				if c.waits {
					conversation.hold(t)
				} else if conversation.ended() != io.EOF {
					t.Errorf("got %v, want the end at once", conversation.ended())
				}
			})
		})
	}
}

func TestTheEndOfInputFollowsWhatItWaitedFor(t *testing.T) {
	for name, last := range map[string]string{
		"the response":               `< {"id":1,"result":{}}`,
		"a question to the client":   `< {"id":7,"method":"elicitation/create"}`,
		"the response among several": `< {"id":9,"result":{}}|{"id":1,"result":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := converse(t.Context(), t)
				c.say(t, `> {"id":1,"method":"tools/call"}`, `> {"id":2,"method":"tools/call"}`)
				close(c.client)
				for _, line := range []string{`< {"id":3,"result":{}}`, `< {"id":2,"result":{}}`} {
					if c.say(t, line); c.ended() != nil {
						t.Errorf("got %v after %s, want it to wait", c.ended(), line)
					}
				}
				if c.say(t, last); c.ended() == nil {
					t.Error("got no end")
				}
			})
		})
	}
}

func TestTheEndOfTheConnectionEndsTheWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := converse(ctx, t)
		c.say(t, `> {"id":1,"method":"tools/call"}`)
		close(c.client)
		if synctest.Wait(); c.ended() != nil {
			t.Fatal("the input ended with a request pending")
		}
		cancel()
		if synctest.Wait(); c.ended() == nil {
			t.Error("the end still waits")
		}
	})
}

func TestWhatFollowsInitializeWaitsForItsResponse(t *testing.T) {
	const next = `> {"method":"notifications/initialized"}`
	for name, c := range map[string]struct {
		first string
		held  bool
	}{
		"initialize":          {`> {"id":0,"method":"initialize"}`, true},
		"a call":              {`> {"id":0,"method":"tools/call"}`, false},
		"one without an ID":   {`> {"method":"initialize"}`, false},
		"another name":        {`> {"id":0,"method":"Initialize"}`, false},
		"initialize, no JSON": {`> {"id":0,"method":"initialize"`, false},
	} {
		for _, last := range []string{"the response", "the time"} {
			t.Run(name+", "+last, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					conversation := converse(t.Context(), t)
					conversation.say(t, c.first)
					if got := conversation.passed.String(); got != c.first[2:]+"\n" {
						t.Errorf("got %q, want the first line at once", got)
					}
					conversation.say(t, next)
					both := c.first[2:] + "\n" + next[2:] + "\n"
					if held := conversation.passed.String() != both; held != c.held {
						t.Errorf("got held %t, want %t: %q", held, c.held, &conversation.passed)
					}
					if last == "the response" {
						conversation.say(t, `< {"id":0,"result":{}}`)
					} else {
						time.Sleep(drainTime)
						synctest.Wait()
					}
					if got := conversation.passed.String(); got != both {
						t.Errorf("got %q after %s, want both lines", got, last)
					}
					close(conversation.client)
					time.Sleep(drainTime)
				})
			})
		}
	}
}

func TestEveryByteOfTheInputPasses(t *testing.T) {
	request := func(size int) string {
		text := `{"id":1,"method":"ping","x":"`
		return text + strings.Repeat("x", size-len(text)-2) + `"}`
	}
	for name, input := range map[string]string{
		"nothing":         "",
		"an empty line":   "\n",
		"no line at all":  "x",
		"empty lines":     "\n\n\r\n x \n",
		"4095 bytes":      request(4094) + "\n",
		"4096 bytes":      request(4095) + "\n", // what bufio holds at once
		"4097 bytes":      request(4096) + "\n",
		"a megabyte":      request(1<<20) + "\n" + request(1<<20) + "\n",
		"no last newline": "\n" + request(5000),
		"no UTF-8":        "\xff\x00\n",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				d := newDrain(t.Context(), iotest.HalfReader(strings.NewReader(input)), io.Discard)
				got, err := io.ReadAll(d.input())
				if string(got) != input || err != nil {
					t.Errorf("got %d bytes and %v, want the %d of the input", len(got), err, len(input))
				}
				if waited := time.Since(began) == drainTime; waited != strings.Contains(input, "ping") {
					t.Errorf("got waited %t, want it for a request alone", waited)
				}
			})
		})
	}
}

func TestAFailedInputFailsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken pipe")
		const line = `{"id":1,"method":"tools/call"}`
		began := time.Now()
		d := newDrain(t.Context(), io.MultiReader(strings.NewReader(line), iotest.ErrReader(broken)), io.Discard)
		got, err := io.ReadAll(d.input())
		if string(got) != line || err != broken {
			t.Errorf("got %q and %v, want the line and %v", got, err, broken)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("the error took %v, want none of it", took)
		}
	})
}

// A transport that reads no more leaves no goroutine behind, which the bubble would find.
func TestNothingIsReadForATransportThatIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := converse(t.Context(), t)
		if err := c.closed.Close(); err != nil {
			t.Fatal(err)
		}
		c.client <- `{"method":"a"}` + "\n"
		synctest.Wait()
		c.client <- `{"method":"b"}` + "\n"
		synctest.Wait()
		if left := len(c.client); left != 1 {
			t.Errorf("got %d lines left, want the second", left)
		}
	})
}

// Whether or not the client got a response, nothing more comes for the request.
func TestAFailedWriteIsReportedAndAwaitsNothing(t *testing.T) {
	full := errors.New("no space left on device")
	for name, out := range map[string]func([]byte) (int, error){
		"nothing written":  func([]byte) (int, error) { return 0, full },
		"a short write":    func(b []byte) (int, error) { return len(b) / 2, full },
		"all and an error": func(b []byte) (int, error) { return len(b), full },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := converse(t.Context(), t)
				c.drain.out = writerFunc(out)
				c.say(t, `> {"id":1,"method":"tools/call"}`, `> {"id":2,"method":"tools/call"}`)
				close(c.client)
				for _, line := range []string{`{"id":1,"result":{}}` + "\n", `{"id":2,"result":{}}` + "\n"} {
					wantN, _ := out([]byte(line))
					n, err := c.drain.output().Write([]byte(line))
					if n != wantN || err != full {
						t.Errorf("got %d, %v, want %d, %v", n, err, wantN, full)
					}
				}
				if synctest.Wait(); c.ended() == nil {
					t.Error("the end waits for responses that were given up")
				}
			})
		})
	}
}

func TestTheEndOfInputFollowsTheLastByteOfTheResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := converse(t.Context(), t)
		c.drain.out = writerFunc(func(b []byte) (int, error) {
			if synctest.Wait(); c.ended() != nil {
				t.Error("the input ended before the response was written")
			}
			return c.output.Write(b)
		})
		c.say(t, `> {"id":1,"method":"tools/call"}`)
		close(c.client)
		c.say(t, `< {"id":1,"result":{}}`)
		if c.ended() == nil || c.output.String() != `{"id":1,"result":{}}`+"\n" {
			t.Errorf("got %q and %v, want the response and then the end", &c.output, c.ended())
		}
	})
}

// A client that replies while the question is still being written is waited for as any other.
func TestAReplyMayComeDuringTheQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := converse(t.Context(), t)
		c.drain.out = writerFunc(func(b []byte) (int, error) {
			c.client <- `{"id":7,"result":{}}` + "\n"
			synctest.Wait()
			return len(b), nil
		})
		c.say(t, `> {"id":1,"method":"tools/call"}`, `< {"id":7,"method":"elicitation/create"}`)
		close(c.client)
		synctest.Wait()
		c.hold(t)
	})
}

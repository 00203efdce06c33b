package serve

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
)

func TestMessagesThatAreRefused(t *testing.T) {
	valued := `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":[` + strings.Repeat("1,", 10_000) + `1]}}`
	padded := func(head, tail string) string { return head + strings.Repeat("x", maxLineBytes) + tail }
	for name, c := range map[string]struct{ line, want string }{
		"no JSON":         {`{"id":1,"method":`, "null -32700 Parse error"},
		"an empty line":   {"", "null -32700 Parse error"},
		"no version":      {`{"id":1,"method":"ping"}`, `1 -32600 the member "jsonrpc" must be "2.0"`},
		"a batch":         {`[{"jsonrpc":"2.0","id":1,"method":"ping"}]`, "null -32600 batches are not supported: send one message at a time"},
		"many values":     {valued, "1 -32600 the message has more than 10000 JSON values"},
		"a long line":     {padded(`{"x":"`, `"}`), "null -32600 the message has more than 4194304 bytes"},
		"one with an ID":  {padded(`{"jsonrpc":"2.0","id":7,"x":"`, `"}`), "7 -32600 the message has more than 4194304 bytes"},
		"one with a last": {padded(`{"x":"`, `","id":"a"}`), `"a" -32600 the message has more than 4194304 bytes`},
		"another's ID":    {padded(`{"x":{"id":7,"y":"`, `"}}`), "null -32600 the message has more than 4194304 bytes"},
		"a panic":         {toolCall("1", "panic"), "1 -32603 the request failed inside the server"},
		"no result":       {toolCall("1", "unwritable"), "1 -32603 the result is not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := talk(t)
				for part := c.line; ; part = part[4096:] {
					if len(part) < 4096 {
						d.say(part)
						break
					}
					d.in <- part[:4096]
				}
				d.say(`{"jsonrpc":"2.0","id":2,"method":"ping"}`)
				d.wantOutput(t, c.want, "2 ")
				close(d.in)
				d.wantEnd(t, 0)
				if strings.Contains(d.out.String(), "secret") {
					t.Errorf("got %s, want no secret", &d.out)
				}
			})
		})
	}
}

func TestAByteOrderMarkIsIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := talk(t)
		d.say("\ufeff" + `{"jsonrpc":"2.0","id":1,"method":"ping"}`)
		d.say(`{"jsonrpc":"2.0","id":2,"method":"ping"}` + "\r")
		d.say("\ufeff\ufeff" + `{"jsonrpc":"2.0","id":3,"method":"ping"}`)
		d.wantOutput(t, "1 ", "2 ", "null -32700 Parse error")
		close(d.in)
		d.wantEnd(t, 0)
	})
}

func TestTheLastLineNeedsNoEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := talk(t)
		d.in <- `{"jsonrpc":"2.0","id":1,"method":"ping"}`
		close(d.in)
		d.wantEnd(t, 0)
		d.wantOutput(t, "1 ")
	})
}

// Lines come whole, whatever their size and the reads that bring them.
func TestLinesAreRead(t *testing.T) {
	for _, size := range []int{0, 1, 4094, 4095, 4096, 4097, 1 << 20, maxLineBytes - 1, maxLineBytes} {
		line := strings.Repeat("x", size)
		for name, in := range map[string]io.Reader{
			"whole": strings.NewReader(line + "\n" + line + "\r\n" + line),
			"parts": iotest.HalfReader(strings.NewReader(line + "\n" + line + "\r\n" + line)),
		} {
			lines := newLineReader(in)
			for i, want := range []error{nil, nil, io.EOF, io.EOF} {
				got, err := lines.next()
				if i < 3 && string(got) != line || err != want {
					t.Errorf("%d bytes, %s, line %d: got %d bytes and %v, want %v", size, name, i, len(got), err, want)
				}
			}
		}
	}
}

func TestLongLinesAreSkipped(t *testing.T) {
	for name, c := range map[string]struct {
		head, tail string
		id         string
	}{
		"an ID first":         {`{"id":1,"x":"`, `"}`, "1"},
		"behind the version":  {` { "jsonrpc" : "2.0" , "id" : "a" , "x":"`, `"}`, `"a"`},
		"an ID last":          {`{"x":"`, `","id":-7 } `, "-7"},
		"no ID":               {`{"x":"`, `"}`, ""},
		"of something else":   {`{"x":{"id":1},"y":"`, `"}`, ""},
		"within a text":       {`{"x":"\"id\":1,`, `\"id\":1}"}`, ""},
		"not an ID":           {`{"id":[1],"x":"`, `"}`, ""},
		"another version":     {`{"jsonrpc":"1.0","id":1,"x":"`, `"}`, ""},
		"control characters":  {"{\"id\":\"\x01\",\"x\":\"", `"}`, ""},
		"more than an int":    {`{"id":1234567890123456,"x":"`, `"}`, ""},
		"the end of the file": {`{"x":"`, `","id":3}` + "\x00", ""},
	} {
		for _, size := range []int{maxLineBytes + 1, maxLineBytes + 4096, 3 * maxLineBytes} {
			line := c.head + strings.Repeat("x", size-len(c.head)-len(c.tail)) + c.tail
			lines := newLineReader(strings.NewReader(line + "\nnext\n" + line))
			for _, want := range []string{"long", "next", "long"} {
				got, err := lines.next()
				long := (*longLineError)(nil)
				if isLong := errors.As(err, &long); isLong != (want == "long") || !isLong && string(got) != want {
					t.Errorf("%s, %d bytes: got %.20q and %v, want %s", name, size, got, err, want)
				}
				if long != nil && string(long.id) != c.id {
					t.Errorf("%s, %d bytes: got the ID %s, want %s", name, size, long.id, c.id)
				}
			}
			if got, err := lines.next(); len(got) != 0 || err != io.EOF {
				t.Errorf("%s: got %q and %v, want the end", name, got, err)
			}
		}
	}
}

func TestAWriterThatFailedWritesNoMore(t *testing.T) {
	full := errors.New("no space left on device")
	for name, c := range map[string]struct {
		n    int
		err  error
		want error
	}{
		"an error":         {0, full, full},
		"a short write":    {2, nil, io.ErrShortWrite},
		"all and an error": {4, full, full},
	} {
		calls := 0
		w := newLineWriter(writerFunc(func([]byte) (int, error) { calls++; return c.n, c.err }))
		if n, err := w.Write([]byte("one\n")); n != 0 || err != c.want {
			t.Errorf("%s: got %d and %v, want nothing for sure and %v", name, n, err, c.want)
		}
		if n, err := w.Write([]byte("two\n")); n != 0 || err != c.want || calls != 1 || w.failure() != c.want {
			t.Errorf("%s: got %d, %v and %d writes, want the first error again", name, n, err, calls)
		}
		select {
		case <-w.failed:
		default:
			t.Errorf("%s: it does not signal its failure", name)
		}
	}
	var out bytes.Buffer
	w := newLineWriter(&out)
	_, _ = w.Write([]byte("one\n"))
	if _, err := w.Write([]byte("two\n")); err != nil || out.String() != "one\ntwo\n" || w.failure() != nil {
		t.Errorf("got %v and %q, want both lines", err, &out)
	}
}

// Lines that are ready while others are being written go out in one write, each whole, and each Write waits for its own.
func TestLinesThatAreReadyTogetherAreWrittenTogether(t *testing.T) {
	for name, failure := range map[string]error{"written": nil, "failed": errors.New("broken pipe")} {
		synctest.Test(t, func(t *testing.T) {
			begun, proceed := make(chan string), make(chan error)
			w := newLineWriter(writerFunc(func(b []byte) (int, error) {
				begun <- string(b)
				return len(b), <-proceed
			}))
			results := make(chan error, 10)
			write := func(parts ...string) {
				var line [][]byte
				for _, part := range parts {
					line = append(line, []byte(part))
				}
				go func() { results <- w.writeParts(line) }()
			}
			write("first\n")
			if got := <-begun; got != "first\n" {
				t.Fatalf("%s: got %q", name, got)
			}
			write("second\n")
			synctest.Wait()
			write("in ", "parts\n")
			synctest.Wait()
			write("last\n")
			synctest.Wait()
			if len(results) != 0 {
				t.Errorf("%s: %d writes returned before their lines were written", name, len(results))
			}
			proceed <- failure
			if failure == nil {
				if got := <-begun; got != "second\nin parts\nlast\n" {
					t.Errorf("got %q, want the lines that were ready", got)
				}
				proceed <- nil
			}
			for range 4 {
				if err := <-results; err != failure {
					t.Errorf("%s: got %v", name, err)
				}
			}
			if err := w.failure(); err != failure {
				t.Errorf("%s: got %v", name, err)
			}
		})
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

package serve

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"runtime"
	"slices"
	"sync"
)

// maxLineBytes limits a message over stdio.
const maxLineBytes = 4 << 20

// lineReader reads messages of one line each (MCP revision 2025-11-25, basic/transports, "stdio").
type lineReader struct{ in *bufio.Reader }

func newLineReader(in io.Reader) lineReader { return lineReader{bufio.NewReader(in)} }

// next returns the next line without its end, and without a byte order mark, which some shells begin a pipe with and a
// reader may ignore (RFC 8259 section 8.1). The line is the caller's. At the end of the input it returns [io.EOF],
// with a last line that has no end or an empty one. For a line of more than maxLineBytes it returns a *longLineError
// and goes on behind that line.
func (l lineReader) next() ([]byte, error) {
	part, err := l.in.ReadSlice('\n')
	if err == nil {
		return bytes.Clone(content(part)), nil
	}
	var line []byte
	for {
		line = append(line, part...)
		message := content(line)
		if len(message) > maxLineBytes {
			return nil, l.skip(line, err)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return message, err //nolint:wrapcheck // the caller names the input
		}
		part, err = l.in.ReadSlice('\n')
	}
}

// content returns a line without its end and its byte order mark.
func content(line []byte) []byte {
	return bytes.TrimPrefix(bytes.TrimRight(line, "\r\n"), []byte(byteOrderMark))
}

const byteOrderMark = "\xef\xbb\xbf"

// skip discards the rest of a long line; err is that of the last read.
func (l lineReader) skip(line []byte, err error) error {
	const kept = 300 // bytes at either end, to find the ID in
	long := &longLineError{id: firstID(line[:kept])}
	tail := bytes.Clone(line[len(line)-kept:])
	for errors.Is(err, bufio.ErrBufferFull) {
		var part []byte
		part, err = l.in.ReadSlice('\n')
		tail = append(tail, part[max(0, len(part)-kept):]...)
		tail = tail[max(0, len(tail)-kept):]
	}
	if long.id == nil {
		long.id = lastID(tail)
	}
	return long
}

// longLineError reports a line of more than maxLineBytes.
type longLineError struct{ id json.RawMessage } // of its message; nil: unknown

func (*longLineError) Error() string { return "line too long" }

// firstID returns the ID that a message begins with, behind at most its version, or nil.
func firstID(head []byte) json.RawMessage {
	return submatch(`^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(-?[0-9]{1,15}|"[^"\\]*")\s*,`, head)
}

// lastID returns the ID that a message ends with, or nil.
func lastID(tail []byte) json.RawMessage {
	return submatch(`[,{]\s*"id"\s*:\s*(-?[0-9]{1,15}|"[^"\\]*")\s*\}\s*$`, tail)
}

// submatch returns what the group of a pattern matches, or nil. Patterns are compiled when they are needed, as lines of
// that length are rare.
func submatch(pattern string, text []byte) json.RawMessage {
	if found := regexp.MustCompile(pattern).FindSubmatch(text); found != nil && json.Valid(found[1]) {
		return bytes.Clone(found[1])
	}
	return nil
}

// lineWriter writes messages of one line each. It is safe for concurrent use: each Write is one line. After an error it
// writes no more, because the reader could not find the next line.
//
// Lines that goroutines have ready at the same time go out together, as writing one and waking the reader for it takes
// longer than making it.
type lineWriter struct {
	out     io.Writer
	writing chan struct{} // has an element while out is written to
	failed  chan struct{} // closed by the first error

	mu   sync.Mutex
	next *batch // of lines that are not written yet; nil: none
	err  error
}

// batch are lines that are written together.
type batch struct {
	lines [][]byte
	done  chan struct{} // closed when they are written
	err   error         // then
}

func newLineWriter(out io.Writer) *lineWriter {
	return &lineWriter{out: out, writing: make(chan struct{}, 1), failed: make(chan struct{})}
}

// Write returns when the line is written.
func (l *lineWriter) Write(line []byte) (int, error) {
	if err := l.writeParts([][]byte{line}); err != nil {
		return 0, err
	}
	return len(line), nil
}

// writeParts writes a line that has parts.
func (l *lineWriter) writeParts(parts [][]byte) error {
	l.mu.Lock()
	if l.err != nil {
		l.mu.Unlock()
		return l.err
	}
	b, first := l.next, l.next == nil
	if first {
		b = &batch{done: make(chan struct{})}
		l.next = b
	}
	b.lines = append(b.lines, parts...)
	l.mu.Unlock()
	if !first {
		<-b.done
		return b.err
	}
	runtime.Gosched() // others may have a line ready
	l.writing <- struct{}{}
	l.mu.Lock()
	l.next, b.err = nil, l.err
	l.mu.Unlock()
	if b.err == nil {
		b.err = l.write(b.lines)
	}
	<-l.writing
	close(b.done)
	return b.err
}

// write writes lines at once.
func (l *lineWriter) write(lines [][]byte) error {
	text := lines[0]
	if len(lines) > 1 {
		text = slices.Concat(lines...)
	}
	n, err := l.out.Write(text)
	if err == nil && n < len(text) {
		err = io.ErrShortWrite
	}
	if err != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.err = err
		close(l.failed)
	}
	return err
}

// failure returns the error of the first write that failed, or nil.
func (l *lineWriter) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

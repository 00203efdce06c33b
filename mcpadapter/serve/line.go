package serve

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"sync"
)

// maxLineBytes limits a message over stdio.
const maxLineBytes = 4 << 20

// lineReader reads messages of one line each (MCP revision 2025-11-25, basic/transports, "stdio").
type lineReader struct{ in *bufio.Reader }

func newLineReader(in io.Reader) lineReader { return lineReader{bufio.NewReader(in)} }

// next returns the next line without its end. The line is the caller's. At the end of the input it returns [io.EOF],
// with a last line that has no end or an empty one. For a line of more than maxLineBytes it returns a *longLineError
// and goes on behind that line.
func (l lineReader) next() ([]byte, error) {
	part, err := l.in.ReadSlice('\n')
	if err == nil {
		return bytes.Clone(bytes.TrimRight(part, "\r\n")), nil
	}
	var line []byte
	for {
		line = append(line, part...)
		content := bytes.TrimRight(line, "\r\n")
		if len(content) > maxLineBytes {
			return nil, l.skip(line, err)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return content, err //nolint:wrapcheck // the caller names the input
		}
		part, err = l.in.ReadSlice('\n')
	}
}

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

var (
	leadingID  = regexp.MustCompile(`^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(-?[0-9]{1,15}|"[^"\\]*")\s*,`)
	trailingID = regexp.MustCompile(`[,{]\s*"id"\s*:\s*(-?[0-9]{1,15}|"[^"\\]*")\s*\}\s*$`)
)

// firstID returns the ID that a message begins with, behind at most its version, or nil.
func firstID(head []byte) json.RawMessage { return submatch(leadingID, head) }

// lastID returns the ID that a message ends with, or nil.
func lastID(tail []byte) json.RawMessage { return submatch(trailingID, tail) }

func submatch(pattern *regexp.Regexp, text []byte) json.RawMessage {
	if found := pattern.FindSubmatch(text); found != nil && json.Valid(found[1]) {
		return bytes.Clone(found[1])
	}
	return nil
}

// lineWriter writes messages of one line each. It is safe for concurrent use: each Write is one line. After an error it
// writes no more, because the reader could not find the next line.
type lineWriter struct {
	mu     sync.Mutex
	out    io.Writer
	err    error
	failed chan struct{} // closed by the first error
}

func newLineWriter(out io.Writer) *lineWriter {
	return &lineWriter{out: out, failed: make(chan struct{})}
}

func (l *lineWriter) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return 0, l.err
	}
	n, err := l.out.Write(line)
	if err == nil && n < len(line) {
		err = io.ErrShortWrite
	}
	if err != nil {
		l.err = err
		close(l.failed)
	}
	return n, err
}

// writeParts writes a line that has parts.
func (l *lineWriter) writeParts(parts [][]byte) error {
	line := parts[0]
	if len(parts) > 1 { // in one write, as another message may follow
		line = slices.Concat(parts...)
	}
	_, err := l.Write(line)
	return err
}

// failure returns the error of the first write that failed, or nil.
func (l *lineWriter) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

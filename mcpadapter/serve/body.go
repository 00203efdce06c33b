package serve

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// bodyTime limits how long a body takes to arrive.
	bodyTime = 20 * time.Second
	// firstBytes is the room that a body of unknown length gets at first, and a long one, whose client may send nothing.
	firstBytes = 4 << 10
)

// readBody reads the body of a request within a limit, in one buffer whose size is counted as it grows. release gives
// that room back, and is never nil.
func (a *admission) readBody(w http.ResponseWriter, r *http.Request, limit int64) (
	body []byte, release func(), refused *refusal,
) {
	var held int64
	release = func() { a.hold(-held); held = 0 }
	if r.ContentLength > limit {
		return nil, release, tooLarge(limit)
	}
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(time.Now().Add(bodyTime)) // writers of tests have none
	defer func() {
		if refused == nil {
			_ = c.SetReadDeadline(time.Time{}) // a call may take longer
		}
	}()
	in := http.MaxBytesReader(w, r.Body, limit)
	size := int64(firstBytes)
	if 0 <= r.ContentLength && r.ContentLength < size {
		size = r.ContentLength + 1 // to read the end
	}
	for {
		if !a.hold(size - held) {
			return nil, release, &refusal{
				reason: refusedBusy, retryAfter: time.Second,
				message: "the server has too many requests in memory; retry in a second",
			}
		}
		held = size
		body = append(make([]byte, 0, size), body...)
		for int64(len(body)) < size {
			n, err := in.Read(body[len(body):size])
			body = body[:len(body)+n]
			switch {
			case err == nil:
			case errors.Is(err, io.EOF):
				return body, release, nil
			case errors.As(err, new(*http.MaxBytesError)):
				return nil, release, tooLarge(limit)
			default:
				return nil, release, &refusal{reason: refusedBroken, message: "the request could not be read"}
			}
		}
		if size *= 4; size > limit {
			size = limit + 1
		}
	}
}

func tooLarge(limit int64) *refusal {
	return &refusal{reason: refusedTooLarge, message: fmt.Sprintf("the request has more than %d bytes", limit)}
}

// message is the body of a request, read once.
type message struct {
	envelope

	text []byte
}

// messageBody is a body that has been read.
type messageBody struct {
	*bytes.Reader

	message message
}

func newMessageBody(m message) *messageBody { return &messageBody{bytes.NewReader(m.text), m} }

func (*messageBody) Close() error { return nil }

// messageOf returns the message of a request, whose body can still be read.
func messageOf(r *http.Request) (message, error) {
	if body, ok := r.Body.(*messageBody); ok {
		return body.message, nil
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return message{}, err //nolint:wrapcheck // the caller responds with a text of its own
	}
	m := message{text: text}
	m.envelope, _ = readEnvelope(text)
	r.Body = newMessageBody(m)
	return m, nil
}

package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// maxBody is how many bytes a request body may have.
const maxBody = 1 << 20

// request is what matters of an HTTP request. Its header is left out: nothing here depends on a credential.
type request struct {
	method string
	path   string // escaped
	query  string
	body   []byte // longer than maxBody by one byte, if too long
}

// reply is what an HTTP response is made of.
type reply struct {
	status    int
	body      []byte // JSON, or nothing
	location  string
	allow     string
	requestID string
}

// RoundTrip answers the request from memory, as [http.RoundTripper] asks: it changes nothing of the request, closes
// its body, and returns an error only if the body cannot be read or the context is done.
func (s *Sandbox) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := readBody(req.Body)
	if err == nil {
		err = req.Context().Err()
	}
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	rep := s.handle(newRequest(req, body))
	header := http.Header{}
	rep.setHeader(header)
	return &http.Response{
		Status:        strconv.Itoa(rep.status) + " " + http.StatusText(rep.status),
		StatusCode:    rep.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          io.NopCloser(bytes.NewReader(rep.body)),
		ContentLength: int64(len(rep.body)),
		Request:       req,
	}, nil
}

// ServeHTTP answers the request from memory.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var rep reply
	if body, err := readBody(req.Body); err != nil {
		rep = s.refuse(badRequest("The body cannot be read."))
	} else {
		rep = s.handle(newRequest(req, body))
	}
	rep.setHeader(w.Header())
	w.WriteHeader(rep.status)
	_, _ = w.Write(rep.body) // who has gone away gets no answer
}

func newRequest(req *http.Request, body []byte) request {
	method := req.Method
	if method == "" {
		method = http.MethodGet // as for clients, see http.Request
	}
	u := req.URL
	if u == nil {
		u = &url.URL{}
	}
	return request{method: method, path: u.EscapedPath(), query: u.RawQuery, body: body}
}

func readBody(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	data, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err = errors.Join(err, body.Close()); err != nil {
		return nil, fmt.Errorf("read request body: %w", err)
	}
	return data, nil
}

func (r reply) setHeader(h http.Header) {
	h.Set("X-Request-Id", r.requestID)
	if len(r.body) > 0 {
		h.Set("Content-Type", "application/json; charset=utf-8")
	}
	if r.location != "" {
		h.Set("Location", r.location)
	}
	if r.allow != "" {
		h.Set("Allow", r.allow)
	}
}

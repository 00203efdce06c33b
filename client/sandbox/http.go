package sandbox

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// jsonMedia is the media type of JSON responses.
const jsonMedia = "application/json; charset=utf-8"

// maxBody is how many bytes a request body may have.
const maxBody = 1 << 20

// request is what matters of an HTTP request.
type request struct {
	method string
	path   string // escaped
	query  string
	body   []byte // longer than maxBody by one byte, if too long
	bearer string
	basic  string // the credential of HTTP Basic (RFC 7617)
	form   bool   // whether the body is one of a form
	host   string // scheme and authority that it came to

	foreign bool // whether a web page of another origin may have sent it, to the sandbox itself
}

// reply is what an HTTP response is made of.
type reply struct { //nolint:recvcheck // only what it writes is large
	status    int
	body      []byte // JSON, or nothing
	media     string
	policy    string // Content-Security-Policy of a page; "": that of the page about the sandbox
	location  string
	allow     string
	challenge string
	requestID string
	at        time.Time // of the sandbox

	retryAfter int    // seconds
	breaks     string // see Fault.Break
}

// RoundTrip responds to the request from memory, as [http.RoundTripper] asks: it changes nothing of the request, closes
// its body, and returns an error only if the body cannot be read or the context is done.
func (s *Sandbox) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := readBody(req.Body)
	if err == nil {
		err = req.Context().Err()
	}
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	rep, err := s.respond(req.Context(), newRequest(req, body))
	if err == nil {
		err = rep.err()
	}
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	header := http.Header{}
	rep.setHeader(header)
	content := io.NopCloser(bytes.NewReader(rep.body))
	if rep.breaks == breakTruncate {
		content = truncated{bytes.NewReader(rep.body[:len(rep.body)/2]), content}
	}
	return &http.Response{
		Status:        strconv.Itoa(rep.status) + " " + http.StatusText(rep.status),
		StatusCode:    rep.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          content,
		ContentLength: int64(len(rep.body)),
		Request:       req,
	}, nil
}

// ServeHTTP responds to the request from memory.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var rep reply
	if body, err := readBody(req.Body); err != nil {
		rep = s.refuse(badRequest("The body cannot be read."))
	} else {
		r := newRequest(req, body)
		r.foreign = isControl(r.path) && foreign(req)
		if rep, err = s.respond(req.Context(), r); err != nil {
			return // the client has gone away
		}
	}
	rep.write(w)
}

// foreign reports whether a web page of another origin may have sent a request, or may read the response by a name of
// its own for this machine.
func foreign(req *http.Request) bool {
	if http.NewCrossOriginProtection().Check(req) != nil {
		return true
	}
	from, _, _ := net.SplitHostPort(req.RemoteAddr)
	to := (&url.URL{Host: req.Host}).Hostname()
	return net.ParseIP(from).IsLoopback() && strings.Contains(to, ".") && net.ParseIP(to) == nil
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
	r := request{method: method, path: u.EscapedPath(), query: u.RawQuery, body: body, host: hostOf(req)}
	r.bearer, _ = strings.CutPrefix(req.Header.Get("Authorization"), "Bearer ")
	if credential, ok := strings.CutPrefix(req.Header.Get("Authorization"), "Basic "); ok {
		r.bearer, r.basic = "", credential
	}
	media, _, _ := strings.Cut(req.Header.Get("Content-Type"), ";")
	r.form = strings.EqualFold(strings.TrimSpace(media), "application/x-www-form-urlencoded")
	return r
}

// hostOf is the base URL that a request came to, for links that lead back.
func hostOf(req *http.Request) string {
	switch {
	case req.URL != nil && req.URL.IsAbs():
		return req.URL.Scheme + "://" + req.URL.Host
	case req.TLS != nil:
		return "https://" + req.Host
	default:
		return "http://" + req.Host
	}
}

func readBody(body io.ReadCloser) ([]byte, error) {
	if body == nil || body == http.NoBody {
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
		h.Set("Content-Type", r.media)
	}
	if r.media == htmlMedia {
		h.Set("Content-Security-Policy", cmp.Or(r.policy, pagePolicy))
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
	}
	if r.location != "" {
		h.Set("Location", r.location)
	}
	if r.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(r.retryAfter))
	}
	if r.challenge != "" {
		h.Set("WWW-Authenticate", r.challenge)
	}
	if r.allow != "" {
		h.Set("Allow", r.allow)
	}
}

package authkit

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
)

// uncached is a response that sets a session cookie. A shared cache that stores it signs others in, so that no header
// of the handler may permit that.
type uncached struct {
	http.ResponseWriter

	begun bool
}

// protect returns a writer for the rest of the response, and a function to call at its end.
func (s *Sessions) protect(w http.ResponseWriter) (http.ResponseWriter, func()) {
	isSession := func(line string) bool {
		name, _, _ := strings.Cut(line, "=")
		return s.isSession(name)
	}
	if !slices.ContainsFunc(w.Header()["Set-Cookie"], isSession) {
		return w, func() {}
	}
	u := &uncached{ResponseWriter: w}
	return u, func() { u.begin(http.StatusOK) }
}

// begin sets the header that the response is about to be sent with.
func (u *uncached) begin(status int) {
	if u.begun || status < http.StatusOK && status != http.StatusSwitchingProtocols { // more headers follow
		return
	}
	u.begun = true
	header := u.Header()
	header.Set("Cache-Control", "no-store")
	header.Del("CDN-Cache-Control") // RFC 9213 section 3.1; caches heed it before the other
	header.Del("Surrogate-Control")
}

// WriteHeader implements [http.ResponseWriter].
func (u *uncached) WriteHeader(status int) {
	u.begin(status)
	u.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (u *uncached) Write(p []byte) (int, error) {
	u.begin(http.StatusOK)
	return u.ResponseWriter.Write(p) //nolint:wrapcheck // it is the writer's
}

// ReadFrom implements [io.ReaderFrom], by which files are sent.
func (u *uncached) ReadFrom(src io.Reader) (int64, error) {
	u.begin(http.StatusOK)
	return io.Copy(u.ResponseWriter, src) //nolint:wrapcheck // it is the writer's
}

// Flush implements [http.Flusher].
func (u *uncached) Flush() { _ = u.FlushError() }

// FlushError is Flush for [http.ResponseController].
func (u *uncached) FlushError() error {
	u.begin(http.StatusOK)
	return http.NewResponseController(u.ResponseWriter).Flush() //nolint:wrapcheck // it is the writer's
}

// Hijack implements [http.Hijacker].
func (u *uncached) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(u.ResponseWriter).Hijack() //nolint:wrapcheck // it is the writer's
}

// Unwrap is for [http.ResponseController].
func (u *uncached) Unwrap() http.ResponseWriter { return u.ResponseWriter }

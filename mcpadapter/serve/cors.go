package serve

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mark3labs/mcp-go/server"
)

// cors is what browsers let web pages of other origins send and read (Fetch standard, "CORS protocol").
type cors struct {
	origins []string // of the pages
	headers []string // that their requests may have
}

// handler lets the pages read every response of next. Refusals are among them: a page that cannot read a 401 does not
// find out how its user signs in, nor when a request may come again.
func (c cors) handler(next http.Handler) http.Handler {
	if len(c.origins) == 0 {
		return next
	}
	exposed := strings.Join([]string{
		server.HeaderKeySessionID, "WWW-Authenticate", "Retry-After", requestIDHeader,
	}, ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Add("Vary", "Origin")
		if origin := r.Header.Get("Origin"); slices.Contains(c.origins, origin) {
			header.Set("Access-Control-Allow-Origin", origin)
			header.Set("Access-Control-Expose-Headers", exposed)
		}
		next.ServeHTTP(w, r)
	})
}

// isPreflight reports whether a request is a preflight and pages may call at all.
func (c cors) isPreflight(r *http.Request) bool {
	return len(c.origins) > 0 && r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}

// preflight responds to a preflight.
func (c cors) preflight(w http.ResponseWriter) {
	w.Header().Set("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS")
	w.Header().Set("Access-Control-Allow-Headers", strings.Join(c.headers, ", "))
	w.WriteHeader(http.StatusNoContent)
}

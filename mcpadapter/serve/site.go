package serve

import (
	"cmp"
	"net/http"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// onlyKnownHosts refuses requests for hosts that are not this server's, as the endpoint does: a web page can give its
// own name the address of any server, and read what is for others.
func onlyKnownHosts(next http.Handler, opts HTTPOptions) http.Handler {
	check := guard{opts: opts, origins: http.NewCrossOriginProtection()}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, refused := check.local(r); refused != nil {
			opts.refuse(w, r, *refused)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// site serves what describes the server: its card, and the page for people if the flag says so. Elsewhere it says where
// MCP is, as clients show the text of a failure to whoever wrote the URL.
func (p program) site(f flags, l listening, opts HTTPOptions, adapter *mcpadapter.Adapter) http.Handler {
	mux := http.NewServeMux()
	base := siteURL(l)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writePlain(w, http.StatusNotFound, "not found: MCP is at "+base(r)+mcpPath)
	})
	discovery{p.api, opts, base}.register(mux)
	if l.showsPage() {
		people{program: p, flags: f, auth: l.auth, opts: opts, adapter: adapter, base: base}.register(mux)
	}
	return mux
}

// showsPage reports whether the page for people is served: by default on loopback, unless callers need a credential
// even to list tools.
func (l *listening) showsPage() bool {
	if l.pageSet {
		return l.page
	}
	return loopback(l.addr) && !l.opts.RequireCredential
}

// siteURL returns the URL of the site for a request: that of the flag, or else the one that the client has used, with
// the base path. It has no slash at the end.
func siteURL(l listening) func(*http.Request) string {
	origin := ""
	if l.auth.baseURL != "" {
		origin, _, _ = checkBaseURL(l.auth.baseURL, l.basePath) // an invalid one was refused
	}
	return func(r *http.Request) string {
		scheme := cmp.Or(schemeOf(r.Context()), "http")
		switch {
		case origin != "":
			return origin + l.basePath
		case r.TLS != nil:
			scheme = "https"
		}
		return scheme + "://" + r.Host + l.basePath
	}
}

package main

import (
	"html/template"
	"log/slog"
	"net/http"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
)

// pageTemplate shows a page.
const pageTemplate = `<!doctype html>
<title>AuthKit</title>
{{if .User}}<p>Signed in as {{.User.Email}}{{with .Claims.OrganizationID}} in {{.}}{{end}}.</p>
{{if .Claims.HasPermission "reports:read"}}<p>You may read reports.</p>{{end}}
<p><a href="/account">Account</a></p>
<form method="post" action="/sign-out"><button>Sign out</button></form>
{{else}}<p>Nobody is signed in.</p>
<p><a href="/sign-in?return_to=/account">Sign in</a></p>
{{end}}`

type page struct {
	User   *workos.User // nil: nobody is signed in
	Claims *authkit.Claims
}

// site shows who is signed in.
type site struct{ page *template.Template }

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var p page
	if session, ok := authkit.SessionFrom(r.Context()); ok {
		p.User = session.User
		p.Claims, _ = authkit.ClaimsFrom(r.Context())
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := s.page.Execute(w, p); err != nil {
		slog.ErrorContext(r.Context(), "page", "err", err)
	}
}

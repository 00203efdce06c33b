package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

func TestPageShowsTheSandbox(t *testing.T) {
	t.Parallel()
	sb := fixed()
	endpoint := subscribe(t, sb, "https://a.example/hook", "organization.created")
	org := create(t, sb, "/organizations", fields{"name": "<script>alert(1)</script>"})
	domain := create(t, sb, "/organization_domains", fields{"domain": "acme.com", "organization_id": org})
	must(t, sb, http.StatusCreated, "POST", "/user_management/magic_auth", fields{"email": "ada@example.com"})
	addFault(t, sb, sandbox.Fault{Operation: "none.*", Status: 503})
	for path, want := range map[string][]string{
		"/_sandbox/": {
			"…test", "organization.created", "https://a.example/hook", "ada@example.com", sb.Outbox()[0].Code, "none.*",
			"user_management.magic_auth.create", "/redeliver", "2026-01-02 03:04:05 UTC",
		},
		"/_sandbox": {"WorkOS sandbox"},
		"/_sandbox/?environment=0&type=organization": {org, "&lt;script&gt;alert(1)"},
		"/_sandbox/?environment=0&type=organization_domain": {
			domain, "/_sandbox/?environment=0&amp;type=organization#" + org,
		},
		"/_sandbox/?environment=0&type=webhook_endpoint": {str(endpoint["id"]), "***"},
	} {
		a := send(t, sb, "GET", path, nil)
		policy := a.header.Get("Content-Security-Policy")
		if a.status != http.StatusOK || !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: got %d and the policy %s", path, a.status, policy)
		}
		for _, part := range want {
			if !strings.Contains(a.text, part) {
				t.Errorf("%s: got %s, want %s", path, a.text, part)
			}
		}
		for _, never := range []string{"<script>alert", str(endpoint["secret"]), "sk_test"} {
			if strings.Contains(a.text, never) {
				t.Errorf("%s: the page has %s", path, never)
			}
		}
	}
	for path, media := range map[string]string{"page.css": "text/css", "page.js": "text/javascript"} {
		if a := send(t, sb, "GET", "/_sandbox/"+path, nil); !strings.HasPrefix(a.header.Get("Content-Type"), media) {
			t.Errorf("%s: got %d %v", path, a.status, a.header)
		}
	}
	for _, path := range []string{"/_sandbox/?type=none", "/_sandbox/?environment=9&type=user"} {
		if a := send(t, sb, "GET", path, nil); a.status != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, a.status)
		}
	}
}

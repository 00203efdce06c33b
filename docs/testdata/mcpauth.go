package snippet

import (
	"net/http"

	"github.com/seed-f165d83c/workos/client/authkit/mcpauth"
)

func _(mux *http.ServeMux, server http.Handler) error {
	// SNIPPET
}

package snippet

import (
	"net/http"
	"os"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
)

func _(mux *http.ServeMux, app http.Handler) (err error) {
	return func() error {
		// SNIPPET
		return err
	}()
}

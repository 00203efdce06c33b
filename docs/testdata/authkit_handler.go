package snippet

import (
	"fmt"
	"net/http"

	"github.com/seed-f165d83c/workos/client/authkit"
)

func _(w http.ResponseWriter, r *http.Request) {
	// SNIPPET
}

package snippet

import (
	"context"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

var _ = newHandler

// SNIPPET

package snippet

import (
	"context"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/gen"
)

var _ = newHandler

// SNIPPET

package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// progress shows on a terminal how far a call with several requests is, on one line that it replaces and clears.
type progress struct {
	out    io.Writer
	show   bool
	called bool // a first response has come
	last   mcpadapter.Progress
}

// watch returns a context whose calls report to the progress.
func (p *progress) watch(ctx context.Context) context.Context {
	return mcpadapter.WithProgress(ctx, func(now mcpadapter.Progress) {
		p.called, p.last = true, now
		if p.show {
			_, _ = fmt.Fprintf(p.out, "\r\x1b[K%s…", now)
		}
	})
}

// clear removes the line.
func (p *progress) clear() {
	if p.show && p.called {
		_, _ = io.WriteString(p.out, "\r\x1b[K")
	}
}

// interrupted is the error of a call whose result has only what was read before a signal.
type interrupted struct{ read string }

func (i interrupted) Error() string {
	return "interrupted after " + i.read + ", which the result above has; nothing was sent since"
}

// interruption returns the error for a result that came after a signal.
func (p *progress) interruption(result json.RawMessage) error {
	if list, ok := items(result); ok {
		return interrupted{phrase.Plural(len(list), "element")}
	}
	return interrupted{p.last.String()} // the result has another shape
}

package mcpadapter

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Source makes the table of an adapter at start. Package spec has sources of OpenAPI documents. The problems are what
// the table lacks of the document.
type Source func() (*optable.Table, []SourceProblem, error)

// SourceProblem is something in a document that the table lacks or has in another form.
type SourceProblem struct {
	Line  int // from 1; 0: the document as a whole
	Found string
	Cure  string // what to change in the document; "": nothing needs to be
}

// WithSource makes the table when New is called, if that of New is nil. New logs the problems, see [WithLogger], and
// fails if there are some and [WithStrict] is set.
func WithSource(source Source) Option {
	return func(o *options) error {
		if source == nil {
			return errors.New("WithSource: the source is nil")
		}
		o.source = source
		return nil
	}
}

// read returns the table of a source.
func (o *options) read() (*optable.Table, error) {
	table, problems, err := o.source()
	if err != nil {
		return nil, err
	}
	if o.strict && len(problems) > 0 {
		return nil, fmt.Errorf("the document has %d problems; the first, in line %d: %s",
			len(problems), problems[0].Line, problems[0].Found)
	}
	for _, p := range problems {
		o.logger.Warn("OpenAPI document", slog.Int("line", p.Line), slog.String("found", p.Found),
			slog.String("cure", p.Cure))
	}
	return table, nil
}

// Package openapi reads OpenAPI documents of the versions 3.0, 3.1 and 3.2, as YAML or JSON, into tables of operations
// (package optable).
//
// [Convert] takes whatever is valid OpenAPI, and much that almost is. What a table cannot represent is left out so that
// no value is rejected that the document accepts, and is reported as a [Problem] with its line and a cure. All problems
// are found in one run. Only a document that cannot be read at all is an error: text that is neither YAML nor JSON,
// another format, or one beyond the limits, which hold before memory is spent.
//
// References are followed within the document: to components, to any other place (JSON Pointer, RFC 6901), and through
// other references. What a table does not need is not read: webhooks, callbacks, links, examples of responses, and
// components that no operation refers to.
package openapi

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// MaxBytes is the size up to which documents are read.
const MaxBytes = 64 << 20

// Further limits of a document.
const (
	maxDepth    = 512     // nested mappings and lists
	maxNodes    = 8 << 20 // values, with those that merge keys repeat
	maxSchemas  = 200_000 // schemas of the table, with those that references to parameters and aliases repeat
	maxLiterals = 64 << 20
	maxProblems = 1000
)

// ErrTooLarge reports a document beyond a limit: 64 MiB, nesting of 512 levels, or more than 200,000 schemas once
// aliases and references are followed.
var ErrTooLarge = errors.New("the document is too large")

// Options select operations as the configuration of oapi-codegen does. The zero value selects all of them.
type Options struct {
	IncludeTags         []string // operations with any of these tags; nil: all
	ExcludeTags         []string
	IncludeOperationIDs []string // as written in the document; nil: all
	ExcludeOperationIDs []string
}

// selects reports whether the options select an operation with this operationId, "" for none, and these tags.
func (o *Options) selects(id string, tags []string) bool {
	tagged := func(tag string) bool { return slices.Contains(tags, tag) }
	return (len(o.IncludeTags) == 0 || slices.ContainsFunc(o.IncludeTags, tagged)) &&
		!slices.ContainsFunc(o.ExcludeTags, tagged) &&
		(len(o.IncludeOperationIDs) == 0 || slices.Contains(o.IncludeOperationIDs, id)) &&
		!slices.Contains(o.ExcludeOperationIDs, id)
}

// Problem is something in a document that the table lacks or has in another form.
type Problem struct {
	Line  int // from 1; 0: the document as a whole
	Found string
	Cure  string // what to change in the document; "": nothing needs to be
}

// String returns the problem on one line, such as "line 7: unknown type "text"; write string".
func (p Problem) String() string {
	text := p.Found
	if p.Cure != "" {
		text += "; " + p.Cure
	}
	if p.Line == 0 {
		return text
	}
	return fmt.Sprintf("line %d: %s", p.Line, text)
}

// converter reads one document.
type converter struct {
	options Options
	root    *node
	minor   string // version of OpenAPI 3: "0", "1" or "2"
	table   *optable.Table

	indexes map[*node]map[string]*node // members of large objects
	anchors map[string]*node           // by $anchor; nil: not looked for yet

	ids    map[string]string // method and path of each operation by its ID
	queue  []component       // schemas that something refers to, to be converted
	queued map[string]bool   // names of all that were in the queue
	hoists map[*node]string  // names of schemas that are no components and are referred to

	current  *node // base of the schema that is being converted
	depth    int   // of the schema in it
	parts    int   // of which are parts of others, such as those of allOf
	merged   bool  // whether the next schema is a part of an allOf, which has the type of the others
	schemas  int   // that were made
	literals int   // bytes of JSON that were written
	problems []Problem
	reported map[Problem]bool
	dropped  int // problems beyond the limit
}

// component is a schema that gets a name in the table.
type component struct {
	name string
	node *node
	base *node // the component that has it: what #/$defs/… is relative to
}

// tooLarge travels as a panic within Convert alone.
type tooLarge struct{ what string }

// Convert reads a document into a table. The problems are sorted by line; there are at most a thousand, and one that
// counts the others. An error is a document that cannot be read; errors.Is finds [ErrTooLarge].
func Convert(document []byte, options Options) (table *optable.Table, problems []Problem, err error) {
	c := &converter{
		options: options, table: &optable.Table{}, indexes: map[*node]map[string]*node{}, queued: map[string]bool{},
		hoists: map[*node]string{}, ids: map[string]string{}, reported: map[Problem]bool{},
	}
	defer func() {
		switch v := recover().(type) {
		case nil:
		case tooLarge:
			table, problems, err = nil, nil, fmt.Errorf("%w: %s", ErrTooLarge, v.what)
		default:
			panic(v)
		}
	}()
	if c.root, err = c.read(document); err != nil {
		return nil, nil, err
	}
	if err := c.version(); err != nil {
		return nil, nil, err
	}
	c.document()
	slices.SortStableFunc(c.problems, func(a, b Problem) int { return a.Line - b.Line })
	if c.dropped > 0 {
		c.problems = append(c.problems, Problem{Found: fmt.Sprintf("%d more problems", c.dropped)})
	}
	return c.table, c.problems, nil
}

// read parses JSON where the document is JSON, and YAML else.
func (c *converter) read(document []byte) (*node, error) {
	if len(document) > MaxBytes {
		panic(tooLarge{fmt.Sprintf("%d bytes, at most %d are read", len(document), MaxBytes)})
	}
	text := strings.TrimPrefix(string(document), "\ufeff")
	if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		if root, ok := c.readJSON(text); ok {
			return root, nil
		}
	}
	return c.readYAML([]byte(text))
}

// version checks that the document is of OpenAPI 3.
func (c *converter) version() error {
	if c.root.kind != object {
		return errors.New("no OpenAPI document: it is not a mapping with the field openapi")
	}
	if get(c.root, "swagger") != nil {
		return errors.New("a document of Swagger 2.0: convert it to OpenAPI 3, for example with swagger2openapi")
	}
	version := get(c.root, "openapi")
	if version == nil {
		return errors.New("no OpenAPI document: the field openapi is missing")
	}
	minor, found := strings.CutPrefix(version.text, "3.")
	if c.minor, _, _ = strings.Cut(minor, "."); !found || version.kind != text && version.kind != number {
		return fmt.Errorf("OpenAPI version %q: want 3.0, 3.1 or 3.2", version.text)
	}
	if c.minor > "2" || len(c.minor) != 1 || c.minor < "0" {
		c.problemf(version, "", "OpenAPI version %q is not known; it is read as 3.2", version.text)
		c.minor = "2"
	}
	return nil
}

// problemf reports something at a node, once.
func (c *converter) problemf(n *node, cure, format string, args ...any) {
	line := 0
	if n != nil {
		line = int(n.line)
	}
	p := Problem{Line: line, Found: fmt.Sprintf(format, args...), Cure: cure}
	switch {
	case c.reported[p]:
	case len(c.problems) == maxProblems:
		c.dropped++
	default:
		c.reported[p] = true
		c.problems = append(c.problems, p)
	}
}

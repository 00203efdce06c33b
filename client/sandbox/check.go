package sandbox

import (
	"math"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// check compares a value with its schema. Fields are named by their path below the given one.
func (ix *index) check(path string, s *optable.Schema, v any) []fieldProblem {
	if v == nil && ix.nullable(s) {
		return nil
	}
	s = ix.resolve(s)
	if variants := slices.Concat(s.OneOf, s.AnyOf); len(variants) > 0 {
		return ix.checkUnion(path, s, variants, v)
	}
	if s.Types != 0 && !s.Types.Has(typesOf(v)) {
		return []fieldProblem{{path, codeType}}
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, string(encode(v))) ||
		s.Const != "" && s.Const != string(encode(v)) {
		return []fieldProblem{{path, codeValue}}
	}
	var problems []fieldProblem
	for i := range s.AllOf {
		problems = append(problems, ix.check(path, &s.AllOf[i], v)...)
	}
	switch v := v.(type) {
	case string:
		problems = append(problems, checkString(path, s, v)...)
	case []any:
		problems = append(problems, ix.checkArray(path, s, v)...)
	case map[string]any:
		problems = append(problems, ix.checkObject(path, s, v)...)
	default:
		if typesOf(v).Has(optable.Number) && !inBounds(s, v) {
			problems = append(problems, fieldProblem{path, codeValue})
		}
	}
	return problems
}

func typesOf(v any) optable.Types {
	switch v := v.(type) {
	case nil:
		return optable.Null
	case bool:
		return optable.Boolean
	case string:
		return optable.String
	case []any:
		return optable.Array
	case map[string]any, object:
		return optable.Object
	default:
		f, err := strconv.ParseFloat(text(v), 64)
		if err == nil && f == math.Trunc(f) {
			return optable.Number | optable.Integer
		}
		return optable.Number
	}
}

func (ix *index) checkUnion(path string, s *optable.Schema, variants []optable.Schema, v any) []fieldProblem {
	if d := s.Discriminator; d != nil {
		fields, ok := v.(map[string]any)
		if !ok {
			return []fieldProblem{{path, codeType}}
		}
		value, given := fields[d.Property]
		if !given {
			return []fieldProblem{{join(path, d.Property), codeRequired}}
		}
		for _, m := range d.Mapping {
			if m.Value == text(value) {
				return ix.check(path, &optable.Schema{Ref: m.Ref}, v)
			}
		}
		return []fieldProblem{{join(path, d.Property), codeValue}}
	}
	var problems []fieldProblem
	for i := range variants {
		found := ix.check(path, &variants[i], v)
		if found == nil {
			return nil
		}
		if problems == nil {
			problems = found
		}
	}
	return problems
}

func checkString(path string, s *optable.Schema, v string) []fieldProblem {
	if n := utf8.RuneCountInString(v); n < s.MinLength || s.MaxLength > 0 && n > s.MaxLength {
		return []fieldProblem{{path, codeLength}}
	}
	if s.Pattern != "" {
		if ok, err := regexp.MatchString(s.Pattern, v); err == nil && !ok {
			return []fieldProblem{{path, codeFormat}}
		}
	}
	if !hasFormat(s.Format, v) {
		return []fieldProblem{{path, codeFormat}}
	}
	return nil
}

// The formats that the API has.
const (
	formatDateTime = "date-time"
	formatEmail    = "email"
	formatURI      = "uri"
)

func hasFormat(format, v string) bool {
	switch format {
	case formatDateTime:
		_, err := time.Parse(time.RFC3339, v)
		return err == nil
	case formatEmail:
		a, err := mail.ParseAddress(v)
		return err == nil && a.Address == v
	case formatURI:
		u, err := url.Parse(v)
		return err == nil && u.IsAbs()
	default:
		return true
	}
}

// inBounds tells whether a number is within the schema's inclusive bounds, the only ones that the API has.
func inBounds(s *optable.Schema, v any) bool {
	f, err := strconv.ParseFloat(text(v), 64)
	if err != nil {
		return false
	}
	low, errLow := strconv.ParseFloat(s.Minimum, 64)
	high, errHigh := strconv.ParseFloat(s.Maximum, 64)
	return (errLow != nil || f >= low) && (errHigh != nil || f <= high)
}

func (ix *index) checkArray(path string, s *optable.Schema, v []any) []fieldProblem {
	if len(v) < s.MinItems || s.MaxItems > 0 && len(v) > s.MaxItems {
		return []fieldProblem{{path, codeLength}}
	}
	var problems []fieldProblem
	for i, item := range v {
		if s.Items != nil {
			problems = append(problems, ix.check(join(path, strconv.Itoa(i)), s.Items, item)...)
		}
	}
	return problems
}

func (ix *index) checkObject(path string, s *optable.Schema, v map[string]any) []fieldProblem {
	var problems []fieldProblem
	for i := range s.Properties {
		p := &s.Properties[i]
		if value, ok := v[p.Name]; ok {
			problems = append(problems, ix.check(join(path, p.Name), &p.Schema, value)...)
		} else if p.Required {
			problems = append(problems, fieldProblem{join(path, p.Name), codeRequired})
		}
	}
	for _, name := range sortedKeys(v) {
		switch {
		case s.Property(name) != nil:
		case s.Additional != nil:
			problems = append(problems, ix.check(join(path, name), s.Additional, v[name])...)
		case len(s.Properties) > 0 || s.Closed:
			problems = append(problems, fieldProblem{join(path, name), codeUnknown})
		}
	}
	return problems
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// checkParams compares path and query with their schemas. Headers are free.
func (c *call) checkParams() []fieldProblem {
	var problems []fieldProblem
	for i := range c.plan.op.Parameters {
		p := &c.plan.op.Parameters[i]
		switch {
		case p.In == optable.InPath:
			problems = append(problems, c.ix.checkText(p.Name, &p.Schema, c.params[p.Name])...)
		case p.In != optable.InQuery || c.ix.resolve(&p.Schema).Types.Has(optable.Object):
		case !c.query.Has(p.Name) && p.Required:
			problems = append(problems, fieldProblem{p.Name, codeRequired})
		default:
			for _, v := range c.values(p) {
				problems = append(problems, c.ix.checkText(p.Name, itemSchema(c.ix.resolve(&p.Schema)), v)...)
			}
		}
	}
	if c.query.Has(paramBefore) && c.query.Has(paramAfter) {
		problems = append(problems, fieldProblem{paramBefore, codeConflict})
	}
	return problems
}

// values are those of a query parameter, a list of them being separated by commas.
func (c *call) values(p *optable.Parameter) []string {
	var values []string
	for _, v := range c.query[p.Name] {
		if c.ix.resolve(&p.Schema).Types.Has(optable.Array) {
			values = append(values, strings.Split(v, ",")...)
		} else {
			values = append(values, v)
		}
	}
	return values
}

func itemSchema(s *optable.Schema) *optable.Schema {
	if s.Items != nil {
		return s.Items
	}
	return s
}

func (ix *index) checkText(name string, s *optable.Schema, v string) []fieldProblem {
	s = ix.resolve(s)
	if s.Types.Has(optable.Integer | optable.Number | optable.Boolean) {
		return ix.check(name, s, literal(v))
	}
	return ix.check(name, s, v)
}

// checkExclusive compares the body's fields with the alternatives that the operation has.
func (c *call) checkExclusive() []fieldProblem {
	var problems []fieldProblem
	for _, e := range c.plan.op.Exclusive {
		if c.body == nil && c.plan.op.Body == nil {
			continue // alternatives among query parameters are filters that may all be given
		}
		problems = append(problems, c.checkVariants(e)...)
	}
	return problems
}

func (c *call) checkVariants(e optable.Exclusive) []fieldProblem {
	var chosen *optable.Variant
	for i := range e.Variants {
		v := &e.Variants[i]
		if !slices.ContainsFunc(v.Fields, c.gives) {
			continue
		}
		if chosen != nil {
			return []fieldProblem{{v.Fields[0], codeConflict}}
		}
		chosen = v
	}
	switch {
	case chosen != nil:
		var problems []fieldProblem
		for _, f := range chosen.Fields {
			if !c.gives(f) && !slices.Contains(chosen.Optional, f) {
				problems = append(problems, fieldProblem{f, codeRequired})
			}
		}
		return problems
	case !e.Optional && len(e.Variants) > 0:
		return []fieldProblem{{e.Variants[0].Fields[0], codeRequired}}
	}
	return nil
}

func (c *call) gives(field string) bool {
	_, ok := c.body[field]
	return ok
}

package jq

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/itchyny/gojq"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

// Names of the functions that bound a run. No program can call them: vetting refuses the names.
const (
	checkValue = "_check"
	countValue = "_count"
	smallValue = "_small"
	noText     = "_factor"
	eachMatch  = "_matches"
)

// Bounds in bytes of what a function works on in one step, which nothing can stop.
const (
	shortText = 256       // of a separator or a regular expression
	sortKey   = 4 << 10   // of what is sorted by: keys that share a part cost nothing to make and much to compare
	someText  = 32 << 10  // of what is put into a text
	subject   = 256 << 10 // of a text that is searched
)

// formats are how a value is written as text.
const formats = "@text @json @csv @tsv @html @uri @urid @sh @base64 @base64d"

// function is a function that programs may call.
type function struct {
	arities string // digits
	small   []int  // sizes of the arguments at most, from the first on
	input   int    // size of the input at most; 0: any
	gathers bool   // what its argument gives is gathered
	path    bool   // it leads to parts of its input: it makes no value, and stands in paths, where no check may stand
}

// callable lists them. What is missing reads what is none of a program's business, such as the environment, runs
// without end, or takes time or memory in one step that grows faster than its input.
func callable() map[string]function {
	search := function{arities: "12", small: []int{shortText, shortText}, input: subject}
	functions := map[string]function{
		"split": search, "test": search, "match": search, "capture": search, "scan": search,
		"sub":      {arities: "23", small: []int{shortText, someText, shortText}, input: subject},
		"gsub":     {arities: "23", small: []int{shortText, shortText, shortText}, input: subject},
		"tonumber": {arities: "0", input: maxDigits},
		"del":      {arities: "1"}, "walk": {arities: "1"}, "IN": {arities: "1"}, "isempty": {arities: "1"},
		"paths": {arities: "01"}, "any": {arities: "012"}, "all": {arities: "012"}, "flatten": {arities: "01"},
		"getpath": {arities: "1", small: []int{someText}, path: true},
		"error":   {arities: "01", small: []int{someText}, path: true},
	}
	for names, function := range map[string]function{
		"empty not values nulls strings numbers booleans arrays objects iterables scalars": {arities: "0", path: true},
		"first last": {arities: "01", path: true},
		"select":     {arities: "1", path: true},
		"limit skip": {arities: "2", path: true},
		"nth":        {arities: "12", path: true},
		"sort_by group_by unique_by min_by max_by":           {arities: "1", gathers: true, small: []int{sortKey}},
		"map map_values with_entries":                        {arities: "1", gathers: true},
		"startswith endswith ltrimstr rtrimstr trimstr":      {arities: "1", small: []int{someText}},
		"contains index rindex indices join has strftime in": {arities: "1", small: []int{shortText}},
		"strptime": {arities: "1", small: []int{shortText}, input: someText},
		`length utf8bytelength keys type reverse min max sort unique add to_entries from_entries tostring tojson fromjson
		ascii_downcase ascii_upcase trim ltrim rtrim floor ceil round sqrt fabs abs now todate fromdate fromdateiso8601
		todateiso8601 mktime gmtime infinite nan isnan isinfinite toboolean`: {arities: "0"},
	} {
		for name := range strings.FieldsSeq(names) {
			functions[name] = function
		}
	}
	return functions
}

// vetter refuses what a program may not use, and puts the functions that bound a run behind whatever makes a value and
// before what a bound is for. The first thing refused stays in err.
type vetter struct {
	functions map[string]function
	err       error
}

func (v *vetter) refusef(format string, args ...any) {
	if v.err == nil {
		v.err = fmt.Errorf(format, args...)
	}
}

func (v *vetter) query(q *gojq.Query) {
	switch {
	case q == nil:
		return
	case len(q.Imports) > 0 || q.Meta != nil:
		v.refusef("a program may not import modules")
		return
	case len(q.FuncDefs) > 0:
		v.refusef("a program may not define functions")
		return
	case q.Term != nil:
		v.term(q.Term)
		return
	case q.Right == nil:
		v.refusef("the program is empty")
		return
	}
	v.query(q.Left)
	v.query(q.Right)
	v.patterns(q.Patterns)
	switch q.Op {
	case gojq.OpPipe, gojq.OpComma, gojq.OpAlt, gojq.OpAnd, gojq.OpOr,
		gojq.OpEq, gojq.OpNe, gojq.OpGt, gojq.OpLt, gojq.OpGe, gojq.OpLe:
	case gojq.OpMul: // a text times a number repeats it
		followed(q.Left, calling(noText))
		followed(q.Right, calling(noText))
		followed(q, calling(checkValue))
	case gojq.OpSub, gojq.OpDiv: // each element of an array is compared with every other
		followed(q.Right, small(someText))
		followed(q, calling(checkValue))
	case gojq.OpAdd, gojq.OpMod:
		followed(q, calling(checkValue))
	default:
		v.refusef("a program reads the answer and may not assign with %s", q.Op)
	}
}

func (v *vetter) patterns(list []*gojq.Pattern) {
	for _, p := range list {
		v.patterns(p.Array)
		for _, o := range p.Object {
			v.text(o.KeyString)
			v.query(o.KeyQuery)
			if o.Val != nil {
				v.patterns([]*gojq.Pattern{o.Val})
			}
		}
	}
}

func (v *vetter) text(s *gojq.String) {
	if s == nil {
		return
	}
	for _, q := range s.Queries {
		if part := q.Term; part.Type == gojq.TermTypeQuery { // else it is text as it stands
			v.query(part.Query)
			followed(part.Query, small(someText))
		}
	}
}

func (v *vetter) index(i *gojq.Index) {
	if i != nil {
		v.text(i.Str)
		v.query(i.Start)
		v.query(i.End)
	}
}

func (v *vetter) term(t *gojq.Term) {
	v.index(t.Index)
	v.text(t.Str)
	for _, s := range t.SuffixList {
		v.index(s.Index)
	}
	switch t.Type {
	case gojq.TermTypeFunc:
		v.function(t)
	case gojq.TermTypeArray:
		if q := t.Array.Query; q != nil {
			v.query(q)
			followed(q, calling(countValue))
		}
		checked(t)
	case gojq.TermTypeObject:
		for _, m := range t.Object.KeyVals {
			v.text(m.KeyString)
			v.query(m.KeyQuery)
			v.query(m.Val)
		}
		checked(t)
	case gojq.TermTypeString:
		if t.Str.Queries != nil {
			checked(t)
		}
	case gojq.TermTypeFormat:
		if !slices.Contains(strings.Fields(formats), t.Format) {
			v.refusef("there is no format %s; expected one of %s", phrase.Preview(t.Format), formats)
		}
		checked(t)
	case gojq.TermTypeUnary:
		v.term(t.Unary.Term)
	case gojq.TermTypeQuery:
		v.query(t.Query)
	default:
		v.control(t)
	}
}

func (v *vetter) control(t *gojq.Term) {
	switch t.Type {
	case gojq.TermTypeIf:
		for _, q := range []*gojq.Query{t.If.Cond, t.If.Then, t.If.Else} {
			v.query(q)
		}
		for _, e := range t.If.Elif {
			v.query(e.Cond)
			v.query(e.Then)
		}
	case gojq.TermTypeTry:
		v.query(t.Try.Body)
		v.query(t.Try.Catch)
	case gojq.TermTypeReduce:
		v.patterns(t.Reduce.Patterns)
		for _, q := range []*gojq.Query{t.Reduce.Query, t.Reduce.Start, t.Reduce.Update} {
			v.query(q)
		}
	case gojq.TermTypeIdentity, gojq.TermTypeRecurse, gojq.TermTypeNull, gojq.TermTypeTrue, gojq.TermTypeFalse,
		gojq.TermTypeIndex, gojq.TermTypeNumber:
	default:
		v.refusef("a program may not use %s", phrase.Preview(t.String()))
	}
}

func (v *vetter) function(t *gojq.Term) {
	name, args := t.Func.Name, t.Func.Args
	if strings.HasPrefix(name, "$") {
		if name == "$ENV" {
			v.refusef("a program may not read the environment")
		}
		return
	}
	if v.functions == nil {
		v.functions = callable()
	}
	f, known := v.functions[name]
	switch {
	case !known:
		near := phrase.Nearest(name, slices.Sorted(maps.Keys(v.functions)), 1)
		if len(near) > 0 && len(name) > 3 { // any short name is near another
			v.refusef("a program may not call %s; did you mean %s?", phrase.Preview(name), near[0])
		}
		v.refusef("a program may not call %s", phrase.Preview(name))
		return
	case !strings.Contains(f.arities, strconv.Itoa(len(args))):
		v.refusef("%s does not take %s", name, phrase.Plural(len(args), "argument"))
		return
	}
	for i, arg := range args {
		v.query(arg)
		if i < len(f.small) {
			followed(arg, small(f.small[i]))
		}
		if f.gathers {
			followed(arg, calling(countValue))
		}
	}
	if f.input > 0 {
		preceded(t, small(f.input))
	}
	if !f.path {
		checked(t)
	}
}

// calling is a query that calls a function.
func calling(name string, args ...*gojq.Query) *gojq.Query {
	return &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: name, Args: args}}}
}

// small is a query that lets only values of some size pass.
func small(most int) *gojq.Query {
	size := &gojq.Term{Type: gojq.TermTypeNumber, Number: strconv.Itoa(most + elementSize)}
	return calling(smallValue, &gojq.Query{Term: size})
}

// followed pipes a query into another, in place.
//
//go:noinline
func followed(q, next *gojq.Query) {
	whole := *q
	*q = gojq.Query{Op: gojq.OpPipe, Left: inner(&whole), Right: next}
}

// inner puts a query into parentheses, so that what stands beside it is not taken for a part.
func inner(q *gojq.Query) *gojq.Query {
	return &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeQuery, Query: q}}
}

// checked pipes a term into the check of values, in place and before its suffixes.
//
//go:noinline
func checked(t *gojq.Term) {
	plain := *t
	plain.SuffixList = nil
	*t = gojq.Term{
		Type: gojq.TermTypeQuery, SuffixList: t.SuffixList,
		Query: &gojq.Query{Op: gojq.OpPipe, Left: &gojq.Query{Term: &plain}, Right: calling(checkValue)},
	}
}

// preceded pipes a query into a term, in place and before its suffixes.
func preceded(t *gojq.Term, first *gojq.Query) {
	plain := *t
	plain.SuffixList = nil
	*t = gojq.Term{
		Type: gojq.TermTypeQuery, SuffixList: t.SuffixList,
		Query: &gojq.Query{Op: gojq.OpPipe, Left: first, Right: &gojq.Query{Term: &plain}},
	}
}

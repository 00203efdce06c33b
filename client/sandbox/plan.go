package sandbox

import (
	"net/http"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// plan is how an operation is answered.
type plan struct {
	op      *optable.Operation
	facts   facts
	params  []*value.Schema   // of the operation's parameters
	filters []*optable.Filter // by parameter of the operation; nil: not a filter
	body    *value.Schema     // nil: none
	segs    []string
	where   string // pattern of the path
	status  int
	answer  *value.Schema // nil: no body
	entry   *value.Schema // of a list that the response is
	kind    *kind         // of the response or its entries; nil: none that is kept

	addresses []address // the things that the path names, outermost first
	item      *address  // the one that the path ends in, or nil

	// needs tells how many of the addresses must exist.
	needs   int
	do      func(*call) (any, error)
	example bool // whether the response is made up
	class   class
}

// address is where a path names a thing.
type address struct {
	kind   *kind
	fields []string // fields of the thing, "id" for its ID
	params []string // path parameters that hold their values
	end    int      // index of the segment after it
}

func (ix *index) newPlan(op *optable.Operation) *plan {
	p := &plan{op: op, facts: factsOf(op), segs: segments(op.Path)}
	p.where = pattern(p.segs)
	for i := range op.Parameters {
		p.params = append(p.params, ix.compile(op.Parameters[i].Schema))
	}
	if op.Body != nil {
		p.body = ix.compile(op.Body.Schema)
	}
	answer := chooseAnswer(op)
	p.status = answer.Status
	if answer.Schema == nil {
		return p
	}
	p.answer = ix.compile(answer.Schema)
	switch data := p.answer.Property("data"); {
	case p.answer.Types == optable.Array && p.answer.Items != nil:
		p.entry = p.answer.Items
	case data != nil && data.Schema.Items != nil:
		p.entry = data.Schema.Items
	}
	p.filters = make([]*optable.Filter, len(op.Parameters))
	for i := range op.Parameters {
		if p.entry != nil {
			p.filters[i] = p.filterOf(&op.Parameters[i])
		}
	}
	return p
}

// chooseAnswer picks among the documented successes: a redirect, else one with a body, else, for a deletion, the one
// that says most clearly that there is none.
func chooseAnswer(op *optable.Operation) optable.Response {
	best := optable.Response{Status: http.StatusOK}
	rank := -1
	for _, a := range op.Responses {
		r := 0
		switch {
		case a.Status == 0 || a.Status >= http.StatusBadRequest:
			continue
		case a.Status >= http.StatusMultipleChoices:
			r = 4
		case a.Schema != nil:
			r = 3
		case op.Method == http.MethodDelete && a.Status == http.StatusNoContent:
			r = 2
		case op.Method == http.MethodDelete && a.Status == http.StatusAccepted:
			r = 1
		}
		if r > rank {
			best, rank = a, r
		}
	}
	return best
}

// addressesOf finds the things that a path names.
func (ix *index) addressesOf(p *plan) []address {
	var found []address
	for i, seg := range p.segs {
		if !isParam(seg) {
			continue
		}
		k, field := ix.found(p, paramName(seg))
		if k == nil {
			continue
		}
		if n := len(found) - 1; n >= 0 && found[n].end == i && found[n].kind == k {
			found[n].fields, found[n].params = append(found[n].fields, field), append(found[n].params, paramName(seg))
			found[n].end++
			continue
		}
		found = append(found, address{kind: k, fields: []string{field}, params: []string{paramName(seg)}, end: i + 1})
	}
	return found
}

// found is what a parameter of the path finds, and by which field: what x-names says, or what has IDs with its prefix.
func (ix *index) found(p *plan, param string) (k *kind, field string) {
	for i := range p.op.Parameters {
		of := &p.op.Parameters[i]
		if of.In != optable.InPath || of.Name != param {
			continue
		}
		if typ, property, ok := strings.Cut(of.Names, "."); ok {
			return ix.kinds[typ], property
		}
		return ix.namedBy(p.params[i].IDPrefixes), "id"
	}
	return nil, ""
}

// note tells the kinds how a path finds them.
func note(addresses []address) {
	parents := make([]*kind, 0, len(addresses))
	for _, a := range addresses {
		a.kind.addressed = true
		if !slices.Contains(a.fields, "id") {
			a.kind.addKey(key{fields: a.fields, parents: slices.Clone(parents)})
		}
		parents = append(parents, a.kind)
	}
}

func (p *plan) endAddress() *address {
	if n := len(p.addresses); n > 0 && p.addresses[n-1].end == len(p.segs) {
		return &p.addresses[n-1]
	}
	return nil
}

// within reports whether the path names a thing of the kind on the way to its end.
func (p *plan) within(k *kind) bool {
	return slices.ContainsFunc(p.addresses, func(a address) bool { return a.kind == k })
}

// decide chooses what responds to the operation.
func (ix *index) decide(p *plan) {
	p.needs = len(p.addresses)
	switch p.op.Method {
	case http.MethodGet:
		ix.decideGet(p)
	case http.MethodDelete:
		ix.decideDelete(p)
	default:
		ix.decideWrite(p)
	}
}

func (ix *index) decideGet(p *plan) {
	switch {
	case p.entry != nil && p.kind != nil:
		p.do = (*call).list
	case p.kind != nil && p.kind.kept() && p.within(p.kind):
		p.do = (*call).get
	case ix.single(p):
		p.do = (*call).getSingle
	default:
		p.do, p.example = (*call).example, true
	}
}

func (ix *index) decideDelete(p *plan) {
	switch {
	case p.kind != nil && p.within(p.kind):
		p.do = (*call).act
	case p.item != nil:
		p.do = (*call).remove
	default:
		p.do, p.example = (*call).example, true
	}
}

func (ix *index) decideWrite(p *plan) {
	post := p.op.Method == http.MethodPost
	switch {
	case p.entry != nil && p.kind != nil:
		p.do = (*call).replace
	case p.item != nil && p.kind == p.item.kind && post:
		p.create(len(p.addresses)-1, (*call).create)
	case p.item != nil && p.kind == p.item.kind && ix.upserts(p):
		p.create(len(p.addresses)-1, (*call).upsert)
	case p.item != nil && p.kind == p.item.kind:
		p.do = (*call).update
	case p.kind != nil && p.within(p.kind):
		p.do = (*call).act
	case p.kind != nil && p.kind.kept() && post:
		p.create(p.needs, (*call).create)
	case p.kind != nil && p.kind.kept():
		p.create(p.needs, (*call).upsert)
	case ix.single(p):
		p.do = (*call).putSingle
	default:
		p.do, p.example = (*call).example, true
	}
}

func (p *plan) create(needs int, do func(*call) (any, error)) {
	p.needs, p.do = needs, do
	p.kind.made = true
}

// upserts reports whether PUT is the only way to make what the path names.
func (ix *index) upserts(p *plan) bool {
	if p.op.Method != http.MethodPut || p.item.kind.property("id") == nil {
		return false
	}
	for _, other := range ix.plans {
		if other.op.Method == http.MethodPost && other.kind == p.kind &&
			(other.item != nil || !other.within(p.kind)) {
			return false
		}
	}
	return true
}

// single reports whether the path itself is a thing: one that can be got and put and has no ID.
func (ix *index) single(p *plan) bool {
	if p.answer == nil || p.item != nil || isParam(p.segs[len(p.segs)-1]) {
		return false
	}
	var got, put bool
	for _, other := range ix.plans {
		if other.op.Path == p.op.Path {
			got = got || other.op.Method == http.MethodGet
			put = put || other.op.Method == http.MethodPut
		}
	}
	return got && put
}

// kindOf is the kind that a schema is a view of, or nil.
func (ix *index) kindOf(s *value.Schema) *kind {
	if k := ix.components[s.Name]; k != nil && s.Name != "" {
		return k
	}
	if p := s.Property("object"); p != nil && p.Schema.Const != "" {
		return ix.kinds[text(literal(p.Schema.Const))]
	}
	return nil
}

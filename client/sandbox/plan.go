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
	op     *optable.Operation
	params []*value.Schema // of the operation's parameters
	body   *value.Schema   // nil: none
	segs   []string
	where  string // pattern of the path
	status int
	answer *value.Schema // nil: no body
	entry  *value.Schema // of a list that the answer is
	kind   *kind         // of the answer or its entries; nil: none that is kept

	addresses []address // the things that the path names, outermost first
	item      *address  // the one that the path ends in, or nil
	unlinks   bool      // whether the item is named to end a relation, not for itself

	// needs tells how many of the addresses must exist.
	needs int
	do    func(*call) (any, error)
}

// address is where a path names a thing.
type address struct {
	kind   *kind
	fields []string // fields of the thing, "id" for its ID
	params []string // path parameters that hold their values
	end    int      // index of the segment after it
}

func (ix *index) newPlan(op *optable.Operation) *plan {
	p := &plan{op: op, segs: segments(op.Path)}
	p.where = pattern(p.segs)
	for i := range op.Parameters {
		p.params = append(p.params, ix.compile(&op.Parameters[i].Schema))
	}
	if op.Body != nil {
		p.body = ix.compile(&op.Body.Schema)
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
func (ix *index) addressesOf(segs []string) []address {
	var found []address
	for i := 1; i < len(segs); i++ {
		if !isParam(segs[i]) || isParam(segs[i-1]) {
			continue
		}
		k := ix.collections[pattern(segs[:i])]
		if k == nil {
			k = ix.byName[snake(segs[i-1])]
		}
		if k == nil { // what POST …/challenge makes is found below …/challenges
			k = ix.byName[singular(snake(segs[i-1]))]
		}
		if k == nil {
			continue
		}
		a := address{kind: k, end: i}
		for a.end < len(segs) && isParam(segs[a.end]) {
			name := paramName(segs[a.end])
			a.params = append(a.params, name)
			a.fields = append(a.fields, addressField(k, snake(name)))
			a.end++
		}
		found = append(found, a)
	}
	return found
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

// addressField is the field of a kind that a path parameter holds.
func addressField(k *kind, param string) string {
	if k.property(param) != nil {
		return param
	}
	for _, field := range []string{fieldSlug, fieldName} {
		if param == field || strings.HasSuffix(param, "_"+field) {
			return field
		}
	}
	return "id"
}

func (p *plan) endAddress() *address {
	if n := len(p.addresses); n > 0 && p.addresses[n-1].end == len(p.segs) {
		return &p.addresses[n-1]
	}
	return nil
}

// within tells whether the path names a thing of the kind on the way to its end.
func (p *plan) within(k *kind) bool {
	return slices.ContainsFunc(p.addresses, func(a address) bool { return a.kind == k })
}

// verb is the literal segment that ends the path, or "".
func (p *plan) verb() string {
	if last := p.segs[len(p.segs)-1]; !isParam(last) {
		return snake(last)
	}
	return ""
}

// decide chooses what answers the operation.
func (ix *index) decide(p *plan) {
	p.needs = len(p.addresses)
	if p.status >= http.StatusMultipleChoices {
		p.do = (*call).redirect
		return
	}
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
		p.do = (*call).example
	}
}

func (ix *index) decideDelete(p *plan) {
	collection, isItem := collectionOf(p.segs)
	p.unlinks = p.item != nil && ix.relates(p, pattern(collection))
	switch {
	case p.kind != nil && p.within(p.kind):
		p.do = (*call).act
	case p.unlinks:
		p.do = (*call).unlink
	case p.item != nil:
		p.do = (*call).remove
	case isItem && len(p.addresses) > 0:
		p.do = (*call).unlinkTarget
	case p.op.Body != nil && len(p.addresses) > 0 && ix.collections[p.where] != nil:
		p.do = (*call).removeMatching
	default:
		p.do = (*call).example
	}
}

// relates tells whether POST to a collection answers with what the collection belongs to: then it holds relations.
func (ix *index) relates(p *plan, collection string) bool {
	for _, other := range ix.plans {
		if other.op.Method == http.MethodPost && other.where == collection {
			return other.kind != nil && other.kind != p.item.kind
		}
	}
	return false
}

func (ix *index) decideWrite(p *plan) {
	_, isItem := collectionOf(p.segs)
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
	case post && p.answer == nil && isItem && p.item == nil && len(p.addresses) > 0:
		p.do = (*call).linkTarget
	case post && ix.wrapped(p) != nil:
		p.do = (*call).createWrapped
	default:
		p.do = (*call).example
	}
}

func (p *plan) create(needs int, do func(*call) (any, error)) {
	p.needs, p.do = needs, do
	p.kind.made = true
}

// upserts tells whether PUT is the only way to make what the path names.
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

// single tells whether the path itself is a thing: one that can be got and put and has no ID.
func (ix *index) single(p *plan) bool {
	if p.answer == nil || p.item != nil || p.verb() == "" {
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

// wrapped is the property of the answer that holds an entry of the collection posted to, or nil.
func (ix *index) wrapped(p *plan) *value.Property {
	k := ix.collections[p.where]
	if k == nil || p.answer == nil {
		return nil
	}
	for i := range p.answer.Properties {
		if ix.kindOf(p.answer.Properties[i].Schema) == k {
			return &p.answer.Properties[i]
		}
	}
	return nil
}

// kindOf is the kind that a schema is a view of, or nil.
func (ix *index) kindOf(s *value.Schema) *kind {
	if k := ix.components[s.Name]; k != nil && s.Name != "" {
		return k
	}
	return ix.kinds[ix.objectName(s)]
}

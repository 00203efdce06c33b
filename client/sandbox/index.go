package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// index is what the sandbox knows of the API, worked out from the table. It does not change.
type index struct {
	compiler    *value.Compiler // for newIndex alone
	router      *optable.Router
	plans       map[string]*plan // by operation ID
	kinds       map[string]*kind // by name
	order       []*kind          // in the order of the document
	components  map[string]*kind // by the name of a view
	collections map[string]*kind // by the pattern of the path
	byName      map[string]*kind // by the collection's name alone
	pointers    map[string]*kind // by the name of the field
}

func newIndex(table *optable.Table, routes []optable.Route) *index {
	ix := &index{
		compiler: value.NewClosedCompiler(table), router: optable.NewRouter(routes),
		plans: map[string]*plan{}, kinds: map[string]*kind{}, components: map[string]*kind{},
		collections: map[string]*kind{}, byName: map[string]*kind{}, pointers: map[string]*kind{},
	}
	plans := make([]*plan, len(table.Operations))
	for i := range table.Operations {
		plans[i] = ix.newPlan(&table.Operations[i])
		ix.plans[plans[i].op.ID] = plans[i]
	}
	ix.findLists(plans)
	ix.findItems(plans)
	for _, p := range plans {
		p.addresses = ix.addressesOf(p.segs)
		p.item = p.endAddress()
		note(p.addresses)
	}
	for _, p := range plans {
		ix.decide(p)
	}
	ix.amend()
	return ix
}

// find returns the plan of a request and its path parameters.
func (ix *index) find(method, path string) (*plan, map[string]string, error) {
	route := ix.router.Match(method, path)
	if route == nil {
		var allow []string
		for _, m := range []string{
			http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		} {
			if ix.router.Match(m, path) != nil {
				allow = append(allow, m)
			}
		}
		if allow == nil {
			return nil, nil, &problem{status: http.StatusNotFound, code: "not_found", message: "No such path."}
		}
		return nil, nil, &problem{
			status: http.StatusMethodNotAllowed, code: "method_not_allowed", allow: strings.Join(allow, ", "),
			message: "This path does not take the method; see the header Allow.",
		}
	}
	p := ix.plans[route.ID]
	params := map[string]string{}
	values := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, s := range p.segs {
		if !isParam(s) {
			continue
		}
		v, err := url.PathUnescape(values[i])
		if err != nil {
			return nil, nil, badRequest("The path is not escaped as it should be.")
		}
		params[paramName(s)] = v
	}
	return p, params, nil
}

// findLists learns the kinds that are listed, and where.
func (ix *index) findLists(plans []*plan) {
	for _, p := range plans {
		if p.entry == nil {
			continue
		}
		where := p.where
		name := ix.objectName(p.entry)
		if name == "" && p.entry.Property("id") != nil {
			name = where
		}
		if k := ix.learn(name, p.entry, where); k != nil {
			p.kind = k
			k.listed = true
			k.top = k.top || !strings.Contains(where, "{}")
			ix.settle(k, where)
		}
	}
}

// findItems learns the kinds of other answers.
func (ix *index) findItems(plans []*plan) {
	var creates []*plan
	for _, p := range plans {
		if p.entry != nil || p.answer == nil {
			continue
		}
		collection, item := collectionOf(p.segs)
		where := pattern(collection)
		name := ix.objectName(p.answer)
		if name == "" && p.answer.Property("id") != nil {
			if name = ix.listAbove(where); name == "" && item {
				name = where
			}
		}
		if p.kind = ix.learn(name, p.answer, where); p.kind == nil {
			continue
		}
		switch {
		case item && p.op.Method != http.MethodDelete:
			ix.settle(p.kind, where)
		case !item && p.op.Method == http.MethodPost:
			creates = append(creates, p)
		}
	}
	for _, p := range creates {
		acts := slices.ContainsFunc(ix.addressesOf(p.segs), func(a address) bool { return a.kind == p.kind })
		if !acts {
			ix.settle(p.kind, p.where)
		}
	}
}

// objectName is the constant of the property `object`, or "".
func (ix *index) objectName(s *value.Schema) string {
	p := s.Property("object")
	if p == nil || p.Schema.Const == "" {
		return ""
	}
	name := text(literal(p.Schema.Const))
	if other := sameKind(name); other != "" {
		return other
	}
	return name
}

// listAbove is the kind without a constant whose list stands on the path or above it, or "".
func (ix *index) listAbove(where string) string {
	for name := range ix.kinds {
		if strings.HasPrefix(name, "/") && (where == name || strings.HasPrefix(where, name+"/")) &&
			!strings.Contains(name, "{}") {
			return name
		}
	}
	return ""
}

// learn adds a view to the kind of that name, which may be new.
func (ix *index) learn(name string, view *value.Schema, where string) *kind {
	if name == "" {
		return nil
	}
	k := ix.kinds[name]
	if k == nil {
		k = &kind{name: name}
		k.setPointers(where)
		ix.kinds[name] = k
		ix.order = append(ix.order, k)
	}
	k.addView(view)
	ix.components[view.Name] = k
	return k
}

// settle makes a path the collection of a kind, unless it is another's.
func (ix *index) settle(k *kind, where string) {
	if ix.collections[where] == nil {
		ix.collections[where] = k
	}
	name := lastStatic(where)
	if ix.byName[name] == nil {
		ix.byName[name] = k
		k.setPointers(where)
	}
	for _, p := range k.pointers {
		if ix.pointers[p] == nil {
			ix.pointers[p] = k
		}
	}
}

// pointed is the kind that a field such as inviter_user_id names one of, or nil.
func (ix *index) pointed(field string) *kind {
	if !strings.HasSuffix(field, "_id") {
		return nil
	}
	for name, more := field, true; more; _, name, more = strings.Cut(name, "_") {
		if k := ix.pointers[name]; k != nil {
			return k
		}
	}
	return nil
}

// compile makes the schema of what the table says. A pattern that Go does not know is not checked.
func (ix *index) compile(facts *optable.Schema) *value.Schema {
	s, _ := ix.compiler.Compile(facts)
	return s
}

// nullable tells whether null is a value of the schema.
func nullable(s *value.Schema) bool { return s.Types.Has(optable.Null) }

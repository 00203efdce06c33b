package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// index is what the sandbox knows of the API, worked out from the table. It does not change, but for what facetsOf
// and samplers keep.
type index struct {
	compiler    *value.Compiler // for newIndex alone
	router      *optable.Router
	plans       map[string]*plan // by operation ID
	kinds       map[string]*kind // by name
	order       []*kind          // in the order of the document
	own         *ownKinds
	components  map[string]*kind // by the name of a view
	prefixes    map[string]*kind // by what their IDs begin with
	copies      map[[2]string]string
	indexed     map[string]bool // the fields by which the store finds things
	secret      map[[2]string]bool
	secretNames map[string]bool
	payloads    map[string]*value.Schema // of the data of events, by type
	facets      sync.Map                 // []facet by facetKey
	samples     sync.Map                 // JSON texts by sampleKey
}

func newIndex(table *optable.Table, routes []optable.Route) *index {
	ix := &index{
		compiler: value.NewClosedCompiler(table), router: optable.NewRouter(routes),
		plans: map[string]*plan{}, kinds: map[string]*kind{}, components: map[string]*kind{},
		prefixes: map[string]*kind{}, copies: map[[2]string]string{}, payloads: map[string]*value.Schema{},
		own: newOwnKinds(),
	}
	plans := make([]*plan, len(table.Operations))
	for i := range table.Operations {
		plans[i] = ix.newPlan(&table.Operations[i])
		ix.plans[plans[i].op.ID] = plans[i]
	}
	ix.findLists(plans, table)
	ix.findItems(plans, table)
	ix.findFacts(table)
	for _, p := range plans {
		p.addresses = ix.addressesOf(p)
		p.item = p.endAddress()
		note(p.addresses)
	}
	for _, p := range plans {
		ix.decide(p)
	}
	ix.amend()
	ix.findIndexed()
	ix.findSecrets(table)
	return ix
}

// findIndexed learns the fields by which things are looked up.
func (ix *index) findIndexed() {
	ix.indexed = map[string]bool{
		linkFrom: true, linkTo: true, grantSecret: true, grantSession: true, fieldEmail: true, "value": true, "token": true,
		"password_reset_token": true, "external_id": true, "idp_id": true, fieldUser: true,
		fieldOrganization: true, fieldClient: true,
	}
	for _, k := range append(ix.own.all(), ix.order...) {
		for _, p := range k.parents {
			ix.indexed[p.field] = true
		}
	}
	for _, p := range ix.plans {
		for _, a := range p.addresses {
			ix.indexed[a.fields[len(a.fields)-1]] = true
		}
		for _, u := range p.facts.unique {
			ix.indexed[u.Fields[len(u.Fields)-1]] = true
		}
	}
	delete(ix.indexed, "id")
}

// findSecrets learns which properties of components let their reader act.
func (ix *index) findSecrets(table *optable.Table) {
	ix.secret, ix.secretNames = map[[2]string]bool{}, map[string]bool{}
	for i := range table.Schemas {
		s := &table.Schemas[i]
		for _, p := range s.Properties {
			if p.Schema.Secret {
				ix.secret[[2]string{s.Name, p.Name}] = true
				ix.secretNames[p.Name] = true
			}
		}
	}
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
	if !strings.Contains(p.where, "{") {
		return p, nil, nil
	}
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

// findLists learns the kinds that are listed.
func (ix *index) findLists(plans []*plan, table *optable.Table) {
	for _, p := range plans {
		if p.entry == nil {
			continue
		}
		if p.kind = ix.learn(p.entry, table); p.kind != nil {
			p.kind.listed = true
			p.kind.top = p.kind.top || !slices.ContainsFunc(p.segs, isParam)
		}
	}
}

// findItems learns the kinds of other responses.
func (ix *index) findItems(plans []*plan, table *optable.Table) {
	for _, p := range plans {
		if p.entry == nil && p.answer != nil {
			p.kind = ix.learn(p.answer, table)
		}
	}
}

// resourceName is the type of what a schema shows (x-resource, or else the constant of the property object), or "".
func resourceName(s *value.Schema, table *optable.Table) string {
	if component := table.Schema(s.Name); component != nil && component.Extended().Resource != "" {
		return component.Extended().Resource
	}
	p := s.Property("object")
	if p == nil || p.Schema.Const == "" {
		return ""
	}
	return text(literal(p.Schema.Const))
}

// learn adds a view to its kind, which may be new; nil: it shows no resource.
func (ix *index) learn(view *value.Schema, table *optable.Table) *kind {
	name := resourceName(view, table)
	if name == "" {
		return nil
	}
	k := ix.kinds[name]
	if k == nil {
		k = &kind{name: name, expiry: expiryOf(name)}
		ix.kinds[name] = k
		ix.order = append(ix.order, k)
	}
	k.addView(view)
	ix.components[view.Name] = k
	return k
}

// findFacts learns what components say of the kinds that they show.
func (ix *index) findFacts(table *optable.Table) {
	for i := range table.Schemas {
		s := &table.Schemas[i]
		if s.Extended().Resource != "" && ix.kinds[s.Extended().Resource] != nil {
			ix.components[s.Name] = ix.kinds[s.Extended().Resource]
		}
		for _, m := range s.Extended().Payloads {
			ix.payloads[m.Value] = ix.compile(&optable.Schema{Ref: m.Ref})
		}
		for j := range s.Properties {
			if p := &s.Properties[j]; p.Schema.Extended().Copies != "" {
				ix.copies[[2]string{s.Name, p.Name}] = p.Schema.Extended().Copies
			}
		}
	}
	for _, k := range ix.order {
		for _, v := range k.views {
			if s := table.Schema(v.Name); s != nil && s.Extended().Parents != nil && !k.stated {
				k.stated = true
				for _, p := range s.Extended().Parents {
					k.parents = append(k.parents, parent{p.Property, p.Type})
				}
			}
		}
		if prefix := k.idPrefix(); prefix != "" && ix.prefixes[prefix] == nil {
			ix.prefixes[prefix] = k
		}
	}
}

// namedBy returns the kind whose IDs begin with one of the prefixes; nil if there is none, or more than one.
func (ix *index) namedBy(prefixes []string) *kind {
	var found *kind
	for _, prefix := range prefixes {
		k := ix.prefixes[prefix]
		if k == nil || found != nil && k != found {
			return nil
		}
		found = k
	}
	return found
}

// namedIn is the kind of thing that a field of things of a type names by its ID, or nil.
func (ix *index) namedIn(typ, field string) *kind {
	k := ix.kinds[typ]
	if k == nil {
		return nil
	}
	for _, p := range k.parents {
		if p.field == field {
			return ix.kinds[p.kind]
		}
	}
	if p := k.property(field); p != nil && field != "id" {
		return ix.namedBy(p.Schema.IDPrefixes)
	}
	return nil
}

// compile makes the schema of what the table says. A pattern that Go does not know is not checked.
func (ix *index) compile(facts *optable.Schema) *value.Schema {
	s, _ := ix.compiler.Compile(facts)
	return s
}

// nullable reports whether null is a value of the schema.
func nullable(s *value.Schema) bool { return s.Types.Has(optable.Null) }

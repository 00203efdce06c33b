package sandbox

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// call is one request on its way.
type call struct {
	ix     *index
	plan   *plan
	params map[string]string // of the path
	query  url.Values
	body   map[string]any // nil: none, or no object

	request  request
	env      *environment
	store    *store
	now      time.Time
	examples bool
	memo     map[string]map[string]bool // of joined
	about    *record                    // what the request makes or changes, which its events are about
	emitted  bool
	status   int                // in place of the plan's
	verdicts map[string]verdict // of action endpoints, by type
	unasked  bool               // whether action endpoints are not asked
	named    []*record          // what the path names, as far as the plan needs it

	application *record // of Connect, which the request is about; nil: none

	dataKey    string // ID of the vault's data key that the request is about
	authMethod string // of the connected account that the call makes or changes
}

// read takes in the request and checks all that can be checked without the store.
func (c *call) read(r request) error {
	if len(r.body) > maxBody {
		return &problem{
			status: http.StatusRequestEntityTooLarge, code: "payload_too_large",
			message: "The body has more than 1 MiB.",
		}
	}
	query, err := url.ParseQuery(r.query)
	if err != nil {
		return badRequest("The query is not escaped as it should be.")
	}
	c.query = query
	if err := c.invalid(c.checkParams()); err != nil {
		return err
	}
	b := c.plan.op.Body
	if b == nil || len(r.body) == 0 && !b.Required {
		return nil
	}
	var v any = map[string]any{} // as which an absent body is checked
	if len(r.body) > 0 {
		if v, err = decodeBody(r); err != nil {
			return badRequest("The body is not JSON.")
		}
	}
	problems := check("", c.plan.body, v)
	c.body, _ = v.(map[string]any)
	if fieldOf(c.plan.body, "grant_type") != nil { // RFC 6749 section 3.2: what is not recognized is ignored
		problems = slices.DeleteFunc(problems, func(p fieldProblem) bool { return p.code == codeUnknown })
	}
	if len(problems) == 0 {
		problems = c.checkExclusive()
	}
	return c.invalid(problems)
}

// answer does what the plan says.
func (c *call) answer() (reply, error) {
	if err := c.findNamed(); err != nil {
		return reply{}, err
	}
	if err := c.checkPointers(); err != nil {
		return reply{}, err
	}
	if err := c.checkAddresses(); err != nil {
		return reply{}, err
	}
	value, err := c.plan.do(c)
	if err != nil {
		return reply{}, err
	}
	c.emitAll()
	if target, ok := value.(redirection); ok {
		return reply{status: c.plan.status, location: string(target)}, nil
	}
	if page, ok := value.(webPage); ok {
		return reply{
			status: cmp.Or(c.status, http.StatusOK), media: htmlMedia, policy: page.policy, body: page.text,
		}, nil
	}
	rep := reply{status: c.plan.status, media: jsonMedia}
	if c.status != 0 {
		rep.status = c.status
	}
	if c.plan.answer != nil && rep.status != http.StatusNoContent {
		rep.body = encode(value)
	}
	return rep, nil
}

// findNamed finds the things that the path names.
func (c *call) findNamed() error {
	for _, a := range c.plan.addresses[:c.plan.needs] {
		c.seed(a.kind, nil)
		r := c.locate(a)
		if r == nil && c.imaginary(a) {
			continue
		}
		if r == nil {
			values := make([]string, len(a.params))
			for i, p := range a.params {
				values[i] = c.params[p]
			}
			return notFound(a.kind.title(), strings.Join(values, "/"))
		}
		c.named = append(c.named, r)
	}
	return nil
}

// locate finds what an address names below what was found before, or returns nil.
func (c *call) locate(a address) *record {
	if len(a.fields) == 1 && a.fields[0] == "id" {
		r := c.store.get(a.kind, c.params[a.params[0]])
		if r == nil && a.kind.name == kindApplication { // found by its client ID too
			r = c.findBy(a.kind, fieldClient, c.params[a.params[0]])
		}
		if r != nil && c.misplaced(r) {
			return nil
		}
		return r
	}
	var found *record
	last := len(a.fields) - 1
	for _, r := range c.store.having(a.kind, a.fields[last], c.params[a.params[last]]) {
		match := true
		for i, f := range a.fields {
			match = match && r.text(f) == c.params[a.params[i]]
		}
		if !match || c.misplaced(r) || len(c.named) == 0 && r.hidden {
			continue
		}
		if c.belongs(r) {
			return r
		}
		// What belongs to nobody in particular can be read and named in many places, but changed only in its own.
		names := a.end < len(c.plan.segs) || c.plan.kind != nil && c.plan.kind != a.kind
		if names || c.plan.op.Method == http.MethodGet {
			found = r
		}
	}
	return found
}

// imaginary reports whether any ID names an example: nothing creates such things, and no list tells their IDs.
func (c *call) imaginary(a address) bool { return !a.kind.made && !a.kind.listed }

// misplaced reports whether a thing belongs to others than those that the path names before it.
func (c *call) misplaced(r *record) bool {
	return slices.ContainsFunc(c.named, func(parent *record) bool {
		return pointsTo(r, parent) == no && !c.store.linked(r.id, parent.id)
	})
}

// belongs reports whether a thing belongs to all that the path names before it.
func (c *call) belongs(r *record) bool {
	return !slices.ContainsFunc(c.named, func(parent *record) bool {
		return pointsTo(r, parent) != yes && !c.store.linked(r.id, parent.id)
	})
}

// checkPointers finds the things that the body names by ID. Those of kinds that no operation creates need not exist.
func (c *call) checkPointers() error {
	for _, field := range sortedKeys(c.body) {
		id, ok := c.body[field].(string)
		k := c.bodyNames(field)
		if ok && k != nil && k.made && c.store.get(k, id) == nil && !c.rootResource(k, id) {
			return notFound(k.title(), id)
		}
	}
	return nil
}

// bodyNames is the kind of thing that a field of the body names by its ID, or nil.
func (c *call) bodyNames(field string) *kind {
	p := fieldOf(c.plan.body, field)
	if p == nil {
		return nil
	}
	return c.ix.namedBy(p.Schema.IDPrefixes)
}

// fieldOf is the property of that name that an object of the schema may have, or nil.
func fieldOf(s *value.Schema, name string) *value.Property {
	if s == nil {
		return nil
	}
	if p := s.Property(name); p != nil || s.Union == nil {
		return p
	}
	for _, v := range s.Union.Variants {
		if p := v.Schema.Property(name); p != nil {
			return p
		}
	}
	return nil
}

// rootResource reports whether an organization stands where a resource is named: it is the root of its resources.
func (c *call) rootResource(k *kind, id string) bool {
	return k.name == kindResource && c.store.get(c.ix.kinds[kindOrganization], id) != nil
}

// subject is the thing of a kind that the call is about, or nil.
func (c *call) subject(k *kind) *record {
	for _, r := range slices.Backward(c.named) {
		if r.kind == k {
			return r
		}
	}
	for _, field := range sortedKeys(c.body) {
		if c.bodyNames(field) == k {
			if r := c.store.get(k, text(c.body[field])); r != nil {
				return r
			}
		}
	}
	return nil
}

// findBy returns the newest thing of a kind whose field has that text, or nil.
func (c *call) findBy(k *kind, field, value string) *record {
	found := c.store.having(k, field, value)
	if len(found) == 0 {
		return nil
	}
	return found[len(found)-1]
}

// item is the thing that the path ends in.
func (c *call) item() *record { return c.named[len(c.named)-1] }

// timestamp writes a time as the API does: RFC 3339 with milliseconds, in UTC.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

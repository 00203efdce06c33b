package sandbox

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// facet is a property of a view of things of a kind, with what it shows of them.
type facet struct {
	*value.Property

	field string // of the thing: that of the property's name, or the one that it repeats
	shows showing
	other *kind // of the things that it shows; nil for a field and a name
}

// showing is where the value of a property comes from, if it is there.
type showing int

const (
	showsField    showing = iota
	showsSelf             // another side of the thing
	showsChildren         // the things that belong to it and say so, such as an organization's domains
	showsNamed            // the things whose IDs the field has, such as the groups of a directory user
	showsOther            // what belongs with it, or what it belongs to
	showsName             // the name of what it belongs to
	showsIDP              // what an identity provider says of a member
)

type facetKey struct {
	kind *kind
	view *value.Schema
}

// facetsOf returns the properties of a view of things of a kind. It works them out once.
func (ix *index) facetsOf(k *kind, s *value.Schema) []facet {
	key := facetKey{k, s}
	if found, ok := ix.facets.Load(key); ok {
		list, _ := found.([]facet)
		return list
	}
	list := make([]facet, len(s.Properties))
	for i := range s.Properties {
		list[i] = ix.newFacet(k, s, &s.Properties[i])
	}
	ix.facets.Store(key, list)
	return list
}

func (ix *index) newFacet(k *kind, view *value.Schema, p *value.Property) facet {
	f := facet{Property: p, field: p.Name}
	if field := ix.copies[[2]string{view.Name, p.Name}]; field != "" {
		f.field = field
	}
	s := p.Schema
	if s.Types.Has(optable.Array) && s.Items != nil {
		child := ix.components[s.Items.Name]
		switch {
		case child == nil || child == k || !child.kept():
		case s.Items.Property(child.link(k)) != nil:
			f.shows, f.other = showsChildren, child
		case s.Items.Property("id") != nil:
			f.shows, f.other = showsNamed, child
		}
		return f
	}
	if s.Property("id") == nil {
		switch {
		case showsNames(k, p.Name):
			f.shows = showsName
		case showsAttributes(k, p.Name):
			f.shows = showsIDP
		}
		return f
	}
	switch f.other = ix.kindOf(s); f.other {
	case nil:
	case k:
		f.shows = showsSelf
	default:
		f.shows = showsOther
	}
	return f
}

// related is the value of a property that shows other things, or another side of the same.
func (c *call) related(r *record, f *facet) (any, bool) {
	switch f.shows {
	case showsField:
	case showsSelf:
		return c.view(r, f.Schema), true
	case showsChildren:
		list := []any{}
		for _, child := range c.store.having(f.other, f.other.link(r.kind), r.id) {
			list = append(list, c.view(child, f.Schema.Items))
		}
		return list, true
	case showsNamed:
		list := []any{}
		for _, id := range lookup(r.fields[f.field], "id") {
			if other := c.store.get(f.other, id); other != nil {
				list = append(list, c.view(other, f.Schema.Items))
			}
		}
		return list, r.fields[f.field] != nil
	case showsOther:
		if other := c.companion(r, f.other); other != nil {
			return c.view(other, f.Schema), true
		}
	case showsName:
		return c.shownName(r)
	case showsIDP:
		return c.attributesOf(r)
	}
	return nil, false
}

// fits reports whether a text is valid and written as the API does. It answers at once for most texts that are, and
// leaves the rest to the checker.
func fits(s *value.Schema, v string) bool {
	switch {
	case !s.Types.Has(optable.String) || !simple(s) || s.Pattern != nil:
		return false
	case s.Const != "" || len(s.Enum) > 0:
		quoted := func(member string) bool { return strings.Trim(member, `"`) == v && len(member) == len(v)+len(`""`) }
		return s.Format == "" && (s.Const == "" || len(s.Enum) == 0) && isPlain(v) && slices.ContainsFunc(s.Members(), quoted)
	case s.MinLength > 0 && utf8.RuneCountInString(v) < s.MinLength, s.NonEmpty && v == "",
		s.MaxLength > 0 && len(v) > s.MaxLength:
		return false
	case s.Format == formatDateTime:
		return isTimestamp(v)
	default:
		return s.Format == "" || s.Format == "password"
	}
}

// simple reports whether a schema has no parts.
func simple(s *value.Schema) bool { return s.Within == nil && len(s.AllOf) == 0 && len(s.AnyOf) == 0 }

// isTimestamp reports whether a text is surely what timestamp writes: not for the last day of a month.
func isTimestamp(v string) bool {
	const form, most = "0000-00-00T00:00:00.000Z", "9999-12-30T23:59:59.999Z"
	if len(v) != len(form) || v[5:10] < "01-01" || v[8:10] < "01" {
		return false
	}
	for i := range len(form) {
		if digit := v[i] >= '0' && v[i] <= '9'; form[i] == '0' && !digit || form[i] != '0' && v[i] != form[i] {
			return false
		}
	}
	const february, least = "02", "28"
	if v[5:7] == february && v[8:10] > least {
		return false
	}
	return v[5:7] <= most[5:7] && v[8:10] <= most[8:10] && v[11:13] <= most[11:13] && v[14:16] <= most[14:16] &&
		v[17:19] <= most[17:19]
}

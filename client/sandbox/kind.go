package sandbox

import (
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// Fields that matter whatever the kind.
const (
	fieldDomain = "domain"
	fieldEmail  = "email"
	fieldName   = "name"
	fieldSlug   = "slug"
)

// stateActive is the state that examples and filters prefer.
const stateActive = "active"

// kind is a type of thing that the API keeps. Components that have the same constant in the property `object` are views
// of one kind: User and CreatedUser, the four forms of an API key.
type kind struct {
	name      string          // the constant, or x-resource where components have none
	views     []*value.Schema // in the order of the operations
	parents   []parent        // what one of these belongs to (x-parent)
	stated    bool            // whether a view says what one of these belongs to, or that it belongs to nothing
	keys      []key           // what paths find one by, beside the ID
	listed    bool            // whether some operation lists it
	top       bool            // whether some operation lists it without a parent
	addressed bool            // whether some path names one
	made      bool            // whether some operation creates one
	internal  bool            // whether the API does not know the kind
	expiry    expiry
}

// parent is a kind that things belong to, by its name, and the field that holds the ID.
type parent struct{ field, kind string }

// link is the field by which things of the kind name what they belong to; "" if they do not belong to that kind.
func (k *kind) link(to *kind) string {
	for _, p := range k.parents {
		if p.kind == to.name {
			return p.field
		}
	}
	return ""
}

// links reports whether things of the kind name what they belong to in that field.
func (k *kind) links(field string) bool {
	return slices.ContainsFunc(k.parents, func(p parent) bool { return p.field == field })
}

// key is what one thing of a kind has for itself among those of the same parents, as a path leads to it.
type key struct {
	fields  []string
	parents []*kind
}

// kept reports whether things of the kind can be found again.
func (k *kind) kept() bool { return k.listed || k.addressed }

// property returns the first view's property of that name, or nil.
//
//go:noinline
func (k *kind) property(name string) *value.Property {
	for _, v := range k.views {
		if p := v.Property(name); p != nil {
			return p
		}
	}
	return nil
}

// idPrefix is what an ID of the kind begins with; "" for a UUID.
func (k *kind) idPrefix() string {
	p := k.property("id")
	if p == nil || len(p.Schema.IDPrefixes) == 0 {
		return ""
	}
	return p.Schema.IDPrefixes[0]
}

// documentedID is the ID that the description gives as an example, or "".
func (k *kind) documentedID() string {
	for _, v := range k.views {
		if p := v.Property("id"); p != nil && p.Schema.Example != "" {
			return text(literal(p.Schema.Example))
		}
	}
	return ""
}

// exampleID is the ID that the description gives as an example, made up from the prefix if it gives none.
func (k *kind) exampleID() string {
	if id := k.documentedID(); id != "" {
		return id
	}
	if prefix := k.idPrefix(); prefix != "" {
		return prefix + exampleULID
	}
	return exampleUUID
}

// title is the name for people: "Organization membership".
func (k *kind) title() string {
	name := strings.ReplaceAll(k.name, "_", " ")
	return strings.ToUpper(name[:1]) + name[1:]
}

func (k *kind) addView(s *value.Schema) {
	if !slices.Contains(k.views, s) {
		k.views = append(k.views, s)
	}
}

func (k *kind) addKey(added key) {
	for _, old := range k.keys {
		if slices.Equal(old.fields, added.fields) && slices.Equal(old.parents, added.parents) {
			return
		}
	}
	k.keys = append(k.keys, added)
}

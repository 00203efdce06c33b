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
	name      string          // the constant, or the path of the collection where components have none
	views     []*value.Schema // in the order of the operations
	pointers  []string        // fields that name one of these by its ID, such as user_id; the first is the usual one
	keys      []key           // what paths find one by, beside the ID
	listed    bool            // whether some operation lists it
	top       bool            // whether some operation lists it without a parent
	addressed bool            // whether some path names one
	made      bool            // whether some operation creates one
}

// key is what one thing of a kind has for itself among those of the same parents, as a path leads to it.
type key struct {
	fields  []string
	parents []*kind
}

// kept tells whether things of the kind can be found again.
func (k *kind) kept() bool { return k.listed || k.addressed }

// property returns the first view's property of that name, or nil.
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
	if p == nil || strings.HasPrefix(k.name, "/") {
		return ""
	}
	if len(p.Schema.IDPrefixes) > 0 {
		return p.Schema.IDPrefixes[0]
	}
	return k.name + "_"
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
	if strings.HasPrefix(k.name, "/") {
		return "Entity"
	}
	name := strings.ReplaceAll(strings.TrimSuffix(k.pointers[0], "_id"), "_", " ")
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

// setPointers derives the pointers from the name and from the collection the kind lives in.
func (k *kind) setPointers(collection string) {
	if !strings.HasPrefix(k.name, "/") {
		k.pointers = []string{k.name + "_id"}
	}
	if p := singular(lastStatic(collection)) + "_id"; !slices.Contains(k.pointers, p) {
		k.pointers = append(k.pointers, p)
	}
}

// singular turns a collection's name into that of an entry.
func singular(name string) string {
	if stem, ok := strings.CutSuffix(name, "ies"); ok {
		return stem + "y"
	}
	return strings.TrimSuffix(name, "s")
}

// snake turns camelCase and kebab-case into snake_case.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		switch {
		case r == '-':
			r = '_'
		case r >= 'A' && r <= 'Z':
			if i > 0 {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

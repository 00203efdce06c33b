package mcpadapter

import (
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
)

// renameCollisions gives the properties of a body that share a name with a parameter names of their own as arguments,
// so that the body can be flattened. It does nothing where the body cannot be sent under other names: a union, one of
// several media types, and a property that excludes others.
func (in *input) renameCollisions(t *tool) {
	s := in.body
	if s.Union != nil || len(in.contents) != 1 || in.contents[0].kind != media.JSON {
		return
	}
	renamed := map[string]string{}
	properties := slices.Clone(s.Properties)
	for i := range properties {
		p := &properties[i]
		if _, taken := in.locations[p.Name]; !taken {
			continue
		}
		name := in.ownName(t, p.Name)
		if name == "" || in.excludes(p.Name) {
			return
		}
		renamed[name], p.Name = p.Name, name
	}
	if len(renamed) == 0 {
		return
	}
	c := *s
	c.Properties = properties
	in.body, in.contents[0].schema, in.wireNames = &c, &c, renamed
}

// ownName returns a name that is not taken: of what a call adds to a collection (permission_slug), new_slug for a call
// that changes the thing itself, or body_slug; "": all are taken.
func (in *input) ownName(t *tool, name string) string {
	last := t.operation.Path[strings.LastIndexByte(t.operation.Path, '/')+1:]
	first := "new"
	if words := phrase.Singulars(last); !strings.HasPrefix(last, "{") && len(words) > 0 {
		first = strings.Join(words, "_")
	}
	for _, name := range []string{first + "_" + name, wholeBody + "_" + name} {
		if _, taken := in.locations[name]; !taken && in.body.Property(name) == nil {
			return name
		}
	}
	return ""
}

// excludes reports whether a field belongs to an exclusive group.
func (in *input) excludes(name string) bool {
	for _, group := range in.exclusive {
		for _, v := range group.Variants {
			if slices.Contains(v.Fields, name) {
				return true
			}
		}
	}
	return false
}

// wireBody returns a checked flat body under the names of its properties.
func (in *input) wireBody(body any) any {
	object, ok := body.(map[string]any)
	if !ok || in.wireNames == nil {
		return body
	}
	sent := make(map[string]any, len(object))
	for name, v := range object {
		if wire, renamed := in.wireNames[name]; renamed {
			name = wire
		}
		sent[name] = v
	}
	return sent
}

// argumentFor returns the argument for a property of a flat body.
func (in *input) argumentFor(property string) string {
	for argument, wire := range in.wireNames {
		if wire == property {
			return argument
		}
	}
	return property
}

// flatBody returns a body as it is sent by arguments.
func (in *input) flatBody(body map[string]any) map[string]any {
	if in.wireNames == nil {
		return body
	}
	arguments := make(map[string]any, len(body))
	for name, v := range body {
		arguments[in.argumentFor(name)] = v
	}
	return arguments
}

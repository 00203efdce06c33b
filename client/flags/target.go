package flags

import (
	"maps"
	"regexp"
	"slices"
)

// Target is who or what a flag is decided for. The zero value is nobody: a flag's default decides. An ID that is empty
// is absent.
type Target struct {
	// User is the ID of a user, "user_…".
	User string
	// Organization is the ID of an organization, "org_…".
	Organization string
	// Custom are the IDs of other targets by their types, such as {"workspace": "ws_1"}. A type begins with a lower-case
	// letter and has at most 64 lower-case letters, digits, underscores and hyphens. The types "user" and "organization"
	// are the fields above.
	Custom map[string]string
}

var (
	targetType = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}$`)
	targetID   = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,255}$`)
)

// among reports whether one of the target's IDs is in the set.
func (t Target) among(set map[FlagTarget]struct{}) bool {
	in := func(kind, id string) bool {
		_, found := set[FlagTarget{kind, id}]
		return found && validID(id)
	}
	if in(typeUser, t.User) || in(typeOrganization, t.Organization) {
		return true
	}
	for kind, id := range t.Custom {
		if in(kind, id) && validType(kind) {
			return true
		}
	}
	return false
}

func validType(kind string) bool {
	return kind != typeUser && kind != typeOrganization && targetType.MatchString(kind)
}

func validID(id string) bool { return id != "." && id != ".." && targetID.MatchString(id) }

// invalid returns the types of which the target has an ID that can match no flag.
func (t Target) invalid() []string {
	var kinds []string
	if t.User != "" && !validID(t.User) {
		kinds = append(kinds, typeUser)
	}
	if t.Organization != "" && !validID(t.Organization) {
		kinds = append(kinds, typeOrganization)
	}
	for _, kind := range slices.Sorted(maps.Keys(t.Custom)) {
		if id := t.Custom[kind]; !validType(kind) || id != "" && !validID(id) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

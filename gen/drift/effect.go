package main

import "strings"

// change describes what adopting the official side of a difference changes.
func (d difference) change() string {
	switch kind, _, _ := strings.Cut(d.kind, "-"); {
	case kind == "missing":
		return "added"
	case kind == "extra":
		return "removed"
	case d.theirs == "":
		return "removed"
	case d.ours == "":
		return "added"
	}
	return "changed"
}

// breaking reports whether a program or a tool call that is valid by ours may fail, or not compile, when ours follows
// theirs.
func (d difference) breaking() bool {
	request := !isResponse(d.field)
	switch d.kind {
	case "missing-param", "missing-field":
		return request && strings.Contains(d.theirs, ", required") // which callers do not send yet
	case kindExtraOperation, kindExtraEvent, "extra-param", "extra-field", "extra-status":
		return true
	case "extra-member", kindConstraint:
		return request
	case factRequired:
		return !request || d.theirs == "true" // a response's field becomes a pointer, or a value
	case factType, factNullable, factConst, kindStyle, kindMedia, kindSecurity, kindServers, kindVariant:
		return true
	case factFormat:
		return strings.Contains(d.theirs+d.ours, "date-time") // which is a Go type of its own
	}
	return false
}

func isResponse(field string) bool {
	return len(field) > 2 && (isStatus.MatchString(field[:3]) || isStatus.MatchString(field))
}

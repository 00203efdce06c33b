package main

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// difference is one fact that is not the same in both descriptions.
type difference struct {
	method, path string
	kind, field  string
	theirs, ours string
	reason       string // why it is allowed; "": it is not
}

var (
	lastVariant = regexp.MustCompile(`<[^<>]*>([^<>]*)$`)
	isParameter = regexp.MustCompile(`^(query|header|cookie|path):[^.{\[]*$`)
	isStatus    = regexp.MustCompile(`^[1-5]..$`)
)

const (
	kindExtraOperation = "extra-operation"
	kindExtraEvent     = "extra-event"
	kindConstraint     = "constraint"
	kindMedia          = "media"
	kindSecurity       = "security"
	kindServers        = "servers"
	kindStyle          = "style"
	kindVariant        = "variant"
)

// kinds are the differences that a rule can allow.
var kinds = []string{ //nolint:gochecknoglobals // constant
	"missing-operation", kindExtraOperation, "missing-event", kindExtraEvent, "missing-param", "extra-param",
	"missing-field", "extra-field", "missing-member", "extra-member", "missing-status", "extra-status",
	"param-name", factType, factNullable, factRequired, factConst, factFormat, kindConstraint, factDefault,
	kindStyle, kindMedia, kindSecurity, kindServers, kindVariant, factDeprecated, "extension",
}

// comparison compares the facts of one operation.
type comparison struct {
	method, path string
	theirs, ours facts
	gone         []string        // fields that one side lacks or has otherwise: those inside them are not missing too
	unions       []string        // fields whose variants are compared one by one
	seen         map[string]bool // reported for a whole union, so not again for its variants
	found        []difference
	count        int
}

// compare lists how theirs differs from ours, by path, method and field, and counts the facts that were compared.
func compare(theirs, ours *description) (differences []difference, count int) {
	for _, key := range sortedKeys(theirs.operations, ours.operations) {
		their, our := theirs.operations[key], ours.operations[key]
		count++
		switch {
		case our == nil:
			differences = append(differences,
				difference{method: their.method, path: their.path, kind: "missing-operation", field: "-"})
		case their == nil:
			differences = append(differences,
				difference{method: our.method, path: our.path, kind: kindExtraOperation, field: "-"})
		default:
			c := comparison{
				method: their.method, path: their.path, theirs: their.facts, ours: our.facts, seen: map[string]bool{},
			}
			c.run()
			differences, count = append(differences, c.found...), count+c.count
		}
	}
	for _, name := range sortedKeys(theirs.events, ours.events) {
		count++
		switch {
		case !ours.events[name]:
			differences = append(differences, difference{method: kindEvent, path: name, kind: "missing-event", field: "-"})
		case !theirs.events[name]:
			differences = append(differences, difference{method: kindEvent, path: name, kind: kindExtraEvent, field: "-"})
		}
	}
	slices.SortStableFunc(differences, func(a, b difference) int {
		return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.method, b.method), cmp.Compare(a.field, b.field),
			cmp.Compare(a.kind, b.kind))
	})
	return differences, count
}

func (c *comparison) run() {
	for _, field := range sortedKeys(c.theirs, c.ours) {
		if isStatus.MatchString(field) && field[0] >= '4' {
			continue // ours describes every error by one lenient component
		}
		their, our := c.theirs[field], c.ours[field]
		inner, covered := inside(field, c.unions, ".[{")
		switch {
		case covered && strings.Contains(inner, "<"):
		case their == nil || our == nil:
			c.count++
			if _, known := inside(field, c.gone, ".[{<("); !known && !strings.HasSuffix(field, ">") {
				c.report("presence", presence(field, their == nil), field, stated(their), stated(our))
			}
			c.gone = append(c.gone, field)
		default:
			c.field(field, their, our, covered)
		}
	}
}

// field compares a field of both sides.
func (c *comparison) field(field string, their, our map[string][]string, covered bool) {
	for _, what := range sortedKeys(their, our) {
		x, y := their[what], our[what]
		otherwise := standard(what)
		switch what {
		case factType:
			if x == nil || y == nil {
				continue
			}
		case factNullable:
			if is(their, factType, "any") || is(our, factType, "any") {
				continue
			}
		case factConst:
			x, y = slices.Concat(x, their[factEnum]), slices.Concat(y, our[factEnum])
		case factEnum:
			if their[factConst] != nil || our[factConst] != nil {
				continue
			}
		case factVariants:
			if covered || slices.Contains(c.gone, field) {
				continue
			}
		}
		if x == nil {
			x = []string{otherwise}
		}
		if y == nil {
			y = []string{otherwise}
		}
		c.count++
		if what == factVariants && x[0] == y[0] && strings.HasPrefix(x[0], "by ") {
			c.unions = append(c.unions, field)
		}
		if !slices.Equal(x, y) {
			c.differ(field, what, x, y, their, our)
		}
	}
}

// differ reports one fact with different values.
func (c *comparison) differ(field, what string, x, y []string, their, our map[string][]string) {
	a, b := minus(x, y), minus(y, x)
	switch {
	case what == factType || what == kindMedia:
		c.gone = append(c.gone, field)
		c.report(what, what, field, a, b)
	case what == "fields":
		c.gone = append(c.gone, field)
		c.report("presence", presence(".", x[0] == freeObject), field+".*", a, b)
	case what == factConst && (their[factConst] != nil && opens(y, x) || our[factConst] != nil && opens(x, y)):
		c.report("values", factConst, field, a, b)
	case what == factConst || what == factEnum:
		if a != "" {
			c.report("values+", "missing-member", field, a, "")
		}
		if b != "" {
			c.report("values-", "extra-member", field, "", b)
		}
	case what == factRequired:
		c.report("presence", what, field, a, b)
	default:
		c.report(what, kindOf(what), field, strings.TrimSpace(what+" "+a), strings.TrimSpace(what+" "+b))
	}
}

func (c *comparison) report(class, kind, field, theirs, ours string) {
	if class == "presence" && strings.Contains(field, "<") {
		kind = kindVariant
	}
	whole := lastVariant.ReplaceAllString(field, "$1")
	if whole == field || !c.seen[class+" "+whole] {
		c.found = append(c.found, difference{
			method: c.method, path: c.path, kind: kind, field: strings.ReplaceAll(field, " ", "_"), theirs: theirs, ours: ours,
		})
	}
	c.seen[class+" "+field] = true
}

// standard is the value of a fact that is not stated.
func standard(what string) string {
	switch what {
	case factNullable, factRequired, factDeprecated:
		return "false"
	case factEnum, factConst:
		return anyValue
	case factVariants:
		return "no union"
	case kindSecurity, kindServers, kindStyle, "explode", kindMedia:
		return factDefault
	}
	return "none"
}

func is(fact map[string][]string, what, value string) bool {
	return slices.Equal(fact[what], []string{value})
}

// inside reports whether a field lies inside one of others, entered by such a character, and where.
func inside(field string, others []string, by string) (rest string, ok bool) {
	for _, other := range others {
		if rest, ok = strings.CutPrefix(field, other); ok && rest != "" && strings.Contains(by, rest[:1]) {
			return rest, true
		}
	}
	return "", false
}

func kindOf(what string) string {
	switch {
	case what == "explode":
		return kindStyle
	case what == factVariants:
		return kindVariant
	case what == "name":
		return "param-name"
	case strings.HasPrefix(what, "x-"):
		return "extension"
	case slices.Contains(constraints, what):
		return kindConstraint
	}
	return what
}

// presence names the kind of a field that stands on one side only.
func presence(field string, extra bool) string {
	kind := map[bool]string{true: "extra-", false: "missing-"}[extra]
	switch {
	case isStatus.MatchString(field):
		return kind + "status"
	case field == "request":
		return kindMedia
	case isParameter.MatchString(field):
		return kind + "param"
	}
	return kind + "field"
}

// stated describes a field, "" if there is none.
func stated(fact map[string][]string) string {
	if fact == nil {
		return ""
	}
	text := cmp.Or(strings.Join(fact[factType], ""), "present")
	if is(fact, factNullable, "true") {
		text += " or null"
	}
	if is(fact, factRequired, "true") {
		text += ", required"
	}
	return text
}

// opens reports whether x is y without a restriction, and nothing else.
func opens(x, y []string) bool {
	return slices.Contains(x, anyValue) && minus(x, append([]string{anyValue}, y...)) == ""
}

// minus joins the members of a that b lacks.
func minus(a, b []string) string {
	a = slices.DeleteFunc(slices.Clone(a), func(one string) bool { return slices.Contains(b, one) })
	return strings.Join(a, ", ")
}

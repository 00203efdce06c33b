package main

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// terms puts differences in the words of those who use the API: tools, methods and types.
type terms struct {
	table   *optable.Table
	methods map[string]string // of the service tree, by operation ID
}

// newTerms reads the methods from the source of the service tree, whose comments name the operations.
func newTerms(table *optable.Table, tree string) *terms {
	t := &terms{table: table, methods: map[string]string{}}
	declared := regexp.MustCompile(`(?m)^// [A-Z]+ /\S+ \(([a-z0-9_.]+)\)\n(?://.*\n)*func \(s \*(\w+)\) (\w+)\(`)
	for _, match := range declared.FindAllStringSubmatch(tree, -1) {
		if t.methods[match[1]] == "" {
			t.methods[match[1]] = "client." + match[2] + "." + match[3]
		}
	}
	return t
}

// of names the tool, its argument, the Go method and the field of the Go type that a difference is about.
func (t *terms) of(d difference, theirs *operation) (tool, goAPI string) {
	if d.method == kindEvent {
		return "", "events." + camel(d.path)
	}
	op := t.operation(d)
	if op == nil {
		name := toolName(d.method, d.path, theirs)
		return name, "c." + camelChain(name)
	}
	tool, goAPI = op.ID, t.methods[op.ID]
	if argument := argumentOf(d.field); argument != "" {
		tool += " (" + argument + ")"
	}
	if field := t.field(op, d.field); field != "" {
		goAPI += ", " + field
	}
	return tool, goAPI
}

func (t *terms) operation(d difference) *optable.Operation {
	for i := range t.table.Operations {
		if op := &t.table.Operations[i]; erased(op.Method, op.Path) == erased(d.method, d.path) {
			return op
		}
	}
	return nil
}

// argumentOf is the argument of a tool that a field belongs to, or the part of its response.
func argumentOf(field string) string {
	if _, name, ok := strings.Cut(field, ":"); ok && isParameter.MatchString(field) {
		return "argument " + name
	}
	if inner, ok := strings.CutPrefix(field, "request."); ok {
		return "argument " + inner
	}
	if isResponse(field) && len(field) > 3 {
		return "response " + strings.TrimPrefix(field[3:], ".")
	}
	return ""
}

// field names the component of package gen that a property belongs to, and the property as its field.
func (t *terms) field(op *optable.Operation, field string) string {
	head, rest, ok := strings.Cut(field, ".")
	if !ok {
		return ""
	}
	at := t.root(op, head)
	owner, name := "", ""
	for part := range strings.SplitSeq(rest, ".") {
		if at == nil {
			return ""
		}
		owner = cmp.Or(at.Ref, owner)
		at = t.component(at)
		name, _, _ = strings.Cut(part, "[")
		name, _, _ = strings.Cut(name, "{")
		name, _, _ = strings.Cut(name, "<")
		at = t.inner(at, name, part)
	}
	if owner == "" || name == "" || name == "*" {
		return ""
	}
	return "gen." + owner + "." + camel(name)
}

func (t *terms) root(op *optable.Operation, head string) *optable.Schema {
	name, _, _ := strings.Cut(strings.TrimSuffix(head, "[]"), "<")
	if name == "request" && op.Body != nil {
		return op.Body.Schema
	}
	for i := range op.Responses {
		if a := &op.Responses[i]; a.Schema != nil && isStatus.MatchString(name) && strings.HasPrefix(name, "2") {
			if strings.HasSuffix(head, "[]") {
				return a.Schema.Items
			}
			return a.Schema
		}
	}
	return nil
}

func (t *terms) component(s *optable.Schema) *optable.Schema {
	for s != nil && s.Ref != "" {
		s = t.table.Schema(s.Ref)
	}
	return s
}

// inner is the schema of a property, of its items where the part has [], or nil.
func (t *terms) inner(s *optable.Schema, name, part string) *optable.Schema {
	if s == nil {
		return nil
	}
	candidates := []*optable.Schema{s}
	for i := range s.Composed().OneOf {
		candidates = append(candidates, t.component(&s.Composed().OneOf[i]))
	}
	for _, candidate := range candidates {
		p := candidate.Property(name)
		switch {
		case p == nil:
		case strings.Contains(part, "[]"):
			if list := t.component(p.Schema); list != nil {
				return list.Items
			}
		case strings.Contains(part, "{}"):
			return p.Schema.Additional
		default:
			return p.Schema
		}
	}
	return nil
}

// toolName is the name that an operation gets by the rule of api.yaml.
func toolName(method, path string, op *operation) string {
	var parts []string
	item := false
	for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if item = strings.HasPrefix(segment, "{"); !item && !regexp.MustCompile(`^v[0-9]+$`).MatchString(segment) {
			parts = append(parts, strings.ReplaceAll(segment, "-", "_"))
		}
	}
	verb := map[string]string{"POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"}[method]
	if method == "GET" {
		verb = "get"
		if op != nil && !item && (op.facts["200.data"] != nil || op.facts["200[]"] != nil) {
			verb = "list"
		}
	}
	return strings.Join(append(parts, verb), ".")
}

func camelChain(name string) string {
	parts := strings.Split(name, ".")
	for i, part := range parts {
		parts[i] = camel(part)
	}
	return strings.Join(parts, ".")
}

// initialisms are those of names in package gen; see gen/oapi-codegen.yaml.
var initialisms = map[string]string{ //nolint:gochecknoglobals // constant
	"acs": "ACS", "api": "API", "authkit": "AuthKit", "cors": "CORS", "dns": "DNS", "id": "ID", "idp": "IDP", "ids": "IDs",
	"ip": "IP", "it": "IT", "jwks": "JWKS", "jwt": "JWT", "kv": "KV", "mfa": "MFA", "oauth": "OAuth", "oidc": "OIDC",
	"saml": "SAML", "sms": "SMS", "sp": "SP", "sso": "SSO", "totp": "TOTP", "ttl": "TTL", "uri": "URI", "uris": "URIs",
	"url": "URL",
}

// camel writes a name of the API as package gen does.
func camel(name string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '-' || r == '.' }) {
		if known := initialisms[word]; known != "" {
			b.WriteString(known)
		} else {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

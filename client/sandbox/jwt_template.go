package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

const (
	kindTemplate = "jwt_template"

	// templatePath is the only name of the environment's template.
	templatePath = "/user_management/jwt_template"
	fieldContent = "content"

	// templateLimit is the size of what a template may render to.
	templateLimit = 3072
)

// jwtTemplate is a text that renders to the JSON object of an access token's additional claims.
type jwtTemplate []templatePart

// templatePart is a text, or an expression in it.
type templatePart struct {
	text     string
	operands []operand // the first that is not null counts; none: a text
	quoted   bool      // whether the expression stands within a JSON string
}

// operand is a path into what the template is rendered with, or a text.
type operand struct {
	path []string // nil: a text
	text string
}

// reservedClaims are those that no template sets.
//
//nolint:gochecknoglobals // constant
var reservedClaims = []string{"iss", "sub", "exp", "iat", "nbf", "jti"}

// parseTemplate reads a template and refuses one that could not render. The index has the schemas of what paths name.
func (ix *index) parseTemplate(content string) (jwtTemplate, error) {
	var t jwtTemplate
	quoted := false
	for rest := content; rest != ""; {
		before, after, found := strings.Cut(rest, "{{")
		quoted = endsQuoted(before, quoted)
		t = append(t, templatePart{text: before})
		if !found {
			break
		}
		inside, tail, closed := cutExpression(after)
		if !closed {
			return nil, badTemplate("Template parse error: missing '}}'")
		}
		part := templatePart{quoted: quoted}
		var err error
		if part.operands, err = ix.parseExpression(inside, quoted); err != nil {
			return nil, err
		}
		t, rest = append(t, part), tail
	}
	claims, err := t.render(nil)
	if err != nil || len(claims) == 0 {
		return nil, badTemplate("Template must render to an object with at least one explicitly defined top-level key")
	}
	for _, name := range sortedKeys(claims) {
		if slices.Contains(reservedClaims, name) {
			return nil, badTemplate("Key reserved: " + strconv.Quote(name))
		}
	}
	return t, nil
}

// endsQuoted reports whether a JSON string is open after a text, at the beginning of which it was or was not.
func endsQuoted(text string, quoted bool) bool {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == '\\' && quoted:
			i++
		}
	}
	return quoted
}

// cutExpression cuts at the end of an expression: at the first braces outside of its texts.
func cutExpression(text string) (inside, after string, closed bool) {
	const end = "}}"
	i := indexOutsideQuotes(text, end)
	if i < 0 {
		return "", "", false
	}
	return text[:i], text[i+len(end):], true
}

// indexOutsideQuotes returns where a mark first stands outside of quoted texts, or -1.
func indexOutsideQuotes(text, mark string) int {
	var quote byte
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case strings.HasPrefix(text[i:], mark):
			return i
		}
	}
	return -1
}

// parseExpression reads paths and texts with || between them.
func (ix *index) parseExpression(inside string, quoted bool) ([]operand, error) {
	if strings.TrimSpace(inside) == "" {
		return nil, badTemplate("Expression cannot be empty")
	}
	var operands []operand
	for _, segment := range splitOutsideQuotes(inside) {
		segment = strings.TrimSpace(segment)
		if n := len(segment) - 1; n > 0 && strings.ContainsRune(`'"`, rune(segment[0])) && segment[n] == segment[0] &&
			!strings.ContainsRune(segment[1:n], rune(segment[0])) {
			operands = append(operands, operand{text: segment[1:n]})
			continue
		}
		if segment == "" || strings.ContainsAny(segment, " \t\r\n'\"|&(){}[]<>=!?+*/%,;") {
			return nil, badTemplate("Invalid expression segment: " + strconv.Quote(segment))
		}
		path := strings.Split(segment, ".")
		s := ix.templateSchema(path)
		switch {
		case s == nil:
			return nil, badTemplate("Invalid path: " + strconv.Quote(segment))
		case quoted && s.Types&(optable.Object|optable.Array) != 0 && s.Types&optable.String == 0:
			return nil, badTemplate("String encapsulated expression cannot contain object reference: " +
				strconv.Quote(segment))
		}
		operands = append(operands, operand{path: path})
	}
	return operands, nil
}

// splitOutsideQuotes splits at || outside of texts.
func splitOutsideQuotes(text string) []string {
	const mark = "||"
	var parts []string
	for i := indexOutsideQuotes(text, mark); i >= 0; i = indexOutsideQuotes(text, mark) {
		parts, text = append(parts, text[:i]), text[i+len(mark):]
	}
	return append(parts, text)
}

// templateSchema is the schema of what a path names, or nil. What is below metadata and custom attributes may be there.
func (ix *index) templateSchema(path []string) *value.Schema {
	if !slices.Contains([]string{kindUser, kindOrganization, kindMembership}, path[0]) || ix.kinds[path[0]] == nil {
		return nil
	}
	k := ix.kinds[path[0]]
	if len(path) == 1 {
		return k.views[0]
	}
	if path[0] == kindMembership && (path[1] == "role" || path[1] == "roles") { // slugs here
		slug := &value.Schema{Types: optable.String}
		if path[1] == "role" {
			return within(slug, path[2:])
		}
		return within(&value.Schema{Types: optable.Array, Items: slug}, path[2:])
	}
	p := k.property(path[1])
	if p == nil {
		return nil
	}
	return within(p.Schema, path[2:])
}

// within is the schema of what is inside of a value, or nil if nothing can be there.
func within(s *value.Schema, path []string) *value.Schema {
	for _, step := range path {
		index, err := strconv.Atoi(step)
		switch p := s.Property(step); {
		case s.Types == 0:
		case p != nil:
			s = p.Schema
		case s.Types.Has(optable.Array) && s.Items != nil && err == nil && index >= 0:
			s = s.Items
		case s.Types.Has(optable.Object) && !s.Closed && len(s.Properties) == 0:
			s = &value.Schema{}
			if s.Additional != nil {
				s = s.Additional
			}
		default:
			return nil
		}
	}
	return s
}

// render returns the claims of a template for what paths begin with. A claim that is null is left out, unless there is
// nothing to render with.
func (t jwtTemplate) render(with map[string]any) (map[string]any, error) {
	var text strings.Builder
	for _, p := range t {
		switch v := p.value(with); {
		case p.operands == nil:
			text.WriteString(p.text)
		case !p.quoted:
			text.Write(encode(v))
		case v == nil:
		default:
			s, isText := v.(string)
			if !isText {
				s = string(encode(v))
			}
			quoted := encode(s)
			text.Write(quoted[1 : len(quoted)-1])
		}
	}
	v, err := decode([]byte(text.String()))
	claims, ok := v.(map[string]any)
	if err != nil || !ok {
		return nil, fmt.Errorf("render a JWT template: no JSON object: %w", err)
	}
	for name, v := range claims {
		if v == nil && with != nil {
			delete(claims, name)
		} else {
			claims[name] = trimmed(v)
		}
	}
	return claims, nil
}

// value is the first of the operands that is not null.
func (p *templatePart) value(with map[string]any) any {
	for _, o := range p.operands {
		if o.path == nil {
			return o.text
		}
		var v any = with
		for _, step := range o.path {
			switch at := v.(type) {
			case map[string]any:
				v = at[step]
			case []any:
				i, err := strconv.Atoi(step)
				if v = nil; err == nil && i >= 0 && i < len(at) {
					v = at[i]
				}
			default:
				v = nil
			}
		}
		if v != nil {
			return v
		}
	}
	return nil
}

// trimmed is a JSON value without space around its texts.
func trimmed(v any) any {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		for i := range v {
			v[i] = trimmed(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = trimmed(v[name])
		}
	}
	return v
}

func badTemplate(message string) *problem {
	return &problem{
		status: http.StatusUnprocessableEntity, code: "invalid_request_parameters", message: message,
		fields: []fieldProblem{{fieldContent, codeValue}},
	}
}

// getTemplate returns the environment's template once there is one.
func (c *call) getTemplate() (any, error) {
	if c.store.get(c.store.own.single, c.singleKey()) == nil && !c.examples {
		return nil, notFound("JWT template", c.env.id("environment_", ""))
	}
	return c.getSingle()
}

// putTemplate replaces the environment's template.
func (c *call) putTemplate() (any, error) {
	if _, err := c.ix.parseTemplate(c.inBody(fieldContent)); err != nil {
		return nil, err
	}
	return c.putSingle()
}

// seedTemplate keeps the template of a seed.
func (c *call) seedTemplate(fields map[string]any) error {
	if _, err := c.ix.parseTemplate(text(fields[fieldContent])); err != nil {
		return fmt.Errorf("workos/sandbox: seed: %s: %w", kindTemplate, err)
	}
	if c.store.get(c.store.own.single, templatePath) != nil {
		return fmt.Errorf("workos/sandbox: seed: there is a %s already", kindTemplate)
	}
	at := timestamp(c.now)
	c.store.add(&record{kind: c.store.own.single, id: templatePath, fields: map[string]any{
		fieldContent: fields[fieldContent], "created_at": at, "updated_at": at,
	}})
	return nil
}

// templateClaims are those that the environment's template adds to the access token of a session, or has in their
// place.
func (c *call) templateClaims(session *record) (map[string]any, error) {
	r := c.store.get(c.store.own.single, templatePath)
	if r == nil {
		return map[string]any{}, nil
	}
	t, err := c.ix.parseTemplate(r.text(fieldContent))
	if err != nil {
		return map[string]any{}, nil //nolint:nilerr // of a file of an earlier version, which checked none
	}
	claims, err := t.render(c.templateContext(session))
	if err != nil {
		return nil, oauthRefusal("invalid_request", "The JWT template renders to no JSON object.")
	}
	if size := len(encode(claims)); size > templateLimit {
		return nil, oauthRefusal("token_too_big", fmt.Sprintf("The JWT template renders to %d bytes, more than %d.", size,
			templateLimit))
	}
	return claims, nil
}

// templateContext is what a template is rendered with.
func (c *call) templateContext(session *record) map[string]any {
	plain := func(r *record) any {
		v, err := decode(encode(c.payload(r)))
		if err != nil {
			return nil // not reached: it was encoded
		}
		return v
	}
	user := c.store.get(c.ix.kinds[kindUser], session.text(fieldUser))
	with := map[string]any{kindUser: plain(user)}
	organization := c.store.get(c.ix.kinds[kindOrganization], session.text(fieldOrganization))
	if organization == nil {
		return with
	}
	with[kindOrganization] = plain(organization)
	if m := c.membership(user.id, organization.id); m != nil {
		slugs := memberRoles(m)
		if shown, ok := plain(m).(map[string]any); ok {
			shown["role"], shown["roles"] = slugs[0], listOf(slugs...)
			with[kindMembership] = shown
		}
	}
	return with
}

// with are claims with others in their place or after them.
func (o object) with(more map[string]any) object {
	for _, name := range sortedKeys(more) {
		if i := slices.IndexFunc(o, func(m member) bool { return m.name == name }); i >= 0 {
			o[i].value = more[name]
		} else {
			o = append(o, member{name, more[name]})
		}
	}
	return o
}

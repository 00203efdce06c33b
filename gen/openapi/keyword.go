package openapi

import (
	"regexp"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// keyword converts a keyword of schema n. What it cannot represent is a problem.
func (c *converter) keyword(s *optable.Schema, n *node, key string, v *node) {
	switch key {
	case "$ref":
		s.Ref = c.schemaRef(v)
	case "$dynamicRef", "$recursiveRef":
		c.problemf(v, "use $ref", "the table cannot represent %s; any value is accepted", key)
	case "type":
		c.types(s, v)
	case "nullable":
		if c.truth(v) {
			s.Types |= optable.Null
		}
	case "description":
		s.Description = c.sentence(v)
	case "deprecated":
		s.Deprecated = c.truth(v)
	case "readOnly":
		s.ReadOnly = c.truth(v)
	case "writeOnly":
		s.WriteOnly = c.truth(v)
	case "x-secret":
		s.Secret = s.Secret || c.truth(v)
	case "x-deprecated-reason":
		s.Extensions.Replacement = strings.TrimSuffix(c.text(v), ".")
	case "x-id-prefix":
		s.IDPrefixes = c.oneOrMore(v)
	case "enum", "const", "default", "example", "examples": // see coerce: they depend on the types
	case "exclusiveMinimum", "exclusiveMaximum": // see exclusiveLimits
	case "format":
		s.Format = c.text(v)
		s.Secret = s.Secret || s.Format == formatPassword
	case "contentEncoding":
		if s.Format == "" && strings.HasPrefix(c.text(v), "base64") {
			s.Format = formatByte
		}
	case "contentMediaType":
		if s.Format == "" && get(n, "contentEncoding") == nil && isBinary(c.text(v)) {
			s.Format = formatBinary
		}
	case "pattern":
		c.pattern(s, v)
	default:
		if !c.resource(s, key, v) && !c.limits(s, key, v) && !c.structure(s, n, key, v) {
			c.other(key, v)
		}
	}
}

// isBinary reports whether content of a media type is bytes, which a string that is not encoded stands for.
func isBinary(mediaType string) bool {
	main, sub, _ := strings.Cut(mediaType, "/")
	switch main {
	case "image":
		return !strings.HasSuffix(sub, "+xml")
	case "audio", "video", "font":
		return true
	case "application":
		return sub == "octet-stream" || sub == "pdf" || sub == "zip" || sub == "gzip"
	}
	return false
}

// other reports a keyword that is not represented, unless it affects no value.
func (c *converter) other(key string, v *node) {
	switch {
	case ignored[key], strings.HasPrefix(key, "x-"):
	case loose[key]:
		c.problemf(v, "say it in the description",
			"the table cannot represent the keyword %q; what it rejects is accepted", key)
	default:
		c.problemf(v, "remove it, or begin its name with x-", "unknown keyword %q", shortened(key))
	}
}

// limits converts the keywords that limit numbers, lengths and counts.
func (c *converter) limits(s *optable.Schema, key string, v *node) bool {
	limits := s.Constraints
	switch key {
	case "minimum":
		limits.Minimum = c.number(v)
	case "maximum":
		limits.Maximum = c.number(v)
	case "multipleOf":
		if limits.MultipleOf = c.number(v); strings.Trim(limits.MultipleOf, "-0.") == "" || limits.MultipleOf[0] == '-' {
			limits.MultipleOf = ""
			c.problemf(v, "write a number above 0", "multipleOf is %s; it is ignored", v.describe())
		}
	case "minLength":
		limits.MinLength, _ = c.count(v)
	case "maxLength":
		limits.MaxLength = c.limit(v)
	case "minItems":
		limits.MinItems, _ = c.count(v)
	case "maxItems":
		limits.MaxItems = c.limit(v)
	case "uniqueItems":
		limits.UniqueItems = c.truth(v)
	case "minProperties":
		limits.MinProperties, _ = c.count(v)
	case "maxProperties":
		limits.MaxProperties = c.limit(v)
	default:
		return false
	}
	return true
}

// limit reads an upper limit. The table cannot represent one of 0, which stands for none there.
func (c *converter) limit(n *node) int {
	i, ok := c.count(n)
	if ok && i == 0 {
		c.problemf(n, "use const", "the table cannot represent a limit of 0; it is ignored")
	}
	return i
}

// pattern keeps a pattern, also where Go cannot check it.
func (c *converter) pattern(s *optable.Schema, n *node) {
	s.Constraints.Pattern = c.text(n)
	if _, err := regexp.Compile(s.Constraints.Pattern); err != nil {
		c.problemf(n, "write it without what RE2 lacks, such as look-ahead, or leave it",
			"the pattern %s is published, but not checked: %s", n.describe(),
			strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
}

// structure converts the keywords that contain schemas.
func (c *converter) structure(s *optable.Schema, n *node, key string, v *node) bool {
	switch key {
	case "items":
		if get(n, "prefixItems") != nil { // of the items after those; see tuple
			return true
		}
		if v.kind == array { // a tuple of drafts before 2020-12
			c.problemf(v, "use items with one schema",
				"the table cannot represent a list of items; items of any kind are accepted")
			return true
		}
		s.Items = c.schema(v)
	case "properties":
		for name, p := range c.pairs(v) {
			s.Properties = append(s.Properties, optable.Property{Name: name, Schema: c.schema(p)})
		}
	case "additionalProperties":
		c.additional(s, v)
	case "unevaluatedProperties":
		switch {
		case get(n, "additionalProperties") != nil:
		case get(n, "allOf") == nil && get(n, "anyOf") == nil && get(n, "oneOf") == nil && get(n, "$ref") == nil &&
			get(n, "if") == nil && get(n, "dependentSchemas") == nil:
			c.additional(s, v)
		case v.kind != boolean || !truths[v.text]:
			c.problemf(v, "close each variant with additionalProperties: false",
				"the table cannot represent unevaluatedProperties here; any other property is accepted")
		}
	case "propertyNames":
		s.PropertyNames = c.schema(v)
	case "oneOf":
		s.Composition.OneOf = c.alternatives(s, v)
	case "anyOf":
		s.Composition.AnyOf = c.alternatives(s, v)
	case "allOf":
		c.parts++
		for part := range c.items(v) {
			c.merged = true
			s.Composition.AllOf = append(s.Composition.AllOf, *c.schema(part))
		}
		c.parts--
	case "discriminator":
		c.discriminator(s, v)
	default:
		return false
	}
	return true
}

// additional reads the schema of properties that are not named.
func (c *converter) additional(s *optable.Schema, v *node) {
	if v.kind == boolean && !truths[v.text] {
		s.Closed = true
		return
	}
	s.Additional = c.schema(v)
}

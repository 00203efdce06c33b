package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// facts are statements about an operation: field, what, values. Defaults are left out: a field that is not
// required, not nullable, in the style of its place.
type facts map[string]map[string][]string

func (f facts) put(field, what string, values ...string) {
	if f[field] == nil {
		f[field] = map[string][]string{}
	}
	f[field][what] = values
}

// operation is one method on one path.
type operation struct {
	method, path string
	facts        facts
}

// description is the part of a document that is compared: operations and event types.
type description struct {
	operations map[string]*operation // by method and path, the names of the path parameters erased
	events     map[string]bool
}

// Facts that are called like the keyword that states them.
const (
	factType       = "type"
	factNullable   = "nullable"
	factRequired   = "required"
	factConst      = "const"
	factEnum       = "enum"
	factFormat     = "format"
	factDefault    = "default"
	factDeprecated = "deprecated"
	factVariants   = "variants"
)

const (
	typeNull    = "null"
	keywordRest = "additionalProperties"
)

const (
	anyValue   = "any value"
	freeObject = "free object"
	kindEvent  = "EVENT" // in place of a method
)

// compared are the extensions that are facts.
var compared = []string{ //nolint:gochecknoglobals // constant
	"x-feature-flag", "x-mutually-exclusive-body-groups", "x-mutually-exclusive-parameter-groups",
}

var templates = regexp.MustCompile(`\{([^}]*)\}`)

func erased(method, path string) string { return method + " " + templates.ReplaceAllString(path, "{}") }

// describe extracts the facts of a document.
func (d *document) describe() (*description, error) {
	found := &description{operations: map[string]*operation{}, events: map[string]bool{}}
	for path, item := range objectAt(d.root, "paths") {
		item = d.deref(item)
		for _, method := range []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"} {
			if node := get(item, method); node != nil {
				op := &operation{method: strings.ToUpper(method), path: path, facts: facts{}}
				d.operation(op, item, node)
				found.operations[erased(op.method, path)] = op
			}
		}
	}
	d.events(objectAt(d.root, "components", "schemas"), found.events)
	return found, d.err
}

// events finds the types of events: x-event-payloads of ours, schemas with a constant event and data of theirs.
func (d *document) events(value any, found map[string]bool) {
	for _, one := range listOf(value) {
		d.events(one, found)
	}
	for key, member := range objectAt(value) {
		if key == "x-event-payloads" {
			for name := range objectAt(member) {
				found[name] = true
			}
			continue
		}
		properties := objectAt(member, "properties")
		if name := textOf(get(properties, "event", factConst)); name != "" && properties["data"] != nil {
			found[name] = true
		}
		d.events(member, found)
	}
	for _, one := range listOf(get(value, "oneOf")) {
		if name := textOf(get(one, "properties", "event", factConst)); name != "" {
			found[name] = true
		}
	}
}

func (d *document) operation(op *operation, item, node any) {
	f := op.facts
	f.put("operation", "present", "true")
	standard := get(d.root, kindSecurity)
	if own, ok := objectAt(node)[kindSecurity]; ok && d.security(own) != d.security(standard) {
		f.put("operation", kindSecurity, d.security(own))
	}
	if urls := cmp.Or(servers(node), servers(item)); urls != "" {
		f.put("operation", kindServers, urls)
	}
	if get(node, factDeprecated) == true {
		f.put("operation", factDeprecated, "true")
	}
	for _, extension := range compared {
		if value := get(node, extension); value != nil {
			f.put("operation", extension, literal(value))
		}
	}
	for field, parameter := range d.parameters(op.path, item, node) {
		d.parameter(f, field, parameter)
	}
	if body := d.deref(get(node, "requestBody")); body != nil {
		if get(body, factRequired) == true {
			f.put("request", factRequired, "true")
		}
		d.content(f, "request", body)
	}
	for status, response := range objectAt(node, "responses") {
		response = d.deref(response)
		if status[0] == '2' || status[0] == '3' {
			f.put(status, "present", "true")
		} else if codes := d.codes(response); len(codes) > 0 {
			f.put(status, "codes", codes...)
		}
		if status[0] == '2' {
			d.content(f, status, response)
		}
	}
}

// codes lists the constants of the property code anywhere in an error response.
func (d *document) codes(response any) []string {
	found := map[string]bool{}
	var visit func(value any, depth int)
	visit = func(value any, depth int) {
		if value = d.deref(value); depth > maxDepth {
			return
		}
		code := get(value, "properties", "code")
		for _, one := range append(listOf(get(code, factEnum)), get(code, factConst)) {
			if text := textOf(one); text != "" {
				found[text] = true
			}
		}
		for _, one := range listOf(value) {
			visit(one, depth+1)
		}
		for _, member := range objectAt(value) {
			visit(member, depth+1)
		}
	}
	visit(get(response, "content"), 0)
	return sortedKeys(found)
}

// security names the schemes of a requirement.
func (d *document) security(requirement any) string {
	all := map[string]bool{}
	for _, one := range listOf(requirement) {
		all[cmp.Or(strings.Join(sortedKeys(objectAt(one)), " and "), "anonymous")] = true
	}
	return cmp.Or(strings.Join(sortedKeys(all), " or "), "none")
}

func servers(value any) string {
	list := listOf(get(value, kindServers))
	urls := make([]string, 0, len(list))
	for _, server := range list {
		urls = append(urls, strings.TrimRight(textOf(get(server, "url")), "/"))
	}
	return strings.Join(urls, ", ")
}

// parameters returns the parameters by field: path:1 for the first one of the path, else in:name.
func (d *document) parameters(path string, item, node any) map[string]any {
	found := map[string]any{}
	for _, p := range slices.Concat(listOf(get(item, "parameters")), listOf(get(node, "parameters"))) {
		p = d.deref(p)
		name, in := textOf(get(p, "name")), textOf(get(p, "in"))
		if in == "header" {
			name = strings.ToLower(name)
		}
		for i, match := range templates.FindAllStringSubmatch(path, -1) {
			if in == "path" && match[1] == name {
				name = strconv.Itoa(i + 1)
				break
			}
		}
		found[in+":"+name] = p
	}
	return found
}

func (d *document) parameter(f facts, field string, p any) {
	place, isPath := textOf(get(p, "in")), strings.HasPrefix(field, "path:")
	standard := "simple"
	if place == "query" || place == "cookie" {
		standard = "form"
	}
	style := cmp.Or(textOf(get(p, kindStyle)), standard)
	if style != standard {
		f.put(field, kindStyle, style)
	}
	if explode, ok := get(p, "explode").(bool); ok && explode != (style == "form") {
		f.put(field, "explode", strconv.FormatBool(explode))
	}
	if get(p, factRequired) == true && !isPath {
		f.put(field, factRequired, "true")
	}
	if isPath {
		f.put(field, "name", textOf(get(p, "name")))
	}
	if get(p, factDeprecated) == true {
		f.put(field, factDeprecated, "true")
	}
	if get(p, "content") != nil {
		d.content(f, field, p)
		return
	}
	f.schema(field, d.schema(get(p, "schema"), 0))
}

// content adds the facts of a body, those of a JSON schema right at the field.
func (d *document) content(f facts, field string, body any) {
	contents := objectAt(body, "content")
	types := make([]string, 0, len(contents))
	for mediaType, value := range contents {
		mediaType, _, _ = strings.Cut(strings.ToLower(mediaType), ";")
		types = append(types, mediaType)
		at := strings.TrimSuffix(field+"("+mediaType+")", "(application/json)")
		f.schema(at, d.schema(get(value, "schema"), 0))
	}
	slices.Sort(types)
	if media := strings.Join(types, ", "); media != "application/json" {
		f.put(field, kindMedia, cmp.Or(media, "none"))
	}
}

// schema adds the facts of a field: the union of its alternatives.
func (f facts) schema(field string, s schema) {
	types, carriers := map[string]bool{}, map[string][]string{} // carriers: keyword, types that have it
	var objects, items, rest schema
	for _, a := range s {
		null := slices.Equal(a.is(), []string{typeNull})
		for _, typ := range a.is() {
			types[typ] = true
			for keyword := range a.keywords {
				if typ != typeNull {
					carriers[keyword] = append(carriers[keyword], typ)
				}
			}
		}
		if !null && slices.Contains(a.is(), "object") {
			objects, rest = append(objects, a), append(rest, a.rest...)
		}
		if slices.Contains(a.is(), "array") {
			items = append(items, a.items...)
		}
	}
	if types[typeNull] && !types["any"] {
		f.put(field, factNullable, "true")
	}
	delete(types, typeNull)
	f.put(field, factType, strings.Join(sortedKeys(types), " or "))
	if values, open, fixed := s.values(); len(values) > 0 {
		if open {
			values = append(values, anyValue)
		}
		f.put(field, map[bool]string{true: factConst, false: factEnum}[fixed], values...)
	}
	f.keywords(field, s, carriers)
	if items != nil {
		f.schema(field+"[]", items)
	}
	if rest != nil {
		f.schema(field+"{}", rest)
	}
	f.union(field, objects)
}

// keywords adds the values that a keyword has in those alternatives that can have it.
func (f facts) keywords(field string, s schema, carriers map[string][]string) {
	for keyword, of := range carriers {
		found := map[string]bool{}
		for _, a := range s {
			if slices.ContainsFunc(a.is(), func(typ string) bool { return slices.Contains(of, typ) }) {
				found[cmp.Or(a.keywords[keyword], "none")] = true
			}
		}
		f.put(field, keyword, strings.Join(sortedKeys(found), " or "))
	}
}

// union adds the properties of objects, and its variants one by one if a property distinguishes them, otherwise their
// shapes.
func (f facts) union(field string, objects schema) {
	f.object(field, objects, "")
	if len(objects) < 2 {
		return
	}
	if property, groups := objects.variants(); property != "" {
		f.put(field, factVariants, append([]string{"by " + property}, sortedKeys(groups)...)...)
		for value, group := range groups {
			at := fmt.Sprintf("%s<%s=%s>", field, property, strings.Trim(value, `"`))
			f.put(at, "present", "true")
			f.object(at, group, property)
		}
	} else if shapes := objects.shapes(); len(shapes) > 1 {
		f.put(field, factVariants, shapes...)
	}
}

// object adds the properties of objects, except the discriminator of a union.
func (f facts) object(field string, objects schema, except string) {
	properties := map[string]schema{}
	for _, a := range objects {
		for name, property := range a.properties {
			properties[name] = append(properties[name], property...)
		}
		for name := range a.required {
			if a.properties[name] == nil {
				properties[name] = append(properties[name], newAlternative())
			}
		}
	}
	if len(objects) > 0 && len(properties) == 0 {
		f.put(field, "fields", freeObject)
	}
	for name, property := range properties {
		if name == except {
			continue
		}
		if !slices.ContainsFunc(objects, func(a *alternative) bool { return !a.required[name] }) {
			f.put(field+"."+name, factRequired, "true")
		}
		f.schema(field+"."+name, property)
	}
}

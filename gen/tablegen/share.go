package main

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// maxNameWords limits the words of a description in the name of a variable.
const maxNameWords = 4

// sharedSchema is a schema that occurs more than once, as a variable.
type sharedSchema struct {
	name   string
	schema *optable.Schema // one of the equal ones
}

// share names the schemas of the table that occur more than once.
func (p *printer) share(table optable.Table) {
	var texts []string
	equal := map[string][]*optable.Schema{}
	eachSchema(reflect.ValueOf(table), func(s *optable.Schema) {
		var b bytes.Buffer
		(&printer{}).write(&b, reflect.ValueOf(*s), true)
		text := b.String()
		if equal[text] == nil {
			texts = append(texts, text)
		}
		equal[text] = append(equal[text], s)
	})
	p.names = map[*optable.Schema]string{}
	taken := map[string]int{}
	for _, text := range texts {
		schemas := equal[text]
		if len(schemas) == 1 {
			continue
		}
		name := variableOf(schemas[0])
		if taken[name]++; taken[name] > 1 {
			name += "_" + strconv.Itoa(taken[name])
		}
		for _, s := range schemas {
			p.names[s] = name
		}
		p.shared = append(p.shared, sharedSchema{name, schemas[0]})
	}
	slices.SortFunc(p.shared, func(a, b sharedSchema) int { return strings.Compare(a.name, b.name) })
}

// eachSchema calls f with the schemas that something in a value points to.
func eachSchema(v reflect.Value, f func(*optable.Schema)) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if s, ok := reflect.TypeAssert[*optable.Schema](v); ok {
			f(s)
		}
		eachSchema(v.Elem(), f)
	case reflect.Slice:
		for i := range v.Len() {
			eachSchema(v.Index(i), f)
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			eachSchema(field, f)
		}
	default: // holds no schema
	}
}

// variableOf returns the name of a variable for a schema, from what distinguishes it: such as schemaStringOrganization.
func variableOf(s *optable.Schema) string {
	said := words(strings.Join(append(slices.Clone(s.IDPrefixes), s.Description), " "))
	kind := slices.Concat(words(s.Ref), s.Types.Names())
	if len(kind) == 0 {
		kind = []string{"any"}
	}
	var name strings.Builder
	name.WriteString("schema")
	for _, word := range slices.Concat(kind, said[:min(len(said), maxNameWords)]) {
		first, size := utf8.DecodeRuneInString(word)
		name.WriteRune(unicode.ToUpper(first))
		name.WriteString(word[size:])
	}
	return name.String()
}

// words returns the parts of a text that can stand in a name.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// writeShared prints the variables of the shared schemas.
func (p *printer) writeShared(b *bytes.Buffer) {
	if len(p.shared) == 0 {
		return
	}
	b.WriteString("\n// Schemas that occur more than once.\nvar (\n")
	for _, s := range p.shared {
		fmt.Fprintf(b, "%s = ", s.name)
		p.write(b, reflect.ValueOf(*s.schema), true)
		b.WriteString("\n")
	}
	b.WriteString(")\n")
}

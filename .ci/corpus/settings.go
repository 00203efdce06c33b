package main

import "strings"

// setting is what oapi-codegen needs to generate a client of one description that compiles.
type setting struct {
	compatibility []string // fields of compatibility that are true
	output        []string // fields of output-options that are true
	add           string   // declarations that the generated code refers to and lacks
}

const (
	prefixEnums       = "always-prefix-enum-values"
	resolveCollisions = "resolve-type-name-collisions"
	keepUnused        = "skip-prune"
)

// settings are by the name of the description. All others are generated with models and client alone.
var settings = map[string]setting{
	"github": {
		compatibility: []string{prefixEnums}, output: []string{resolveCollisions},
		add: "type (\n\tN0 = int\n\tN1 = string\n)\n", // of two unions of a parameter with one name
	},
	"museum":              {output: []string{resolveCollisions}},
	"oc-events-webhooks":  {output: []string{keepUnused}},
	"oc-naming-conflicts": {output: []string{resolveCollisions}},
	"qdrant":              {compatibility: []string{prefixEnums}, output: []string{resolveCollisions}},
	"resend":              {output: []string{keepUnused}},
}

// configuration returns the configuration of oapi-codegen.
func (s setting) configuration(pkg string) string {
	var b strings.Builder
	b.WriteString("package: " + pkg + "\noutput: " + pkg + "/client.gen.go\ngenerate: {models: true, client: true}\n")
	for section, fields := range map[string][]string{"compatibility": s.compatibility, "output-options": s.output} {
		if len(fields) > 0 {
			b.WriteString(section + ":\n")
			for _, field := range fields {
				b.WriteString("  " + field + ": true\n")
			}
		}
	}
	return b.String()
}

// words lists the options for the matrix.
func (s setting) words() string {
	list := append(append([]string{}, s.compatibility...), s.output...)
	if s.add != "" {
		list = append(list, "two type aliases added")
	}
	return strings.Join(list, ", ")
}

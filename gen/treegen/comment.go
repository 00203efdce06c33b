package main

import (
	"bytes"
	"fmt"
	"strings"
)

// comment writes the doc comment: what the operation does, then its method, path and ID.
func comment(b *bytes.Buffer, m *Method, name, instead string) {
	op := m.Operation
	lines := []string{name + sentence(op.Summary) + "."}
	if instead != "" {
		lines = []string{instead}
	} else if op.Description != "" {
		lines = append(lines, op.Description)
	}
	if m.Kind == Returns && m.MayBeNil {
		lines = append(lines, "The result is nil if the response has no body.")
	}
	if m.Optional {
		lines = append(lines, "The body may be nil.")
	}
	for _, c := range m.Constants {
		lines = append(lines, fmt.Sprintf("An empty %s is sent as %s, its only value.", c.Field, c.Value))
	}
	if len(m.Required) > 0 {
		lines = append(lines, "The parameters must not be nil.")
	}
	for _, line := range wrap(strings.Join(lines, " ")) {
		b.WriteString("// " + line + "\n")
	}
	fmt.Fprintf(b, "//\n// %s %s (%s)\n", op.Method, op.Path, op.ID)
	if op.Deprecated {
		b.WriteString("//\n// Deprecated: the API no longer maintains it.\n")
	}
}

// serviceComment writes the doc comment of a service: its product, what it is for, and an example.
func serviceComment(b *bytes.Buffer, n *Node) {
	text := fmt.Sprintf("%s (%s) %s. Operations: %s.…", n.Type, n.Product, n.Purpose, n.Path)
	for _, line := range wrap(text) {
		b.WriteString("// " + line + "\n")
	}
	if n.Example != nil {
		b.WriteString("//\n")
		for line := range strings.Lines(n.Example.Code) {
			b.WriteString("//\t" + line)
		}
		b.WriteString("\n")
	}
}

// sentence turns an imperative summary into the predicate of a doc comment: "Rename or describe a group." becomes
// " renames or describes a group". A summary that begins with an abbreviation follows a colon instead.
func sentence(summary string) string {
	words := strings.Fields(strings.TrimSuffix(summary, "."))
	if len(words) == 0 || strings.ToUpper(words[0]) == words[0] {
		return ": " + strings.Join(words, " ")
	}
	words[0] = thirdPerson(lower(words[0]))
	for i := 1; i+1 < len(words); i++ {
		conjunction := words[i] == "or" || words[i] == "and"
		if conjunction && (i == 1 || beginsPredicate(words[i+1])) {
			words[i+1] = thirdPerson(words[i+1])
		}
	}
	return " " + strings.Join(words, " ")
}

// beginsPredicate reports whether a word is a verb that begins a second predicate of a summary, as in "Sign a user in
// and issue tokens".
func beginsPredicate(word string) bool { return word == "issue" }

// lower returns a sentence with a lower-case first letter, unless it begins with an abbreviation.
func lower(text string) string {
	if len(text) < 2 || strings.ToUpper(text[1:2]) == text[1:2] && text[1] != ' ' {
		return text
	}
	return strings.ToLower(text[:1]) + text[1:]
}

// thirdPerson returns the third person singular of a regular verb.
func thirdPerson(verb string) string {
	for _, ending := range []string{"s", "sh", "ch", "x", "o"} {
		if strings.HasSuffix(verb, ending) {
			return verb + "es"
		}
	}
	if stem, ok := strings.CutSuffix(verb, "y"); ok && !strings.HasSuffix(stem, "a") && !strings.HasSuffix(stem, "o") {
		return stem + "ies"
	}
	return verb + "s"
}

// wrap breaks a text into comment lines.
func wrap(text string) []string {
	const width = 116
	var lines []string
	var line string
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

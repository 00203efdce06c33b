package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// writeYAML writes JSON as YAML 1.2 in block style, its members in their order. A parser of YAML 1.1 reads the same.
func writeYAML(out io.Writer, text json.RawMessage) error {
	var b strings.Builder
	for _, line := range yamlLines(text) {
		b.WriteString(line + "\n")
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("write YAML: %w", err)
	}
	return nil
}

// yamlLines returns the lines of a value: one for a scalar or what is empty.
func yamlLines(text json.RawMessage) []string {
	text = bytes.TrimSpace(text)
	var lines []string
	if object, ok := readMembers(text); ok && len(object) > 0 {
		for _, member := range object {
			inner := yamlLines(member.value)
			name := yamlText(member.name) + ":"
			if !isBlock(member.value) {
				lines = append(lines, name+" "+inner[0])
				continue
			}
			lines = append(lines, name)
			for _, line := range inner {
				lines = append(lines, "  "+line)
			}
		}
		return lines
	}
	var list []json.RawMessage
	if len(text) > 0 && text[0] == '[' && json.Unmarshal(text, &list) == nil && len(list) > 0 {
		for _, item := range list {
			for i, line := range yamlLines(item) {
				if i == 0 {
					lines = append(lines, "- "+line)
				} else {
					lines = append(lines, "  "+line)
				}
			}
		}
		return lines
	}
	var s string
	switch {
	case len(text) > 0 && text[0] == '"' && json.Unmarshal(text, &s) == nil:
		return []string{yamlText(s)}
	case len(text) > 0 && (text[0] == '{' || text[0] == '['):
		return []string{string(text[0]) + string(text[len(text)-1])} // empty
	default:
		return []string{string(text)}
	}
}

// isBlock reports whether a value is an object or a list with content.
func isBlock(text json.RawMessage) bool {
	text = bytes.TrimSpace(text)
	return len(text) > 2 && (text[0] == '{' || text[0] == '[') && len(bytes.TrimSpace(text[1:len(text)-1])) > 0
}

var (
	plainText = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./@+-]*( [A-Za-z0-9_./@+-]+)*$`)
	reserved  = regexp.MustCompile(`^(?i:true|false|null|yes|no|on|off|y|n)$`)
)

// yamlText returns a text plain where no parser takes it for something else, else in the quotes of JSON, which YAML
// shares.
func yamlText(text string) string {
	if plainText.MatchString(text) && !reserved.MatchString(text) {
		return text
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil { // never for a text
		return `""`
	}
	// DEL and the C1 controls are no printable characters of YAML, and control terminals.
	return strings.TrimSuffix(escapeControls(b.String()), "\n")
}

// escapeControls writes control characters that encoding/json leaves as they are.
func escapeControls(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r >= 0x7f && r < 0xa0 || r == 0xfeff {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

package serve

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// completeCall completes the tool's name, then the names of its arguments, their members included, and their values:
// those of a list of values, and what an ID begins with.
func (p program) completeCall(f *flags) completion {
	return func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if len(args) == 0 {
			return p.completeTool(f)(cmd, args, begun)
		}
		tool, err := p.tool(*f, args[0])
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		root := argumentsOf(tool)
		const open = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		if name, _, named := strings.Cut(begun, "="); named {
			return completeValue(tool, root, name, begun)
		}
		c := argumentNames{tool: tool, given: args[1:]}
		owner := ""
		if dot := strings.LastIndexByte(begun, '.'); dot >= 0 {
			owner = begun[:dot+1]
		}
		if parent := root.find(strings.TrimSuffix(owner, ".")); parent != nil {
			c.add(owner, *parent)
		}
		return c.all, open
	}
}

// completeValue completes the value of an argument. What an ID begins with is followed by no space.
func completeValue(tool mcpadapter.Tool, root property, name, begun string) ([]string, cobra.ShellCompDirective) {
	const closed = cobra.ShellCompDirectiveNoFileComp
	argument := root.find(name)
	if argument == nil {
		return nil, closed
	}
	if values := argument.values(); len(values) > 0 {
		return prefixed(name+"=", values), closed
	}
	var starts []string
	for _, entry := range prefixed(name+"=", tool.IDPrefixes(name)) {
		if strings.HasPrefix(entry, begun) { // not once it is typed
			starts = append(starts, entry)
		}
	}
	return starts, closed | cobra.ShellCompDirectiveNoSpace
}

func prefixed(start string, texts []string) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = start + text
	}
	return all
}

// argumentNames gathers the names that may follow.
type argumentNames struct {
	tool  mcpadapter.Tool
	given []string // words that precede
	all   []string
}

// add adds the members of an object: an object with a dot, a list with brackets, and others with an equals sign.
func (c *argumentNames) add(owner string, object property) {
	for _, member := range slices.Sorted(maps.Keys(object.Properties)) {
		p, name := object.Properties[member], owner+member
		switch {
		case p.is("array") && p.Items != nil && len(p.Items.Properties) > 0:
			c.all = append(c.all, name+"[].\t"+p.summary())
		case p.is("array"):
			c.all = append(c.all, name+"[]=\t"+p.summary())
		case p.is("object") && (len(p.Properties) > 0 || p.Additional != nil):
			c.all = append(c.all, name+".\t"+p.summary())
		case !strings.Contains(owner, "[]") && c.isGiven(name): // items of a list have the same names
		default:
			c.all = append(c.all, name+"=\t"+c.about(name, p))
		}
	}
}

func (c *argumentNames) isGiven(name string) bool {
	return slices.ContainsFunc(c.given, func(word string) bool {
		return strings.HasPrefix(word, name+"=") || strings.HasPrefix(word, name+":=")
	})
}

// about is what a value means, or else what it begins with.
func (c *argumentNames) about(name string, p property) string {
	if text := p.summary(); text != "" {
		return text
	}
	if prefixes := c.tool.IDPrefixes(name); len(prefixes) > 0 {
		return strings.Join(prefixes, "… or ") + "…"
	}
	return ""
}

// property is what completion needs of an argument's schema.
type property struct {
	Type        any                 `json:"type"`
	Enum        []any               `json:"enum"`
	Items       *property           `json:"items"`
	Properties  map[string]property `json:"properties"`
	Required    []string            `json:"required"`
	Additional  any                 `json:"additionalProperties"`
	Description string              `json:"description"`
}

func readProperty(schema json.RawMessage) property {
	root := property{}
	if json.Unmarshal(schema, &root) != nil || root.Properties == nil {
		root.Properties = map[string]property{}
	}
	return root
}

// argumentsOf returns the arguments of a tool, also those for the response that a terse schema leaves out.
func argumentsOf(tool mcpadapter.Tool) property {
	root := readProperty(tool.InputSchema())
	for _, a := range tool.ShapingArguments() {
		if root.has(a.Name) {
			continue
		}
		shaping := property{Type: "string", Description: a.Description}
		switch {
		case strings.HasSuffix(a.Name, "all_pages"):
			shaping.Type = "boolean"
		case strings.HasSuffix(a.Name, "format"):
			shaping.Enum = []any{"table"}
		}
		root.Properties[a.Name] = shaping
	}
	return root
}

// is reports whether values are of a JSON type; null may be one of several.
func (p property) is(kind string) bool {
	if types, several := p.Type.([]any); several {
		return slices.Contains(types, any(kind))
	}
	return p.Type == kind
}

// find returns the property with a name such as a.b or list[].member; "" is the whole. nil: there is none.
func (p property) find(name string) *property {
	if name == "" {
		return &p
	}
	head, rest, _ := strings.Cut(name, ".")
	head, isItem := strings.CutSuffix(head, "[]")
	member, ok := p.Properties[head]
	if !ok {
		return nil
	}
	if isItem && member.Items != nil {
		member = *member.Items
	}
	return member.find(rest)
}

// summary is the first sentence of the description.
func (p property) summary() string {
	first, _, _ := strings.Cut(strings.ReplaceAll(p.Description, "\n", " "), ". ")
	return first
}

// values returns all values of a property, if it has a list of them.
func (p property) values() []string {
	if p.Items != nil {
		p = *p.Items
	}
	if p.is("boolean") {
		return []string{"true", "false"}
	}
	var all []string
	for _, v := range p.Enum {
		if text, ok := v.(string); ok {
			all = append(all, text)
		}
	}
	return all
}

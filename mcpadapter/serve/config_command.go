package serve

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func (p program) configCommand(f *flags) *cobra.Command {
	var l listening
	cmd := &cobra.Command{
		Use: "config", Short: "Print the settings in force and where they come from", Args: noArgs,
		Long: "Print the settings in force, those of the server over HTTP among them, and where they come from.\n" +
			"The output is a file for --" + configFlag + ". It has no secrets.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			filters, err := p.filters(*f)
			if err != nil {
				return err
			}
			text, err := yaml.Marshal(p.inForce(cmd.Flags(), f.config, filters))
			if err == nil {
				_, err = cmd.OutOrStdout().Write(text)
			}
			return err //nolint:wrapcheck // standard output is gone
		},
	}
	p.httpFlags(cmd.Flags(), &l)
	return cmd
}

// inForce returns the settings as a mapping whose comments say where they come from. The filters are those of all
// sources.
func (p program) inForce(set *pflag.FlagSet, file config, filters []mcpadapter.Filter) *yaml.Node {
	root := &yaml.Node{Kind: yaml.MappingNode}
	for _, name := range p.settings {
		flag := set.Lookup(name)
		value, source := valueNode(flag), p.sources[name]
		switch {
		case narrowing(name):
			value, source = narrowedTo(name, filters), p.narrowedBy(flag, file)
		case source == "":
			source = "default"
		}
		key := &yaml.Node{Kind: yaml.ScalarNode, Value: name}
		switch {
		case value.Value == "" && value.Content == nil && source == "default": // which a file could not say
			continue
		case value.Kind == yaml.SequenceNode: // behind which a comment would be lost
			key.HeadComment = source
		default:
			value.LineComment = source
		}
		root.Content = append(root.Content, key, value)
	}
	return root
}

// narrowedTo returns what the filters of all sources permit together, as far as one list can say it: of lists of globs
// to allow it is the first, and the comment has the others.
func narrowedTo(name string, filters []mcpadapter.Filter) *yaml.Node {
	if name == readOnlyFlag {
		only := slices.ContainsFunc(filters, func(f mcpadapter.Filter) bool { return f.ReadOnly })
		return &yaml.Node{Kind: yaml.ScalarNode, Value: strconv.FormatBool(only)}
	}
	var all []string
	for _, f := range filters {
		list := map[string][]string{toolsetsFlag: f.Toolsets, allowFlag: f.Allow, denyFlag: f.Deny}[name]
		both := slices.DeleteFunc(slices.Clone(list), func(entry string) bool { return !slices.Contains(all, entry) })
		switch {
		case name == denyFlag || all == nil:
			all = append(all, list...)
		case name == toolsetsFlag && len(both) > 0:
			all = both
		}
	}
	return textNode(strings.Join(all, ","))
}

// narrowedBy returns the sources of a filter, which all apply, and what they are beside the flag.
func (p program) narrowedBy(flag *pflag.Flag, file config) string {
	var sources []string
	if flag.Changed {
		sources = append(sources, fromFlag)
	}
	if text := p.getenv(p.variable(flag.Name)); text != "" {
		sources = append(sources, fmt.Sprintf("%s is %q", p.variable(flag.Name), text))
	}
	if entry, ok := file.entries[flag.Name]; ok {
		sources = append(sources, fmt.Sprintf("%s is %q", file.place(flag.Name), strings.Join(entry.values, ",")))
	}
	if len(sources) == 0 {
		return "default"
	}
	return strings.Join(sources, "; ")
}

// valueNode returns the value of a flag, without secrets.
func valueNode(flag *pflag.Flag) *yaml.Node {
	if values, ok := flag.Value.(pflag.SliceValue); ok {
		node := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for _, value := range values.GetSlice() {
			node.Content = append(node.Content, textNode(value))
		}
		return node
	}
	if flag.Value.Type() == "string" {
		return textNode(withoutPassword(flag.Value.String()))
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: flag.Value.String()}
}

func textNode(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

// withoutPassword returns a text; if it is a URL, without what may be a secret.
func withoutPassword(text string) string {
	scheme, _, found := strings.Cut(text, "://")
	if !found {
		return text
	}
	u, err := url.Parse(text)
	if err != nil {
		return scheme + "://…"
	}
	if u.RawQuery != "" {
		u.RawQuery = "…"
	}
	return u.Redacted()
}

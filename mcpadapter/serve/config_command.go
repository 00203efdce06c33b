package serve

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

func (p program) configCommand(f *flags) *cobra.Command {
	var l listening
	cmd := &cobra.Command{
		Use: "config", Short: "Print the settings in force and where they come from", Args: noArgs,
		Long: "Print the settings in force, those of the server over HTTP among them, and where they come from.\n" +
			"The output is a file for --" + configFlag + ". It has no secrets.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			text, err := yaml.Marshal(p.inForce(cmd.Flags(), f.config))
			if err == nil {
				_, err = cmd.OutOrStdout().Write(text)
			}
			return err //nolint:wrapcheck // standard output is gone
		},
	}
	p.httpFlags(cmd.Flags(), &l)
	return cmd
}

// inForce returns the settings as a mapping whose comments say where they come from.
func (p program) inForce(set *pflag.FlagSet, file config) *yaml.Node {
	root := &yaml.Node{Kind: yaml.MappingNode}
	for _, name := range p.settings {
		flag := set.Lookup(name)
		value, source := valueNode(flag), p.sources[name]
		switch {
		case narrowing(name):
			source = p.narrowedBy(flag, file)
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

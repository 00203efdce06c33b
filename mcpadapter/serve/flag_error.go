package serve

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

const logLevelFlag = "log-level"

// flagError says what a flag needs, and which flags or arguments may be meant by an unknown one.
func (p program) flagError(cmd *cobra.Command, err error) error {
	invalid := (*pflag.InvalidValueError)(nil)
	missing := (*pflag.ValueRequiredError)(nil)
	unknown := (*pflag.NotExistError)(nil)
	switch {
	case errors.As(err, &invalid):
		return usageError{fmt.Errorf("--%s: %w", invalid.GetFlag().Name, invalidValue(invalid))}
	case errors.As(err, &missing):
		name, usage := pflag.UnquoteUsage(missing.GetFlag())
		return usageError{fmt.Errorf("--%s requires a value (%s): %s", missing.GetFlag().Name, name,
			strings.ReplaceAll(usage, "\n", " "))}
	case errors.As(err, &unknown):
		return usageError{p.unknownFlag(cmd, unknown)}
	}
	return usageError{err}
}

// invalidValue says what a flag or its variable wants in the place of a value.
func invalidValue(e *pflag.InvalidValueError) error {
	flag := e.GetFlag()
	var want string
	number := (*strconv.NumError)(nil)
	switch kind := flag.Value.Type(); {
	case flag.Name == logLevelFlag:
		want = "debug, info, warn or error"
	case kind == "duration":
		want = "a duration such as 30s or 5m"
	case !errors.As(e, &number):
		return errors.New(withoutPackage(e.Unwrap().Error()))
	case kind == "bool":
		want = "true or false"
	default:
		want = "a number such as 10"
	}
	return fmt.Errorf("invalid value %.40q: want %s", e.GetValue(), want)
}

// withoutPackage cuts the name of a package, which a person at the shell does not know, off a message.
func withoutPackage(message string) string {
	if rest, ok := strings.CutPrefix(message, "workos/mcpadapter: "); ok {
		return rest
	}
	return message
}

func (p program) unknownFlag(cmd *cobra.Command, e *pflag.NotExistError) error {
	name, dashes := e.GetSpecifiedName(), "--"
	if short := e.GetSpecifiedShortnames(); short != "" {
		name, _, _ = strings.Cut(short, "=")
		dashes = "-"
	}
	problem := fmt.Sprintf("unknown flag: %s%.40s", dashes, name)
	if len(name) < 2 { //nolint:mnd // everything is near to one character
		return errors.New(problem)
	}
	meant := p.argumentsLike(cmd, name)
	hint := ""
	if len(meant) > 0 {
		hint = " Arguments of a tool are name=value."
	}
	var flags []string
	set := cmd.Flags()
	if _, own := cmd.Annotations[ownFlags]; own {
		set = cmd.LocalNonPersistentFlags()
	}
	set.VisitAll(func(f *pflag.Flag) { flags = append(flags, "--"+f.Name) })
	if exact := "--" + name; slices.Contains(flags, exact) { // with one dash
		meant = append(meant, exact)
	} else {
		meant = append(meant, phrase.Nearest(exact, flags, 3)...)
	}
	if below := commandWith(cmd, name); below != "" {
		return fmt.Errorf("%s; it belongs behind its command, as in %s --%s", problem, below, name)
	}
	if len(meant) == 0 {
		return errors.New(problem)
	}
	return errors.New(problem + "; did you mean " + strings.Join(meant, ", ") + "?" + hint)
}

// commandWith returns a command below one that has a flag; "": none.
func commandWith(cmd *cobra.Command, flag string) string {
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() && sub.LocalNonPersistentFlags().Lookup(flag) != nil {
			return sub.CommandPath()
		}
		if found := commandWith(sub, flag); found != "" {
			return found
		}
	}
	return ""
}

// argumentsLike returns the argument of a tool that a flag of tool call may be meant for.
func (p program) argumentsLike(cmd *cobra.Command, flag string) []string {
	words := cmd.Flags().Args()
	if cmd.Name() != "call" || len(words) == 0 {
		return nil
	}
	tool, err := p.tool(flags{}, words[0])
	if err != nil {
		return nil
	}
	root := argumentsOf(tool)
	name := strings.ReplaceAll(flag, "-", "_")
	names := slices.Sorted(maps.Keys(root.Properties))
	begins := slices.IndexFunc(names, func(other string) bool { return strings.HasPrefix(other, name+"_") })
	near := phrase.Nearest(name, names, 1)
	switch {
	case root.has(name):
	case begins >= 0:
		name = names[begins]
	case len(near) > 0:
		name = near[0]
	default:
		return nil
	}
	return []string{root.Properties[name].form(name)}
}

// form shows how an argument of the name is given.
func (p property) form(name string) string {
	switch {
	case p.is("array") && p.Items != nil && len(p.Items.Properties) > 0:
		return name + "[].member=value"
	case p.is("array"):
		return name + "[]=value"
	case p.is("object") && (len(p.Properties) > 0 || p.Additional != nil):
		return name + ".member=value"
	case p.is("boolean"):
		return name + "=true"
	default:
		return name + "=value"
	}
}

// withLostValue adds to an error about a word how a flag is given a value, if the word stands behind one that may stand
// alone, and so takes a value behind "=" only, and looks like a file, a URL or, for a boolean, like true or false.
func withLostValue(cmd *cobra.Command, args []string, err error) error {
	for i, word := range args[min(1, len(args)):] {
		f := cmd.Flags().Lookup(strings.TrimPrefix(args[i], "--"))
		if f == nil || f.NoOptDefVal == "" || args[i] == f.Name || !strings.Contains(err.Error(), strconv.Quote(word)) {
			continue
		}
		lost := strings.ContainsAny(word, `/\`) || strings.HasSuffix(word, ".json") || isFile(word)
		if value, _ := pflag.UnquoteUsage(f); value == "" { // a boolean
			lost = word == "true" || word == "false"
		}
		if lost {
			return fmt.Errorf("%w\nA value of --%s stands behind =, as in --%s=%.60s", err, f.Name, f.Name, word)
		}
	}
	return err
}

package serve

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const (
	configFlag = "config" // names the file with settings; no setting itself
	fromFlag   = "flag"   // source of a setting of the command line
)

// settingNames returns the names of the settings: the flags of the servers, over stdio and HTTP. Each of them can also
// be set by an environment variable and by the file of --config. It calls the API's Flags, so the flags must not have
// been parsed yet.
func (p program) settingNames() []string {
	set := pflag.NewFlagSet(p.api.Name, pflag.ContinueOnError)
	p.addFlags(set, &flags{})
	p.httpFlags(set, &listening{})
	var names []string
	set.VisitAll(func(flag *pflag.Flag) {
		if flag.Name != configFlag {
			names = append(names, flag.Name)
		}
	})
	return names
}

// narrowing reports whether a setting only narrows what the others permit: its sources all apply, see filters.
func narrowing(name string) bool {
	return slices.Contains([]string{toolsetsFlag, allowFlag, denyFlag, readOnlyFlag}, name)
}

// applySettings sets the flags that the command line does not set: from the environment, or else from the file of
// --config.
func (p program) applySettings(cmd *cobra.Command, f *flags) error {
	if err := p.checkEnvironment(); err != nil {
		return err
	}
	if err := p.readSecrets(); err != nil {
		return err
	}
	name := f.configName
	if name == "" {
		name = p.getenv(p.variable(configFlag))
	}
	if name != "" {
		var err error
		if f.config, err = readConfig(name, p.settings); err != nil {
			return usageError{fmt.Errorf("--%s: %w", configFlag, err)}
		}
	}
	for _, name := range p.settings {
		flag := cmd.Flags().Lookup(name)
		switch {
		case flag == nil || narrowing(name):
			continue
		case flag.Changed:
			p.sources[name] = fromFlag
			continue
		}
		source, values := p.variable(name), entriesOf(flag, p.getenv(p.variable(name)))
		if values == nil {
			source, values = f.config.place(name), f.config.entries[name].values
		}
		for _, value := range values {
			err := cmd.Flags().Set(name, value)
			if invalid := (*pflag.InvalidValueError)(nil); errors.As(err, &invalid) {
				err = invalidValue(invalid)
			}
			if err != nil {
				return usageError{fmt.Errorf("%s: %w", source, err)}
			}
			p.sources[name] = source
		}
	}
	return nil
}

// entriesOf returns the values that a variable sets a flag to; nil: none. Those of a repeatable flag are separated by
// spaces.
func entriesOf(flag *pflag.Flag, text string) []string {
	switch {
	case text == "":
		return nil
	case flag.Value.Type() == repeatable:
		return strings.Fields(text)
	}
	return []string{text}
}

// repeatable is the type of flags that may occur more than once.
const repeatable = "stringArray"

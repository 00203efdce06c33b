package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seed-f165d83c/workos/gen/openapi"
)

// settings are what the flags and the configuration of oapi-codegen say.
type settings struct {
	document string
	pkg      string
	out      string
	reserved string
	words    string
	strict   bool
	options  openapi.Options
}

func parse(args []string, stderr io.Writer) (*settings, error) {
	s := &settings{}
	flags := flag.NewFlagSet("tablegen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&s.pkg, "package", "", "`name` of the package to write (default that of -config, or gen)")
	flags.StringVar(&s.out, "out", "table.gen.go", "`file` to write")
	flags.StringVar(&s.reserved, "reserved", "", "`file` of a package runtime for reserved path values")
	flags.StringVar(&s.words, "words", "", "YAML `file` with synonyms and keywords for the search over operations")
	flags.BoolVar(&s.strict, "strict", false, "fail if the table cannot represent all of the document")
	config := flags.String("config", "",
		"configuration `file` of oapi-codegen, for its package and its selection of operations")
	list(flags, &s.options.IncludeTags, "include-tags",
		"`tags` of operations to include, separated by commas (default all)")
	list(flags, &s.options.ExcludeTags, "exclude-tags", "`tags` of operations to leave out, separated by commas")
	list(flags, &s.options.IncludeOperationIDs, "include-operation-ids",
		"`operationIds` to include, separated by commas (default all)")
	list(flags, &s.options.ExcludeOperationIDs, "exclude-operation-ids",
		"`operationIds` to leave out, separated by commas")
	if err := flags.Parse(args); err != nil {
		return nil, err //nolint:wrapcheck // flag has printed and named it
	}
	if flags.NArg() != 1 {
		return nil, fmt.Errorf("want one OpenAPI document, got %d arguments; see tablegen -help", flags.NArg())
	}
	s.document = flags.Arg(0)
	if *config != "" {
		if err := s.configure(*config); err != nil {
			return nil, fmt.Errorf("-config: %w", err)
		}
	}
	s.pkg = cmp.Or(s.pkg, "gen")
	return s, nil
}

func list(flags *flag.FlagSet, to *[]string, name, help string) {
	flags.Func(name, help, func(text string) error {
		for item := range strings.SplitSeq(text, ",") {
			*to = append(*to, strings.TrimSpace(item))
		}
		return nil
	})
}

// configuration is the part of oapi-codegen's configuration that decides which operations a client has, and in which
// package. Its name normalizer is not needed: the names of operations are compared without regard to case.
type configuration struct {
	Package       string `yaml:"package"`
	OutputOptions struct {
		IncludeTags         []string `yaml:"include-tags"`
		ExcludeTags         []string `yaml:"exclude-tags"`
		IncludeOperationIDs []string `yaml:"include-operation-ids"`
		ExcludeOperationIDs []string `yaml:"exclude-operation-ids"`
	} `yaml:"output-options"`
}

// configure reads a configuration. Flags take precedence over it.
func (s *settings) configure(file string) error {
	data, err := os.ReadFile(file) //nolint:gosec // the file that was asked for
	if err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	var c configuration
	if err := yaml.Unmarshal(data, &c); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	s.pkg = cmp.Or(s.pkg, c.Package)
	o := &c.OutputOptions
	for _, choice := range []struct {
		to   *[]string
		from []string
	}{
		{&s.options.IncludeTags, o.IncludeTags}, {&s.options.ExcludeTags, o.ExcludeTags},
		{&s.options.IncludeOperationIDs, o.IncludeOperationIDs},
		{&s.options.ExcludeOperationIDs, o.ExcludeOperationIDs},
	} {
		if *choice.to == nil {
			*choice.to = choice.from
		}
	}
	return nil
}

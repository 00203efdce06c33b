// Treegen writes the service tree of package client: a field for each segment of an operation's ID, a method for its
// verb, an All method for each list, aliases of the types that they mention, and constructors of bodies whose fields
// exclude each other. It reads the operations table and the types of the generated client, and so runs after both have
// been generated; the document has the texts about services:
//
//	go run ./gen/treegen -out client/services.gen.go -types client/types.gen.go -examples client/services_gen_test.go \
//		-models gen/api.gen.go api.yaml
package main

import (
	"flag"
	"io"
	"path/filepath"
	"reflect"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/internal/generator"
)

func main() { generator.Main("treegen", run) }

func run(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("treegen", flag.ContinueOnError)
	tree := flags.String("out", "", "`file` of the tree")
	types := flags.String("types", "", "`file` of the aliases and constructors")
	examples := flags.String("examples", "", "`file` of the examples, for a test that runs them")
	source := flags.String("models", "", "Go `file` of the generated types, to read")
	return generator.Run(flags, args, stderr, func(document []byte) (generator.Files, error) {
		models, err := ReadModels(*source)
		if err != nil {
			return nil, err
		}
		root, err := read(document, models)
		if err != nil {
			return nil, err
		}
		taken, err := DeclaredNames(filepath.Dir(*types), filepath.Base(*types))
		if err != nil {
			return nil, err
		}
		pkg := reflect.TypeFor[gen.ClientWithResponses]().PkgPath()
		files := generator.Files{}
		for file, printer := range map[string]func() ([]byte, error){
			*tree:     func() ([]byte, error) { return Print(root) },
			*types:    func() ([]byte, error) { return PrintTypes(root, &gen.Operations, pkg, models, taken) },
			*examples: func() ([]byte, error) { return PrintExamples(root) },
		} {
			if files[file], err = printer(); err != nil {
				return nil, err
			}
		}
		return files, nil
	})
}

// read builds the tree, with what a document states about the services and an example of each.
func read(document []byte, models *Models) (*Node, error) {
	services, err := ReadServices(document)
	if err != nil {
		return nil, err
	}
	root, err := Plant(&gen.Operations, reflect.TypeFor[*gen.ClientWithResponses]())
	if err != nil {
		return nil, err
	}
	if err := services.Describe(root); err != nil {
		return nil, err
	}
	return root, AddExamples(root, &gen.Operations, models)
}

// Eventgen writes the event types of the WorkOS API as Go constants, each with the Go type of its payload, from
// x-event-payloads of the component Event in api.yaml:
//
//	go run ./gen/eventgen -out client/events/types.gen.go -test client/events/types_gen_test.go api.yaml
//
// The payloads themselves are components like others, which oapi-codegen makes types of. The second file has a decoder
// for each type, for the tests.
package main

import (
	"flag"
	"io"

	"github.com/seed-f165d83c/workos/gen/internal/generator"
)

func main() { generator.Main("eventgen", run) }

func run(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("eventgen", flag.ContinueOnError)
	out := flags.String("out", "", "`file` to write the constants to")
	test := flags.String("test", "", "`file` to write the decoders for tests to")
	return generator.Run(flags, args, stderr, func(document []byte) (generator.Files, error) {
		events, err := Read(document)
		if err != nil {
			return nil, err
		}
		files := generator.Files{}
		for file, tmpl := range map[string]string{*out: constants, *test: decoders} {
			if files[file], err = Print(tmpl, events); err != nil {
				return nil, err
			}
		}
		return files, nil
	})
}

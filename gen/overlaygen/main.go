// Overlaygen writes the OpenAPI overlay through which oapi-codegen reads api.yaml:
//
//	go run ./gen/overlaygen -out gen/overlay.gen.yaml api.yaml
//
// The document states facts (x-clearable, x-id-prefix, limits, defaults); the overlay turns them into what oapi-codegen
// needs to generate the Go types and comments that follow from them.
package main

import (
	"flag"
	"io"

	"github.com/seed-f165d83c/workos/gen/internal/generator"
)

func main() { generator.Main("overlaygen", run) }

func run(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("overlaygen", flag.ContinueOnError)
	out := flags.String("out", "", "`file` to write")
	return generator.Run(flags, args, stderr, func(document []byte) (generator.Files, error) {
		overlay, err := Write(document)
		return generator.Files{*out: overlay}, err
	})
}

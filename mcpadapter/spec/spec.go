// Package spec makes adapters of OpenAPI documents at start, without a generated table: of version 3.0, 3.1 or 3.2, as
// YAML or JSON. Programs that import it link a YAML parser, which those with a table do not.
//
// With oapi-codegen's option embedded-spec, the document is in the package of the client:
//
//	adapter, err := mcpadapter.New(apiClient, nil, mcpadapter.WithSource(spec.Embedded(petstore.GetSpecJSON)))
//
// Clients of older versions of oapi-codegen have GetSwagger, whose result marshals to JSON for [New].
package spec

import (
	"fmt"
	"slices"

	"github.com/seed-f165d83c/workos/gen/openapi"
	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// New is [mcpadapter.New] with a table that is made of a document. One of hundreds of operations takes some tenths of a
// second.
//
// What the document says and a table cannot represent is published permissively: no value that the document accepts is
// rejected. Each such place is logged with its line, see [mcpadapter.WithLogger], or with [mcpadapter.WithStrict] is an
// error. New fails where [mcpadapter.New] does, and for what is no OpenAPI document or too large, see
// [openapi.ErrTooLarge].
func New(client any, document []byte, opts ...mcpadapter.Option) (*mcpadapter.Adapter, error) {
	adapter, err := mcpadapter.New(client, nil, append(slices.Clip(opts), mcpadapter.WithSource(Document(document)))...)
	if err != nil {
		return nil, fmt.Errorf("spec: %w", err)
	}
	return adapter, nil
}

// Document returns the source of a document, which must not change while the source is used.
func Document(document []byte) mcpadapter.Source {
	return Embedded(func() ([]byte, error) { return document, nil })
}

// Embedded returns the source of a document that a function returns, such as GetSpecJSON of a generated client.
func Embedded(read func() ([]byte, error)) mcpadapter.Source {
	return func() (*optable.Table, []mcpadapter.SourceProblem, error) {
		document, err := read()
		if err != nil {
			return nil, nil, fmt.Errorf("read the OpenAPI document: %w", err)
		}
		table, found, err := openapi.Convert(document, openapi.Options{})
		if err != nil {
			return nil, nil, fmt.Errorf("read the OpenAPI document: %w", err)
		}
		problems := make([]mcpadapter.SourceProblem, len(found))
		for i, p := range found {
			problems[i] = mcpadapter.SourceProblem(p)
		}
		return table, problems, nil
	}
}

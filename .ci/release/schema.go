package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// registry is the module of the MCP registry, which contains its schemas.
const registry = "github.com/modelcontextprotocol/registry@v1.5.0"

// registrySchema returns the file of the newest schema of server.json, and its ID.
func registrySchema() (file, id string, err error) {
	dir, err := moduleDir(registry)
	if err != nil {
		return "", "", err
	}
	files, err := filepath.Glob(filepath.Join(dir, "internal", "validators", "schemas", "2*.json"))
	if err != nil || len(files) == 0 {
		return "", "", fmt.Errorf("%s has no schemas: %w", registry, err)
	}
	slices.Sort(files)
	var schema struct {
		ID string `json:"$id"`
	}
	file = files[len(files)-1]
	err = readJSON(file, &schema)
	return file, schema.ID, err
}

// validate checks a JSON file against a schema. Other files are schemas that it refers to, by their URLs.
func validate(schema, file string, others ...[2]string) error {
	compiler := jsonschema.NewCompiler()
	for _, other := range others {
		var text any
		if err := errors.Join(readJSON(other[1], &text), compiler.AddResource(other[0], text)); err != nil {
			return err
		}
	}
	compiled, err := compiler.Compile(schema)
	if err != nil {
		return err
	}
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	value, err := jsonschema.UnmarshalJSON(in)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if err := compiled.Validate(value); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

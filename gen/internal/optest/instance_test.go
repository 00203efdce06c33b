package optest_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestDescriptionSchemaAndCheckAgree(t *testing.T) {
	t.Parallel()
	d := optest.Read(t, descriptionFile)
	eachOperation(t, func(f *fixture) {
		schema, terse := compiled(f.T, f.tool.InputSchema()), compiled(f.T, f.terse())
		for _, i := range d.Instances(f.T, f.op.ID) {
			arguments, err := validator.UnmarshalJSON(bytes.NewReader(i.Text))
			if err != nil {
				f.Fatalf("read %s: %v", i.Text, err)
			}
			wantSchema := i.Class == optest.Valid || slices.Contains(optest.CheckedOnly(), i.Class)
			if err := schema.Validate(arguments); (err == nil) != wantSchema {
				f.Errorf("%s: %s: the schema says %v of %s, want it to accept: %t", i.At, i.Class, err, i.Text, wantSchema)
			}
			// A terse schema says nothing about names that it does not have.
			if err := terse.Validate(arguments); (err == nil) != wantSchema && !optest.Named(i.Class) {
				f.Errorf("%s: %s: the terse schema says %v of %s, want it to accept: %t", i.At, i.Class, err, i.Text, wantSchema)
			}
			if refusal, accepted := f.checked(i.Text); accepted != optest.Accepted(i.Class) {
				f.Errorf("%s: %s: the check says %q of %s, want it to accept: %t", i.At, i.Class, refusal, i.Text,
					optest.Accepted(i.Class))
			}
		}
	})
}

// compiled reads a schema as a validator does that shares nothing with the adapter.
func compiled(t *testing.T, text json.RawMessage) *validator.Schema {
	t.Helper()
	document, err := validator.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("read the schema: %v", err)
	}
	compiler := validator.NewCompiler()
	compiler.DefaultDraft(validator.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource("input.json", document); err != nil {
		t.Fatalf("add the schema: %v", err)
	}
	schema, err := compiler.Compile("input.json")
	if err != nil {
		t.Fatalf("compile the schema: %v", err)
	}
	return schema
}

// checked calls the tool and reports whether it sent something. A refusal must send nothing.
func (f *fixture) checked(arguments json.RawMessage) (refusal string, accepted bool) {
	f.Helper()
	f.sent = nil
	result := f.tool.Invoke(f.Context(), arguments)
	switch {
	case result.Failure == nil && len(f.sent) == 1:
		return "", true
	case result.Failure == nil || result.Failure.Code != mcpadapter.CodeInvalidArguments || len(f.sent) != 0:
		f.Errorf("got %s and %d requests, want either a refusal or a request with %s", result.Text(), len(f.sent), arguments)
	}
	return result.Text(), false
}

func TestInstancesCoverEveryOperationAndDefect(t *testing.T) {
	t.Parallel()
	const least = 20
	d := optest.Read(t, descriptionFile)
	total, found := 0, map[optest.Class]int{}
	for _, op := range gen.Operations.Operations {
		list := d.Instances(t, op.ID)
		total += len(list)
		accepted := 0
		for _, i := range list {
			found[i.Class]++
			if i.Class == optest.Valid {
				accepted++
			}
		}
		if len(list) < least || accepted == 0 || accepted == len(list) {
			t.Errorf("%s: got %d instances, %d of them valid, want at least %d of both kinds", op.ID, len(list), accepted, least)
		}
	}
	for _, c := range optest.Classes() {
		if found[c] == 0 {
			t.Errorf("%s: got no instance", c)
		}
	}
	t.Logf("%d instances: %v", total, found)
}

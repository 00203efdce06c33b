package optest_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// TestOutputSchemasAreThoseOfTheTypes derives them from the types of the responses and from the table alone, which is
// what a client without …WithResponse methods has.
func TestOutputSchemasAreThoseOfTheTypes(t *testing.T) {
	t.Parallel()
	typed, err := gen.NewClientWithResponses("https://api.example.com")
	if err != nil {
		t.Fatal(err)
	}
	tools := func(client any) []mcpadapter.Tool {
		a, err := mcpadapter.New(client, &gen.Operations, mcpadapter.WithOutputSchemas())
		if err != nil {
			t.Fatal(err)
		}
		return a.Tools()
	}
	byTable := tools(typed.ClientInterface)
	for i, tool := range tools(typed) {
		var got, want any // the order of properties is that of the types, or of the description
		if err := errors.Join(json.Unmarshal(byTable[i].OutputSchema(), &got), json.Unmarshal(tool.OutputSchema(), &want)); err != nil {
			t.Errorf("%s: %v", tool.Name(), err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got\n%s, want\n%s", tool.Name(), byTable[i].OutputSchema(), tool.OutputSchema())
		}
		if got, want := string(byTable[i].InputSchema()), string(tool.InputSchema()); got != want {
			t.Errorf("%s: got the input schema\n%s, want\n%s", tool.Name(), got, want)
		}
	}
}

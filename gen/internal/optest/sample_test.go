package optest_test

import (
	"encoding/json"
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/optest"
)

func TestSamplesMatchThePublishedSchema(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		resolved, err := f.schema.Resolve(nil)
		if err != nil {
			f.Fatalf("the published schema does not compile: %v", err)
		}
		for _, s := range optest.Shapes(f.op) {
			for _, arguments := range []map[string]any{s.Full(f.schema), s.Least(f.schema)} {
				var plain any // without json.Number, which the validator does not know
				if err := json.Unmarshal(optest.Encode(f.T, arguments), &plain); err != nil {
					f.Fatalf("read the arguments: %v", err)
				}
				if err := resolved.Validate(plain); err != nil {
					f.Errorf("%s: %v", optest.Encode(f.T, arguments), err)
				}
			}
		}
	})
}

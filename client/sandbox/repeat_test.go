package sandbox_test

import (
	"reflect"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
)

// Two sandboxes of one seed and one clock respond alike, byte for byte, to the same requests: those that make one of
// each thing, and then a valid one of each operation, after those before it have changed and deleted things.
func TestLongSequencesRepeatByteForByte(t *testing.T) {
	t.Parallel()
	one, other := newReproducible(), newReproducible()
	w := furnish(t, one)
	if again := furnish(t, other); !reflect.DeepEqual(w, again) {
		t.Fatal("the things that both made differ")
	}
	for round := range 3 {
		for i := range gen.Operations.Operations {
			op := &gen.Operations.Operations[i]
			target, body := w.target(op), w.body(op)
			got, want := send(t, one, op.Method, target, body), send(t, other, op.Method, target, body)
			if got.status != want.status || got.text != want.text || !reflect.DeepEqual(got.header, want.header) {
				t.Fatalf("round %d, %s: got %d %s %v\nand %d %s %v", round, op.ID, got.status, got.text, got.header,
					want.status, want.text, want.header)
			}
		}
	}
}

package runtime_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/runtime"
)

func TestJSONMergePatchesAsRFC7386Says(t *testing.T) {
	t.Parallel()
	got, err := runtime.JSONMerge([]byte(`{"a":1,"b":2}`), []byte(`{"b":3}`))
	if want := `{"a":1,"b":3}`; err != nil || string(got) != want {
		t.Errorf("got %s and error %v, want %s", got, err, want)
	}
	if got, err := runtime.JSONMerge([]byte(`{"a":1}`), []byte(`{`)); err == nil {
		t.Errorf("a patch that is no JSON: got %s, want an error", got)
	}
}

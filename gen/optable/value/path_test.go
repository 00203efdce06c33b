package value_test

import (
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

func TestTheGivenPathIsNotOverwritten(t *testing.T) {
	t.Parallel()
	long := make(value.Path, 20)
	for i := range long {
		long[i] = value.Step{Name: "kept"}
	}
	before := slices.Clone(long)
	s := &value.Schema{Types: optable.Array, Items: &value.Schema{Types: optable.Array, MinItems: 1}}
	if _, problems := value.Check(s, []any{[]any{}, "no array"}, long[:1]...); len(problems) != 2 ||
		problems[0].Path.String() != "kept[0]" || problems[1].Path.String() != "kept[1]" {
		t.Errorf("got %+v, want problems at kept[0] and kept[1]", problems)
	}
	var sampler value.Sampler
	if got := string(sampler.Sample(s, long[:1]...)); got != `[["example"]]` {
		t.Errorf("got the sample %s", got)
	}
	if !slices.Equal(long, before) {
		t.Errorf("got the path %v, want it as it was", long)
	}
}

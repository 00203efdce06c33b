package main

import (
	"strings"
	"testing"
)

func measured(operations, exposed int) measurement {
	return measurement{Operations: operations, Exposed: exposed, FromSpec: exposed}
}

func TestTheMatrixHasARowForEachDescription(t *testing.T) {
	skips := measured(4, 3)
	skips.Skipped = []struct{ Operation, Reason, Cure string }{{"pour", "it has no method", "generate it"}}
	page := matrix([]*row{
		{name: "teas", client: true, warnings: 2, measured: skips},
		{name: "qdrant", client: true, measured: measured(2, 2)},
		{name: "models"},
		{name: "broken", generated: "oapi-codegen: no", converted: "line 1: no"},
	})
	for _, want := range []string{
		"| teas | yes |  | yes, 2 warnings | 4 | 3 |\n",
		"| qdrant | yes | always-prefix-enum-values, resolve-type-name-collisions | yes | 2 | 2 |\n",
		"| models | yes, models alone |  | yes | | |\n",
		"| broken | no |  | no | | |\n",
		"\nThe converter reads 3 of 4. Of 6 operations of clients that compile, 5 are exposed (83.3 %).\n",
		"- teas, `pour`: it has no method. Cure: generate it.\n",
		"- broken: oapi-codegen: no\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("got %s\nwant %q", page, want)
		}
	}
}

func TestTheVerdictHoldsEachDescription(t *testing.T) {
	unnamed := measured(100, 99)
	unnamed.Skipped = []struct{ Operation, Reason, Cure string }{{Operation: "pour", Reason: "it has no method"}}
	other := measured(100, 100)
	other.FromSpec = 99
	for name, c := range map[string]struct {
		row
		want string
	}{
		"good":             {row{measured: measured(100, 100)}, ""},
		"not converted":    {row{converted: "line 1"}, "the converter fails"},
		"other tools":      {row{measured: other}, "New has 100 tools, and spec.New 99"},
		"missing":          {row{measured: measured(100, 99)}, "100 operations, of which 99 are tools and 0 are skipped"},
		"without a cure":   {row{measured: unnamed}, "without a reason or cure"},
		"too few of them":  {row{measured: measurement{Operations: 100, Exposed: 97, FromSpec: 97, Problem: "x"}}, "want at least 98 %"},
		"nothing to count": {row{}, "want at least 98 %"},
	} {
		err := exposedVerdict([]*row{&c.row})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

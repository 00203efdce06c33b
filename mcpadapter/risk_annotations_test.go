package mcpadapter_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// readsAlone are the annotations of what changes nothing.
func readsAlone() mcpadapter.Annotations {
	return mcpadapter.Annotations{ReadOnly: true, Idempotent: true}
}

func TestAnnotationsAndConfirmationsFollowTheRisks(t *testing.T) {
	t.Parallel()
	const never, writes, risky = mcpadapter.ConfirmWrites + 1, mcpadapter.ConfirmWrites, mcpadapter.ConfirmRisky
	const reads, write, destructive = mcpadapter.EffectRead, mcpadapter.EffectWrite, mcpadapter.EffectDestructive
	for _, c := range []struct {
		method, risks string // JSON; "": no extension
		from          mcpadapter.ConfirmationPolicy
		effect        mcpadapter.Effect
		want          mcpadapter.Annotations
	}{
		{"GET", "", never, reads, readsAlone()},
		{"HEAD", "", never, reads, readsAlone()},
		{"OPTIONS", "", never, reads, readsAlone()},
		{"TRACE", "", never, reads, readsAlone()},
		{"POST", "", writes, write, mcpadapter.Annotations{}},
		{"PATCH", "", writes, write, mcpadapter.Annotations{Destructive: true}},
		{"PUT", "", risky, destructive, mcpadapter.Annotations{Destructive: true, Idempotent: true}},
		{"DELETE", "", risky, destructive, mcpadapter.Annotations{Destructive: true, Idempotent: true}},

		{"POST", `["reads"]`, never, reads, readsAlone()},
		{"DELETE", `["reads"]`, never, reads, readsAlone()},
		{"GET", `["reads_secret"]`, risky, reads, readsAlone()},
		{"POST", `["reads_secret"]`, risky, reads, readsAlone()},
		{"GET", `["changes"]`, writes, write, mcpadapter.Annotations{Destructive: true}},
		{"PUT", `["changes"]`, writes, write, mcpadapter.Annotations{Destructive: true, Idempotent: true}},
		{"PUT", `["adds"]`, writes, write, mcpadapter.Annotations{Idempotent: true}},
		{"POST", `["changes","reads_secret"]`, risky, write, mcpadapter.Annotations{Destructive: true}},
		{"POST", `["replaces"]`, risky, destructive, mcpadapter.Annotations{Destructive: true, Idempotent: true}},
		{"GET", `["destroys"]`, risky, destructive, mcpadapter.Annotations{Destructive: true, Idempotent: true}},
		{"POST", `["adds","replaces"]`, risky, destructive, mcpadapter.Annotations{Destructive: true}},
		{"POST", `["sends"]`, risky, write, mcpadapter.Annotations{OpenWorld: true}},
		{"PUT", `["adds","sends"]`, risky, write, mcpadapter.Annotations{OpenWorld: true}},
		{"PUT", `["spends_once"]`, writes, write, mcpadapter.Annotations{Destructive: true}},
		{"POST", `["destroys","spends_once"]`, risky, destructive, mcpadapter.Annotations{Destructive: true}},
		{"POST", `["adds","shows_once"]`, writes, write, mcpadapter.Annotations{}},
	} {
		op := optable.Operation{ID: "plain", Method: c.method, Path: "/p"}
		if c.risks != "" {
			op.Extensions = []optable.Extension{{Name: "x-risk", JSON: c.risks}}
		}
		for _, policy := range policies() {
			a, err := mcpadapter.New(fake{}, tableOf(op), shoptest.Confirming(policy))
			if err != nil {
				t.Fatal(err)
			}
			tool := shoptest.Tool(t, a, "plain")
			if tool.Annotations() != c.want || tool.Risk().Effect() != c.effect {
				t.Errorf("%s %s: got %+v, %v, want %+v, %v",
					c.method, c.risks, tool.Annotations(), tool.Risk().Effect(), c.want, c.effect)
			}
			r := shoptest.Invoke(t, a, "plain", `{}`)
			if got := r.Failure.Code == mcpadapter.CodeConfirmationRequired; got != (c.from <= policy) {
				t.Errorf("%s %s under %v: got %s, want it confirmed: %v", c.method, c.risks, policy, r.Text(), c.from <= policy)
			}
		}
	}
}

func TestWhatReachesBeyondTheAPIIsData(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"true": true, "false": false, `"true"`: false, "1": false} {
		a, err := mcpadapter.New(fake{}, tableOf(optable.Operation{
			ID: "plain", Method: "GET", Path: "/p", Extensions: []optable.Extension{{Name: "x-open-world", JSON: text}},
		}))
		if err != nil {
			t.Fatal(err)
		}
		if got := shoptest.Tool(t, a, "plain").Annotations().OpenWorld; got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

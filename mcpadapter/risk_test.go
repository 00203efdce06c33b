package mcpadapter_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

const risks = "reads, reads_secret, adds, changes, replaces, destroys, sends, spends_once, shows_once"

func TestRisksAreASetOfNames(t *testing.T) {
	t.Parallel()
	for name := range strings.SplitSeq(risks, ", ") {
		a, err := mcpadapter.New(fake{}, tableOf(optable.Operation{
			ID: "plain", Method: "POST", Path: "/p",
			Extensions: []optable.Extension{{Name: "x-risk", JSON: `["` + name + `"]`}},
		}))
		if err != nil {
			t.Fatal(err)
		}
		r := shoptest.Tool(t, a, "plain").Risk()
		if !slices.Equal(r.Names(), []string{name}) || r.String() != name || !r.Has(r) || r.Has(^r) || r.Has(0) {
			t.Errorf("got %v, want %s alone", r.Names(), name)
		}
	}
	all := mcpadapter.RiskShowsOnce<<1 - 1
	if all.String() != risks || (mcpadapter.RiskSends|mcpadapter.RiskAdds).String() != "adds, sends" {
		t.Errorf("got %v, want %s", all, risks)
	}
	if got := mcpadapter.Risk(0).Names(); got != nil {
		t.Errorf("got %v for no risk, want none", got)
	}
	if got := (mcpadapter.RiskAdds | 1<<9 | 1<<10).String(); got != "adds, Risk(1536)" {
		t.Errorf("got %s, want what is unknown as a number", got)
	}
}

func TestRisksThatMakeNoSenseAreNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`["destroy"]`: `x-risk: unknown risk "destroy": want ` + risks + "; did you mean destroys?",
		`["reads","Sends"]`: `x-risk: unknown risk "Sends": want ` + risks +
			"; did you mean sends?",
		`["xyzzy"]`:           `x-risk: unknown risk "xyzzy": want ` + risks,
		`["adds","adds"]`:     "x-risk names adds twice",
		`["reads","adds"]`:    "x-risk: reads means that nothing else happens: remove it or the others",
		`["adds","reads"]`:    "x-risk: reads means that nothing else happens: remove it or the others",
		`[]`:                  "x-risk is []: want a list of " + risks,
		`"adds"`:              `x-risk is "adds": want a list of ` + risks,
		`true`:                "x-risk is true: want a list of " + risks,
		`null`:                "x-risk is null: want a list of " + risks,
		`[1]`:                 "x-risk is [1]: want a list of " + risks,
		`{"adds":"destroys"}`: `x-risk is {"adds":"destroys"}: want a list of ` + risks,
	} {
		_, err := mcpadapter.New(fake{}, tableOf(optable.Operation{
			ID: "plain", Method: "POST", Path: "/p", Extensions: []optable.Extension{{Name: "x-risk", JSON: text}},
		}))
		if err == nil || !strings.Contains(err.Error(), "plain") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestEffectsAsText(t *testing.T) {
	t.Parallel()
	for effect, want := range map[mcpadapter.Effect]string{
		mcpadapter.EffectRead: "read", mcpadapter.EffectWrite: "write", mcpadapter.EffectDestructive: "destructive",
		-1: "Effect(-1)", 3: "Effect(3)",
	} {
		if effect.String() != want {
			t.Errorf("got %s, want %s", effect, want)
		}
	}
}

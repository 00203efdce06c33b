package mcpadapter_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestAnnotationsAndConfirmationsFollowTheTable(t *testing.T) {
	t.Parallel()
	extension := func(name, value string) []optable.Extension { return []optable.Extension{{Name: name, JSON: value}} }
	const none, destructive, writes = 9, 1, 2
	for _, c := range []struct {
		name, method string
		extensions   []optable.Extension
		from         int
		effect       mcpadapter.Effect
		annotations  mcpadapter.Annotations
	}{
		{"GET", "GET", nil, none, mcpadapter.EffectRead, mcpadapter.Annotations{ReadOnly: true, Idempotent: true, OpenWorld: true}},
		{
			"HEAD", "HEAD", nil, none, mcpadapter.EffectRead,
			mcpadapter.Annotations{ReadOnly: true, Idempotent: true, OpenWorld: true},
		},
		{
			"OPTIONS", "OPTIONS", nil, none, mcpadapter.EffectRead,
			mcpadapter.Annotations{ReadOnly: true, Idempotent: true, OpenWorld: true},
		},
		{
			"TRACE", "TRACE", nil, none, mcpadapter.EffectRead,
			mcpadapter.Annotations{ReadOnly: true, Idempotent: true, OpenWorld: true},
		},
		{"POST", "POST", nil, writes, mcpadapter.EffectWrite, mcpadapter.Annotations{OpenWorld: true}},
		{"PATCH", "PATCH", nil, writes, mcpadapter.EffectWrite, mcpadapter.Annotations{OpenWorld: true}},
		{"PUT", "PUT", nil, writes, mcpadapter.EffectWrite, mcpadapter.Annotations{Idempotent: true, OpenWorld: true}},
		{
			"DELETE", "DELETE", nil, destructive, mcpadapter.EffectDestructive,
			mcpadapter.Annotations{Destructive: true, Idempotent: true, OpenWorld: true},
		},
		{
			"POST that reads", "POST", extension("x-reads-only", "true"), none, mcpadapter.EffectRead,
			mcpadapter.Annotations{ReadOnly: true, Idempotent: true, OpenWorld: true},
		},
		{
			"GET that changes", "GET", extension("x-reads-only", "false"), writes, mcpadapter.EffectWrite,
			mcpadapter.Annotations{Idempotent: true, OpenWorld: true},
		},
		{
			"GET of something else", "GET", extension("x-reads-only", `"no"`), none, mcpadapter.EffectRead,
			mcpadapter.Annotations{ReadOnly: true, Idempotent: true, OpenWorld: true},
		},
		{
			"POST that is irreversible", "POST", extension("x-irreversible", "true"), destructive,
			mcpadapter.EffectDestructive, mcpadapter.Annotations{Destructive: true, OpenWorld: true},
		},
		{
			"POST that is not", "POST", extension("x-irreversible", "false"), writes, mcpadapter.EffectWrite,
			mcpadapter.Annotations{OpenWorld: true},
		},
		{
			"POST that sends email", "POST", extension("x-sends-email", "true"), destructive, mcpadapter.EffectWrite,
			mcpadapter.Annotations{OpenWorld: true},
		},
		{
			"POST that sends none", "POST", extension("x-sends-email", "false"), writes, mcpadapter.EffectWrite,
			mcpadapter.Annotations{OpenWorld: true},
		},
		{
			"GET that sends email", "GET", extension("x-sends-email", "true"), destructive, mcpadapter.EffectRead,
			mcpadapter.Annotations{ReadOnly: true, Idempotent: true, OpenWorld: true},
		},
	} {
		for _, policy := range policies() {
			a, err := mcpadapter.New(fake{}, tableOf(optable.Operation{
				ID: "plain", Method: c.method, Path: "/p", Extensions: c.extensions,
			}), shoptest.Confirming(policy))
			if err != nil {
				t.Fatal(err)
			}
			if got := shoptest.Tool(t, a, "plain"); got.Annotations() != c.annotations || got.Annotations().Effect() != c.effect {
				t.Errorf("%s: got %+v, %v, want %+v, %v", c.name, got.Annotations(), got.Annotations().Effect(), c.annotations, c.effect)
			}
			r := shoptest.Invoke(t, a, "plain", `{}`)
			if got := r.Failure.Code == mcpadapter.CodeConfirmationRequired; got != (c.from <= int(policy)) {
				t.Errorf("%s under %v: got %s, want it confirmed: %v", c.name, policy, r.Text(), c.from <= int(policy))
			}
		}
	}
	for effect, want := range map[mcpadapter.Effect]string{
		mcpadapter.EffectRead: "read", mcpadapter.EffectWrite: "write", mcpadapter.EffectDestructive: "destructive",
		-1: "Effect(-1)", 3: "Effect(3)",
	} {
		if effect.String() != want {
			t.Errorf("got %s, want %s", effect, want)
		}
	}
}

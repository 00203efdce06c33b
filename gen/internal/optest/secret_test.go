package optest_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Whatever the response of an operation, hiding leaves no marked secret in it.
func TestMarkedSecretsAreHiddenInEveryResponse(t *testing.T) {
	t.Parallel()
	var hidden atomic.Int64
	t.Cleanup(func() { // when the operations are through
		if n := hidden.Load(); n < 40 {
			t.Errorf("got %d secrets hidden, want those of all operations", n)
		}
	})
	eachOperation(t, func(f *fixture) {
		arguments := optest.Shapes(f.op)[0].Least(f.schema)
		for _, a := range optest.Successes(f.op) {
			if a.Schema == nil {
				continue
			}
			planted := 0
			v := plant(optest.Example{}.Value(a.Schema, "response"), a.Schema, &planted)
			f.reply = reply{status: a.Status, body: string(optest.Encode(f.T, v))}
			result := f.tool.Invoke(mcpadapter.HideSecrets(f.Context()), optest.Encode(f.T, arguments))
			if f.tool.Risk().Has(mcpadapter.RiskShowsOnce) {
				f.wantLost(result)
				continue
			}
			if result.Failure != nil {
				f.Fatalf("got %s", result.Text())
			}
			if strings.Contains(result.Text(), plantedSecret) {
				f.Errorf("got %s, want no secret", result.Text())
			}
			if got := strings.Count(result.Text(), mcpadapter.Hidden); got < planted {
				f.Errorf("got %d hidden in %s, want %d", got, result.Text(), planted)
			}
			hidden.Add(int64(planted))
		}
	})
}

// wantLost checks that the call was not sent, because hiding would lose a secret that is shown once.
func (f *fixture) wantLost(result mcpadapter.Result) {
	f.Helper()
	if result.Failure == nil || result.Failure.Code != mcpadapter.CodeSecretLost || len(f.sent) > 0 {
		f.Errorf("got %s and %d requests, want %s and none", result.Text(), len(f.sent), mcpadapter.CodeSecretLost)
	}
}

const plantedSecret = "a planted secret"

// plant puts a secret into each place that is marked, and counts them.
func plant(v any, s *optable.Schema, planted *int) any {
	marked := s.Secret
	s = optest.Component(s)
	switch v := v.(type) {
	case string:
		if marked || s.Secret {
			*planted++
			return plantedSecret
		}
	case []any:
		for i := range v {
			v[i] = plant(v[i], s.Items, planted)
		}
	case map[string]any:
		for name := range v {
			if p := s.Property(name); p != nil {
				v[name] = plant(v[name], p.Schema, planted)
			}
		}
	}
	return v
}

package serve

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestOnlyAMissingCredentialIsExplainedHere(t *testing.T) {
	t.Parallel()
	missing := errors.New("no credentials")
	explain := MissingCredential(missing, "Give a key.")
	for _, err := range []error{missing, fmt.Errorf("call: %w", missing)} {
		f, ok := explain(err)
		want := mcpadapter.Failure{
			Code: "no_credentials", Advice: "Give a key.",
			Message: "the operation needs a credential and the call came without it; nothing was sent",
		}
		if !ok || f == nil || f.Code != want.Code || f.Advice != want.Advice || f.Message != want.Message {
			t.Errorf("%v: got %+v and %t, want %+v", err, f, ok, want)
		}
	}
	for _, err := range []error{errors.New("reset"), context.Canceled} {
		if f, ok := explain(err); ok || f != nil {
			t.Errorf("%v: got %+v and %t, want it left to the adapter", err, f, ok)
		}
	}
}

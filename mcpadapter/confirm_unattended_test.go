package mcpadapter_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestOnlyARefusalOfAKnownClientIsExplained(t *testing.T) {
	t.Parallel()
	refused := (&mcpadapter.Failure{Code: mcpadapter.CodeNotConfirmed, Message: "no", Advice: "Leave it."}).Result()
	refused.Repaired, refused.Renamed = []string{"a"}, []mcpadapter.Renamed{{Given: "b", Argument: "c"}}
	for client, want := range map[string]string{
		"codex-mcp-client": "codex exec", "Copilot-CLI": "copilot -p", "claude-code/2.1": "claude -p",
	} {
		got := refused.Declined(client)
		if !strings.HasPrefix(got.Failure.Advice, "Leave it. If this is "+want+", the client declined by itself") {
			t.Errorf("%s: got %q, want %s in it", client, got.Failure.Advice, want)
		}
		if !reflect.DeepEqual(got.Meta(), refused.Meta()) || !strings.Contains(string(got.JSON), want) {
			t.Errorf("%s: got %v and %s, want what was there and the advice", client, got.Meta(), got.JSON)
		}
	}
	for name, c := range map[string]struct {
		result mcpadapter.Result
		client string
	}{
		"another client":  {refused, "Cursor"},
		"no client":       {refused, ""},
		"another failure": {(&mcpadapter.Failure{Code: mcpadapter.CodeConfirmationInvalid}).Result(), "codex"},
		"a response":      {mcpadapter.Result{JSON: []byte(`{}`)}, "codex"},
	} {
		if got := c.result.Declined(c.client); !reflect.DeepEqual(got, c.result) {
			t.Errorf("%s: got %s, want it as it was", name, got.Text())
		}
	}
	if strings.Contains(refused.Failure.Advice, "codex") {
		t.Error("the given failure was changed")
	}
}

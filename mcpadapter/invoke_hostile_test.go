package mcpadapter_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// Anyone may call, before a key is looked at.
func TestHostileArgumentsAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	for name, arguments := range map[string]string{
		"a number of a megabyte":  `{"limit":1.` + strings.Repeat("3", 1<<20) + `}`,
		"many unknown arguments":  `{` + strings.TrimSuffix(manyMembers(20_000), ",") + `}`,
		"half a surrogate pair":   `{"region":"a\ud800b"}`,
		"the other half":          `{"region":"\udc00"}`,
		"a pair in the wrong row": `{"region":"\udc00\ud800"}`,
	} {
		began := time.Now()
		r := shoptest.Invoke(t, a, "teas.list", arguments)
		if r.Failure == nil || r.Failure.Code != mcpadapter.CodeInvalidArguments {
			t.Errorf("%s: got %.200s, want a refusal", name, r.Text())
		}
		if took := time.Since(began); took > time.Minute { // generous: the machine may be busy
			t.Errorf("%s: took %v", name, took)
		}
	}
	if n := len(wire.Seen()); n != 0 {
		t.Errorf("%d requests reached the wire, want 0", n)
	}
	if r := shoptest.Invoke(t, a, "teas.list", `{"country":"GB","region":"\ud83c\udf75 \\ud800"}`); r.Failure != nil {
		t.Errorf("a whole pair and an escaped backslash: got %s, want success", r.Text())
	}
}

// Whoever may write into an answer may not keep the server busy with it.
func TestAnswersOfManyLevelsAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	nested := func(levels int, inside string) string {
		return `{"extra":` + strings.Repeat("[", levels-1) + inside + strings.Repeat("]", levels-1) + `}`
	}
	large := `"` + strings.Repeat("x", 1<<20) + `"`
	for _, c := range []struct {
		status int
		answer string
		want   string
	}{
		{http.StatusOK, nested(9000, large), "nested deeper than 200"},
		{http.StatusOK, nested(201, "1"), "nested deeper than 200"},
		{http.StatusOK, nested(200, `"[[["`), nested(200, `"[[["`)},
		{http.StatusBadRequest, nested(9000, large), "unreadable JSON"},
	} {
		a, _ := shoptest.New(t, shoptest.RespondWith(c.status, "application/json", c.answer), mcpadapter.WithHiddenSecrets())
		began := time.Now()
		r := shoptest.Invoke(t, a, "orders.get", `{"order_id":"1"}`)
		shoptest.WantParts(t, "text", r.Text(), c.want)
		if took := time.Since(began); took > hangs {
			t.Errorf("%s: took %v", c.want, took)
		}
	}
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"limti%d":1,`, i)
	}
	return b.String()
}

// answered is an error of a client that tells what the API said.
type answered struct{}

func (answered) Error() string { return "409" }

func (answered) ResponseError() optable.ResponseError {
	return optable.ResponseError{
		Status: http.StatusConflict, Code: "taken", Message: "The name is taken.", RequestID: "req_1",
		Details: []string{"name"},
	}
}

func TestErrorsThatHoldAnAnswerKeepAllOfIt(t *testing.T) {
	t.Parallel()
	a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) {
		return nil, fmt.Errorf("send: %w", errors.Join(answered{}))
	})
	r := shoptest.Invoke(t, a, "teas.delete", `{"tea_id":"tea_1"}`)
	var got struct{ Error mcpadapter.Failure }
	if err := json.Unmarshal(r.JSON, &got); err != nil {
		t.Fatal(err)
	}
	f := got.Error
	if f.Status != http.StatusConflict || f.Code != "taken" || f.Message != "The name is taken." ||
		f.RequestID != "req_1" || string(f.Details) != `["name"]` || f.Advice == "" {
		t.Errorf("got %+v, want all that the answer said, and advice", f)
	}
}

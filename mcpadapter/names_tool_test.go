package mcpadapter_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// everyName has the method of get /plain, which an operation without a usable operationId is called by as well.
type everyName struct{ fake }

func (everyName) GetPlain(context.Context) (answer, error) { return nil, nil }

func TestNamesAreMadeOfAnyOperationID(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("plain", 30)
	for _, c := range []struct {
		ids  []string // of operations of one method and path
		want []string
	}{
		{[]string{"plain", "bare"}, []string{"plain", "bare"}},
		{[]string{"pla/in"}, []string{"pla_in"}},
		{[]string{"/p l:a#in!"}, []string{"p_l_a_in"}},
		{[]string{"plain", "Plain"}, []string{"plain", "Plain"}},
		{[]string{"plain", "plain", "plain"}, []string{"plain", "plain_2", "plain_3"}},
		// The valid name stays, wherever it stands.
		{[]string{"pla in", "pla_in"}, []string{"pla_in_2", "pla_in"}},
		// One name in another style is one name.
		{[]string{"pla.in", "pla_in", "pla-in"}, []string{"pla.in", "pla_in_2", "pla-in_3"}},
		{[]string{"plain", "plain", "plain_2"}, []string{"plain", "plain_3", "plain_2"}},
		{[]string{"é"}, []string{"get_plain"}},
		{[]string{""}, []string{"get_plain"}},
		{[]string{long}, []string{long[:119] + "_" + "00bcebd4"}},
	} {
		table := &optable.Table{}
		for _, id := range c.ids {
			table.Operations = append(table.Operations, optable.Operation{ID: id, Method: http.MethodGet, Path: "/plain"})
		}
		a, err := mcpadapter.New(everyName{}, table)
		if err != nil {
			t.Errorf("%q: %v", c.ids, err)
			continue
		}
		for i, tool := range a.Tools() {
			if tool.Name() != c.want[i] {
				t.Errorf("%q: got %s, want %s", c.ids, tool.Name(), c.want[i])
			}
			for style := mcpadapter.NamesDots; style <= mcpadapter.NamesShort; style++ {
				if shoptest.Tool(t, a, style.Name(tool.Name())) != tool {
					t.Errorf("%q: %s is another tool", c.ids, style.Name(tool.Name()))
				}
			}
		}
		if c.ids[0] != "" {
			shoptest.Tool(t, a, c.ids[0]) // the original is an alias
		}
	}
}

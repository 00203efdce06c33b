package mcpadapter_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// The values of text that is read as JSON count like others, before they are allocated.
func TestTheValuesOfTextAreLimited(t *testing.T) {
	t.Parallel()
	list := func(n int, text string) string {
		return strings.TrimSuffix(strings.Repeat(text+",", n), ",")
	}
	const tooMany = "the arguments are unusable: more than 10000 JSON values, with those in text"
	for name, c := range map[string]struct {
		tool, arguments string
		refused         bool
	}{
		"plain":          {"teas.list", `{"grades":[` + list(9998, `"leaf"`) + `]}`, false},
		"plain, more":    {"teas.list", `{"grades":[` + list(9999, `"leaf"`) + `]}`, true},
		"text":           {"teas.list", `{"grades":"[` + list(9997, `\"leaf\"`) + `]"}`, false},
		"text, more":     {"teas.list", `{"grades":"[` + list(9998, `\"leaf\"`) + `]"}`, true},
		"escapes":        {"teas.list", `{"grades":"\u005b` + list(9998, `\u0022leaf\u0022`) + `]"}`, true},
		"all of it text": {"teas.list", `"{\"grades\":[` + list(9998, `\"leaf\"`) + `]}"`, true},
		"two texts": {
			"teas.list", `{"grades":"[` + list(5000, `\"leaf\"`) + `]","labels":"{\"a\":[` + list(5000, "1") + `]}"}`, true,
		},
		"text in text": {
			"teas.create", `{"name":"n","stock":1,"supplier":"{\"name\":\"x\",\"contact\":\"{\\\"hours\\\":[` + list(9999, "1") +
				`]}\"}"}`, true,
		},
		"not JSON":        {"teas.list", `{"grades":"[` + list(20_000, "1") + `"}`, true},
		"fields":          {"teas.list", `{"fields":"[` + list(10_000, `\"id\"`) + `]"}`, true},
		"text as is":      {"teas.create", `{"name":"[` + list(20_000, "1") + `]","stock":1,"supplier":{"name":"x"}}`, false},
		"of another tool": {"call_read_operation", `{"operation":"teas.list","arguments":"{\"grades\":[` + list(10_000, "1") + `]}"}`, true},
	} {
		sent := false
		a := shoptest.NewWith(t, shoptest.Doer(func(*http.Request) (*http.Response, error) {
			sent = true
			return nil, errors.New("no network")
		}), mcpadapter.WithShapingArguments())
		tools := map[string]mcpadapter.Tool{}
		for _, tool := range append(a.Tools(), a.DynamicTools()...) {
			tools[tool.Name()] = tool
		}
		r := tools[c.tool].Invoke(t.Context(), []byte(c.arguments))
		if refused := r.Failure != nil && strings.HasPrefix(r.Failure.Message, tooMany); refused != c.refused || refused && sent {
			t.Errorf("%s: got %.200s and sent %t, want it refused: %t", name, r.Text(), sent, c.refused)
		}
	}
}

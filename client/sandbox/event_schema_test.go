package sandbox_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// checkEvents compares the data of each event of the first environment with the component that describes it, and
// returns them.
func checkEvents(t *testing.T, sb *sandbox.Sandbox) string {
	t.Helper()
	var shown strings.Builder
	payloads := gen.Operations.Schema("Event").Extended().Payloads
	types := make([]string, len(payloads))
	for i, m := range payloads {
		types[i] = m.Value
	}
	for after := ""; ; {
		a := send(t, sb, http.MethodGet, "/events?limit=100&order=asc&events="+strings.Join(types, ",")+after, nil)
		if a.status != http.StatusOK {
			t.Fatalf("events: got %d %s", a.status, a.text)
		}
		for _, v := range list(a.json["data"]) {
			event, _ := v.(map[string]any)
			i := slices.Index(types, str(event["event"]))
			text, err := json.Marshal(event["data"])
			if err != nil {
				t.Fatal(err)
			}
			shown.Write(text)
			if failed := t.Failed(); !failed {
				checkAnswer(t, &optable.Schema{Ref: payloads[i].Ref}, string(text))
				if t.Failed() {
					t.Errorf("this is the data of %s", types[i])
				}
			}
		}
		metadata, _ := a.json["list_metadata"].(map[string]any)
		cursor := str(metadata["after"])
		if cursor == "" {
			return shown.String()
		}
		after = "&after=" + cursor
	}
}

// ulid finds IDs, but for those of the environment and of its key, which no request makes.
var ulid = regexp.MustCompile(`(?:[^ty]|[^n]t|[^e]y)_(0[0-9A-HJKMNP-TV-Z]{25})\b`)

// checkIDs refuses IDs that were not made in the time of the scenario, such as those of examples.
func (m *inMemory) checkIDs(where, text string) {
	m.tb.Helper()
	for _, found := range ulid.FindAllStringSubmatch(text, -1) {
		var made int64 // the first ten letters are milliseconds, in Crockford's base 32
		for _, letter := range found[1][:10] {
			made = made*32 + int64(strings.IndexRune("0123456789ABCDEFGHJKMNPQRSTVWXYZ", letter))
		}
		if at := time.UnixMilli(made); at.Before(m.start) || at.After(m.now) {
			m.tb.Errorf("%s: %s is of %v: nobody made it, in %s", where, found[0], at, text)
		}
	}
}

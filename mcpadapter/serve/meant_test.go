package serve

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatWordsMayStandFor(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(filepath.Join(".", "tea.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	one := strings.Replace(aSchema, `"type": "object",`, `"type": "object", "required": ["name"],`, 1)
	for _, c := range []struct{ schema, words, want string }{
		{one, "Acme", "name=Acme"},
		{one, "Acme Inc.", `name="Acme Inc."`},
		{one, "name|Acme", "name=Acme"},
		{one, "name|=|Acme", "name=Acme"},
		{one, "name: Acme", "name=Acme"},
		{one, "limt|5", "limit=5"},
		{one, "limit", "limit=value"},
		{one, "limit|name=A", "limit=value"},
		{one, "roles", "roles[]=value"},
		{one, "domains", "domains[]=value"},
		{one, "owner", "owner.member=value"},
		{one, "on", "on=true"},
		{one, "tea.json", "@tea.json"},
		{one, "name=A|Acme", ""},
		{one, "name=|Acme", "name=Acme"},
		{one, "@", ""},
		{one, "", ""},
		{aSchema, "Acme", ""},
	} {
		_, err := program{}.callArguments(strings.Split(c.words, "|"), json.RawMessage(c.schema),
			readProperty(json.RawMessage(c.schema)))
		if err == nil {
			t.Errorf("%q: got no error", c.words)
			continue
		}
		_, got, _ := strings.Cut(err.Error(), "; did you mean ")
		if got = strings.TrimSuffix(got, "?"); got != c.want {
			t.Errorf("%q: got %v, want %q", c.words, err, c.want)
		}
	}
}

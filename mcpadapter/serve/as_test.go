package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// shell runs a command of the shop and returns its output and status.
func shell(t *testing.T, s *store, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = Run(t.Context(), s.api(), Process{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
	})
	return out.String(), errs.String(), status
}

// served returns the definitions that the server lists to a client, by name.
func served(t *testing.T, s *store, f flags, client string) []any {
	t.Helper()
	p := newProgram(s.api(), Process{Stderr: &bytes.Buffer{}})
	adapter, err := p.shellAdapter(f)
	if err != nil {
		t.Fatal(err)
	}
	server, err := p.newServer(f, adapter)
	if err != nil {
		t.Fatal(err)
	}
	session := newStdioClient(nil, nil)
	ctx := server.WithContext(context.Background(), session)
	server.HandleMessage(ctx, json.RawMessage(initializeAs(client)))
	text, err := json.Marshal(server.HandleMessage(ctx, json.RawMessage(listTools)))
	if err != nil {
		t.Fatal(err)
	}
	var response struct{ Result struct{ Tools []any } }
	if err := json.Unmarshal(text, &response); err != nil {
		t.Fatal(err)
	}
	return response.Result.Tools
}

func TestShellShowsWhatAClientIsGiven(t *testing.T) {
	s := newStore(t)
	for client, mode := range map[string]string{
		"codex-mcp-client": "direct", "claude-ai": "direct", "Visual Studio Code": "direct", "nobody": "dynamic",
	} {
		f := flags{}
		if err := f.mode.UnmarshalText([]byte(mode)); err != nil {
			t.Fatal(err)
		}
		want := served(t, s, f, client)
		out, errs, status := shell(t, s, "tool", "list", "--json", "--as", client, "--mode", mode)
		var got []any
		if err := json.Unmarshal([]byte(out), &got); err != nil || status != 0 {
			t.Fatalf("%s: got %q, %q and %d", client, out, errs, status)
		}
		if len(got) == 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", client, got, want)
		}
		first, _ := got[0].(map[string]any)
		name, _ := first["name"].(string)
		out, errs, status = shell(t, s, "tool", "get", name, "--as", client, "--mode", mode)
		var one any
		if err := json.Unmarshal([]byte(out), &one); err != nil || status != 0 || !reflect.DeepEqual(one, got[0]) {
			t.Errorf("%s: got %q, %q and %d, want %v", client, out, errs, status, got[0])
		}
	}
}

func TestNamesAndModeImplyAClient(t *testing.T) {
	s := newStore(t)
	for _, c := range []struct{ args, want string }{
		{"tool list teas.", "teas."},
		{"tool list --names dots teas.", "teas."},
		{"tool list --names underscore teas_", "teas_"},
		{"tool list --as nobody teas_", "teas_"},
		{"tool list --mode dynamic", "call_"},
	} {
		out, errs, status := shell(t, s, strings.Fields(c.args)...)
		if !strings.HasPrefix(out, c.want) || status != 0 {
			t.Errorf("%s: got %q, %q and %d, want names that begin with %s", c.args, out, errs, status, c.want)
		}
	}
}

func TestUnknownToolOfAClient(t *testing.T) {
	s := newStore(t)
	for name, want := range map[string]string{
		"teas_lst":    `the client is given no tool "teas_lst"; did you mean teas_list`,
		"\x00nothing": `the client is given no tool "\x00nothing"` + "\n",
	} {
		out, errs, status := shell(t, s, "tool", "get", "--as", "codex", name)
		if out != "" || !strings.Contains(errs, want) || status != 2 {
			t.Errorf("%q: got %q, %q and %d, want %s", name, out, errs, status, want)
		}
	}
	for _, name := range []string{"teas-update", "teas.delete"} { // any name of the operation
		if out, errs, status := shell(t, s, "tool", "get", "--as", "codex", name); status != 0 || errs != "" {
			t.Errorf("%s: got %q, %q and %d", name, out, errs, status)
		}
	}
}

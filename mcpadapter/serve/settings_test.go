package serve

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// printed runs a command of the shop and returns what it prints.
func printed(t *testing.T, api API, environ []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, problems bytes.Buffer
	code = Run(t.Context(), api, Process{
		Args: args, Environ: environ, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &problems,
	})
	return code, out.String(), problems.String()
}

// written returns the name of a file with a text.
func written(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// valueOf returns another value than the default for a flag.
func valueOf(flag *pflag.Flag) string {
	special := map[string]string{
		"log-level": "DEBUG", logFormatFlag: "json", namesFlag: "short", "profile": "gemini", modeFlag: "dynamic",
		confirmFlag: "writes", grantFlag: "admin=all", baseURLFlag: "https://mcp.example.com", storeFlag: "redis://h/0",
		maxResultFlag: "2048",
	}
	if value, ok := special[flag.Name]; ok {
		return value
	}
	switch flag.Value.Type() {
	case "bool":
		if flag.DefValue == "true" {
			return "false"
		}
		return "true"
	case "int", "int64", "float64":
		return "77"
	case "duration":
		return "7s"
	}
	return "x"
}

// Each flag of the servers can be set by its variable and by its key in the file, and nothing else can.
func TestEveryFlagHasItsVariableAndItsKey(t *testing.T) {
	api := newStore(t).api()
	api.SignIn = &SignInWay{Name: "door"}
	api.Flags = func(set *pflag.FlagSet) { set.String("shelf", "", "`shelf` of the shop") }
	p := newProgram(api, Process{Stderr: io.Discard})
	root := p.command()
	names := []string{}
	for _, server := range []string{"stdio", "http"} {
		cmd, _, err := root.Find([]string{server})
		if err != nil {
			t.Fatal(err)
		}
		cmd.InitDefaultHelpFlag()
		cmd.InheritedFlags() // merges those of the parents
		cmd.Flags().VisitAll(func(flag *pflag.Flag) {
			if flag.Name == "help" || flag.Name == configFlag || slices.Contains(names, flag.Name) {
				return
			}
			names = append(names, flag.Name)
			value := valueOf(flag)
			shown := flag.Name + ": "
			if _, list := flag.Value.(pflag.SliceValue); list {
				shown += "["
			}
			shown += withoutPassword(value)
			variable := "SHOP_MCP_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
			code, stdout, stderr := printed(t, api, []string{variable + "=" + value}, "config")
			want := shown
			if narrowing(flag.Name) {
				want = variable + ` is "` + value + `"`
			}
			if code != ExitOK || !strings.Contains(stdout, want) || !strings.Contains(stdout, variable) {
				t.Errorf("%s=%s: got %d %s%s, want %q", variable, value, code, stdout, stderr, want)
			}
			file := written(t, "settings.yaml", "\n"+flag.Name+": '"+value+"'\n")
			code, stdout, stderr = printed(t, api, nil, "config", "--config", file)
			if narrowing(flag.Name) {
				want = `is "` + value + `"`
			}
			if code != ExitOK || !strings.Contains(stdout, want) || !strings.Contains(stdout, file+":2: "+flag.Name) {
				t.Errorf("%s: %s: got %d %s%s, want %q", flag.Name, value, code, stdout, stderr, want)
			}
		})
	}
	slices.Sort(names)
	if !slices.Equal(names, p.settings) || len(names) < 38 {
		t.Errorf("got the settings %v, want the flags %v", p.settings, names)
	}
}

// A flag has priority over a variable, that over the file, and that over the default; the limit is seen on the wire.
func TestSettingsHaveTheirPriority(t *testing.T) {
	s := newStore(t)
	s.body = `{"id":"1","notes":{"a":"` + strings.Repeat("x", 5000) + `"}}`
	file := written(t, "settings.yaml", "max-result-bytes: 3000\n")
	call := []string{"tool", "call", "getTea", "tea_id=1"}
	for _, c := range []struct {
		environ, args []string
		limit         int // 0: none
	}{
		{nil, nil, 0},
		{nil, []string{"--config", file}, 3000},
		{[]string{"SHOP_MCP_CONFIG=" + file}, nil, 3000},
		{[]string{"SHOP_MCP_MAX_RESULT_BYTES=2000"}, []string{"--config", file}, 2000},
		{[]string{"SHOP_MCP_MAX_RESULT_BYTES=2000"}, []string{"--config", file, "--max-result-bytes", "0"}, 0},
	} {
		code, stdout, stderr := printed(t, s.api(), c.environ, append(c.args, call...)...)
		want := fmt.Sprintf(`"at_most": %d`, c.limit)
		if whole := len(stdout) > 5000; code != ExitOK || whole != (c.limit == 0) || !whole && !strings.Contains(stdout, want) {
			t.Errorf("%v %v: got %d, %d bytes, %.300s%s", c.environ, c.args, code, len(stdout), stdout, stderr)
		}
	}
}

// The filters of flag, variable and file all apply: no source lifts that of another.
func TestTheFileNarrows(t *testing.T) {
	s := newStore(t)
	file := written(t, "settings.yaml", "read-only: true\ndeny: ['getTea']\n")
	for _, c := range []struct {
		environ, args []string
		part          string
	}{
		{nil, []string{"tool", "call", "teas.delete", "tea_id=1"}, file + ":1: read-only"},
		{nil, []string{"tool", "call", "getTea", "tea_id=1"}, file + ":2: deny"},
		{nil, []string{"--read-only=false", "tool", "call", "teas.delete", "tea_id=1"}, file + ":1: read-only"},
		{[]string{"SHOP_MCP_READ_ONLY=false"}, []string{"tool", "call", "teas.delete", "tea_id=1"}, file + ":1: read-only"},
	} {
		code, stdout, stderr := printed(t, s.api(), c.environ, append([]string{"--config", file}, c.args...)...)
		if code == ExitOK || !strings.Contains(stderr, c.part) || s.requests.Load() > 0 {
			t.Errorf("%v: got %d %s%s and %d requests, want a refusal by %s", c.args, code, stdout, stderr,
				s.requests.Load(), c.part)
		}
	}
	if code, stdout, stderr := printed(t, s.api(), nil, "--config", file, "tool", "call", "teas.list"); code != ExitOK {
		t.Errorf("got %d %s%s, want what the file permits", code, stdout, stderr)
	}
}

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// built is the server of this repository.
var built string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "tokens")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(dir) }()
		built = filepath.Join(dir, "workos-mcp")
		build := exec.Command("go", "build", "-o", built, "./examples/workos-mcp")
		build.Dir = root
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build the server: %v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

// printed returns what the command prints about the server.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), append(args, "-server", built), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func listed(t *testing.T, mode string) listing {
	t.Helper()
	l, err := server{built}.list(t.Context(), mode)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The list of all tools fits into a model's attention, and into a client's limits.
func TestToolListFitsItsBudget(t *testing.T) {
	const (
		maxTokens = 28_000 // o200k, of names, descriptions and input schemas
		maxBytes  = 193_000
	)
	l := listed(t, "direct")
	if err := (server{built}).group(t.Context(), l.tools); err != nil {
		t.Fatal(err)
	}
	costs, err := count(l.tools)
	if err != nil {
		t.Fatal(err)
	}
	total := costs[len(costs)-1]
	if total.tools != 263 || total.all > maxTokens {
		t.Errorf("%d tools cost %d tokens, want 263 for at most %d", total.tools, total.all, maxTokens)
	}
	sum := 0
	for _, c := range costs[:len(costs)-1] {
		sum += c.all
	}
	if sum != total.all {
		t.Errorf("the toolsets cost %d tokens, the total is %d", sum, total.all)
	}
	if size := listBytes(l.tools); size > maxBytes {
		t.Errorf("the list has %d bytes, want at most %d", size, maxBytes)
	}
}

func TestCostsArePrintedByToolsetAndByTool(t *testing.T) {
	if got := strings.Count(printed(t), "\n"); got != 26 {
		t.Errorf("got %d lines, want 22 toolsets, a head, a total, the bytes and the instructions", got)
	}
	if got := strings.Count(printed(t, "-by-tool"), "\n"); got != 267 {
		t.Errorf("got %d lines, want 263 tools, a head, a total, the bytes and the instructions", got)
	}
}

// The dynamic mode costs a fraction, as it is sent with titles and annotations, and the catalogue of everything little more.
func TestDynamicModeFitsItsBudget(t *testing.T) {
	const maxTools, maxCatalogue = 600, 3000 // o200k tokens
	l := listed(t, dynamic)
	costs, err := count(l.tools)
	if err != nil {
		t.Fatal(err)
	}
	if total := costs[len(costs)-1]; total.tools != 5 {
		t.Errorf("got %d tools, want 5", total.tools)
	}
	sent := make([]string, len(l.tools))
	for i, tool := range l.tools {
		sent[i] = tool.sent
	}
	if n, err := tokens("[" + strings.Join(sent, ",") + "]"); err != nil || n[0] > maxTools {
		t.Errorf("the list as sent costs %v tokens, want at most %d: %v", n, maxTools, err)
	}
	n, err := tokens(l.catalogue)
	if err != nil {
		t.Fatal(err)
	}
	if n[0] == 0 || n[0] > maxCatalogue {
		t.Errorf("the catalogue costs %d tokens, want at most %d", n[0], maxCatalogue)
	}
	got := printed(t, "-mode", dynamic)
	for _, part := range []string{"search_operations", "5 ", " total", "of instructions", "of the catalogue"} {
		if !strings.Contains(got, part) {
			t.Errorf("got %s, want %q in it", got, part)
		}
	}
}

func TestInstructionsSayOnceWhatManyToolsShare(t *testing.T) {
	l := listed(t, "direct")
	shared := map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^- ([a-z_]+): (.+)$`).FindAllStringSubmatch(l.instructions, -1) {
		shared[line[1]] = line[2]
	}
	for _, name := range []string{"before", "after", "limit", "order"} {
		if shared[name] == "" {
			t.Errorf("the instructions do not describe %s", name)
		}
	}
	for _, tool := range l.tools {
		var schema struct {
			Properties map[string]struct{ Description string }
		}
		if err := json.Unmarshal(tool.InputSchema, &schema); err != nil {
			t.Fatal(err)
		}
		for name, description := range shared {
			if schema.Properties[name].Description == description {
				t.Errorf("%s repeats the description of %s", tool.Name, name)
			}
		}
	}
}

func TestWrongArgumentsAreRefused(t *testing.T) {
	for want, args := range map[string][]string{
		`unknown mode "all": want direct or dynamic`:                       {"-mode", "all"},
		`unexpected argument "x"`:                                          {"x"},
		"parse the flags: flag provided but not defined: -tools":           {"-tools"},
		"start the server: fork/exec /no/such/server: no such file or dir": {"-server", "/no/such/server"},
	} {
		var out bytes.Buffer
		if err := run(t.Context(), args, &out); err == nil || !strings.HasPrefix(err.Error(), want) || out.Len() > 0 {
			t.Errorf("%v: got %v and %q, want %s", args, err, &out, want)
		}
	}
}

// limited is a writer that accepts so many writes.
type limited int

var errFull = errors.New("no space left on device")

func (n *limited) Write(b []byte) (int, error) {
	if *n--; *n < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// Each write fails in turn.
func TestAWriteThatFailsIsReported(t *testing.T) {
	l := listing{tools: []tool{priced("users", "get", "Gets one.", `{}`)}, instructions: "a", catalogue: "b"}
	for writes := range 200 {
		left := limited(writes)
		err := write(&left, l)
		if left >= 0 {
			if err != nil || writes == 0 {
				t.Errorf("%d writes: got %v", writes, err)
			}
			return
		}
		if !errors.Is(err, errFull) || err.Error() != "write the costs: "+errFull.Error() {
			t.Errorf("%d writes: got %v, want %v", writes, err, errFull)
		}
	}
	t.Error("got more than 200 writes")
}

package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestTheLogLevelIsTheMinimumThatIsLogged(t *testing.T) {
	levels := []string{"debug", "info", "warn", "error"}
	for i, level := range levels {
		// The warning that a server over HTTP begins with.
		o := executeStopped(t, nil, "http", "--log-level", level, "--addr", "127.0.0.1:0")
		if warned := strings.Contains(o.stderr, "level=WARN"); warned != (i <= 2) {
			t.Errorf("%s: got warned %t: %s", level, warned, o.stderr)
		}
	}
	if o := executeStopped(t, nil, "http", "--addr", "127.0.0.1:0"); !strings.Contains(o.stderr, "level=WARN") {
		t.Errorf("got %q, want a warning by default", o.stderr)
	}
}

// What a server says of itself, and what it can do, is what it does.
func TestTheServerIntroducesItself(t *testing.T) {
	for _, m := range []string{"direct", "dynamic"} {
		o := execute(t, nil, initialize+"\n", "stdio", "--sandbox", "--mode", m)
		var response struct {
			Result struct {
				Capabilities map[string]map[string]any
				ServerInfo   struct{ Name, Title, Version string }
			}
		}
		if err := json.Unmarshal([]byte(o.stdout), &response); err != nil {
			t.Fatalf("%v: %s", err, o.stdout)
		}
		info := response.Result.ServerInfo
		if info.Name != "workos-mcp" || info.Title != "WorkOS" || info.Version != version() {
			t.Errorf("%s: got %+v", m, info)
		}
		tools, has := response.Result.Capabilities["tools"]
		if !has || tools["listChanged"] != nil {
			t.Errorf("%s: got %v, want tools whose list never changes", m, response.Result.Capabilities)
		}
		for _, capability := range []string{"resources", "prompts", "completions"} {
			if _, has := response.Result.Capabilities[capability]; !has {
				t.Errorf("%s: got %v, want %s", m, response.Result.Capabilities, capability)
			}
		}
	}
	if v := version(); !strings.HasPrefix(v, "v") || len(v) < len("v0.0.0") {
		t.Errorf("got the version %q", v)
	}
}

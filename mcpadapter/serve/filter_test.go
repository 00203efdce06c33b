package serve

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// FuzzRequestFilter holds that headers of any content are either refused or narrow.
func FuzzRequestFilter(f *testing.F) {
	for _, seed := range [][4]string{
		{"", "", "", ""}, {"teas,orders", "", "", "true"}, {" teas , orders ", "*.get", "*.delete", "0"},
		{"Teas", "[", "", "yes"}, {",", " ", "\x00", "TRUE"}, {"orders", "teas.*", "", ""},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	adapter, err := newProgram(newStore(f).api(), Process{Stderr: io.Discard}).shellAdapter(flags{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, toolsets, allow, deny, readOnly string) {
		const most = 1000 // bytes
		if len(toolsets)+len(allow)+len(deny)+len(readOnly) > most {
			t.Skip()
		}
		header := http.Header{}
		for name, value := range map[string]string{
			"X-Mcp-Toolsets": toolsets, "X-Mcp-Allow": allow, "X-Mcp-Deny": deny, "X-Mcp-Readonly": readOnly,
		} {
			if value != "" {
				header.Set(name, value)
			}
		}
		filter, err := requestFilter(header)
		if err != nil {
			return
		}
		ctx, err := adapter.Narrow(t.Context(), filter)
		if err != nil {
			return
		}
		for _, tool := range adapter.Tools() {
			if tool.Filtered(ctx) != nil {
				continue
			}
			within := slices.ContainsFunc(strings.Split(toolsets, ","), func(set string) bool {
				return strings.TrimSpace(set) == tool.Toolset()
			})
			if toolsets != "" && !within || strings.EqualFold(readOnly, "true") && !tool.Annotations().ReadOnly {
				t.Fatalf("%v permits %s", header, tool.Name())
			}
		}
	})
}

package mcpadapter_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// FuzzFilters holds that of any two filters at once exactly those tools are called that both permit, and that nothing
// of another one reaches the wire.
func FuzzFilters(f *testing.F) {
	for _, seed := range []struct {
		toolsets, allow, deny string
		readOnly              bool
	}{
		{"", "", "", false}, {"teas,menus", "", "", true}, {"", "teas.*,*.add", "", false}, {"", "*", "*.delete", false},
		{"facts", "*.get,f*", "facts.*", true}, {"", "[a-m]*", "?ea*", false}, {"", `te\as.*`, "[^t]*", false},
		{"baskets", "**", "*.*.*", false}, {"x", "[", "", true}, {"", ",", "", false},
	} {
		f.Add(seed.toolsets, seed.allow, seed.deny, seed.readOnly, seed.deny, seed.allow, seed.toolsets, false)
		f.Add(seed.toolsets, "", "", seed.readOnly, "", seed.allow, seed.deny, true)
	}
	arguments := shoptest.ValidArguments(f)
	var sent int
	a := shoptest.NewWith(f, shoptest.Counting(&sent))
	tools := a.Tools()
	f.Fuzz(func(
		t *testing.T, toolsets1, allow1, deny1 string, readOnly1 bool, toolsets2, allow2, deny2 string, readOnly2 bool,
	) {
		const most = 1000 // bytes
		if len(toolsets1)+len(allow1)+len(deny1)+len(toolsets2)+len(allow2)+len(deny2) > most {
			t.Skip()
		}
		first, second := filterFrom(toolsets1, allow1, deny1, readOnly1), filterFrom(toolsets2, allow2, deny2, readOnly2)
		ctx, err := a.Narrow(t.Context(), first)
		if err != nil {
			t.Skip()
		}
		if ctx, err = a.Narrow(ctx, second); err != nil {
			t.Skip()
		}
		for _, tool := range tools {
			want := permits(&first, tool) && permits(&second, tool)
			sent = 0
			r := tool.Invoke(ctx, arguments[tool.Name()])
			if want != (sent == 1) || want != (r.Failure == nil) || want != (tool.Filtered(ctx) == nil) {
				t.Fatalf("%s by %+v and %+v: got %d requests and %s, want permitted: %v",
					tool.Name(), first, second, sent, r.Text(), want)
			}
			if !want && r.Failure.Code != mcpadapter.CodeFiltered {
				t.Fatalf("%s: got %s, want it filtered", tool.Name(), r.Text())
			}
		}
	})
}

func filterFrom(toolsets, allow, deny string, readOnly bool) mcpadapter.Filter {
	split := func(text string) []string {
		if text == "" {
			return nil
		}
		return strings.Split(text, ",")
	}
	return mcpadapter.Filter{Toolsets: split(toolsets), Allow: split(allow), Deny: split(deny), ReadOnly: readOnly}
}

// permits says what a filter means, part by part.
func permits(f *mcpadapter.Filter, tool mcpadapter.Tool) bool {
	return (f.Toolsets == nil || slices.Contains(f.Toolsets, tool.Toolset())) &&
		(f.Allow == nil || slices.ContainsFunc(f.Allow, func(glob string) bool { return matches(glob, tool.Name()) })) &&
		!slices.ContainsFunc(f.Deny, func(glob string) bool { return matches(glob, tool.Name()) }) &&
		(!f.ReadOnly || tool.Annotations().ReadOnly)
}

// matches says what * and ? mean in a glob. What is in brackets, or escaped, means what it does in a path.
func matches(glob, name string) bool {
	if strings.ContainsAny(glob, `[\`) {
		ok, err := path.Match(glob, name)
		return ok && err == nil
	}
	matched := make([]bool, len(name)+1) // the first i bytes of the name, by the glob so far
	matched[0] = true
	for _, g := range []byte(glob) {
		next := make([]bool, len(name)+1)
		for i := range matched {
			switch {
			case g == '*':
				next[i] = matched[i] || i > 0 && next[i-1]
			case i > 0:
				next[i] = matched[i-1] && (g == '?' || g == name[i-1])
			}
		}
		matched = next
	}
	return matched[len(name)]
}

package mcpadapter_test

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestNamesInEachStyle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ id, underscore, short string }{
		{"getTea", "getTea", "getTea"},
		{"teas.list", "teas_list", "teas_list"},
		{"tea-bags.list", "tea-bags_list", "tea_bags_list"},
		{ // abbreviated from the left, no further than needed
			"authorization.resources.organization_memberships.list",
			"authorization_resources_organization_memberships_list",
			"auth_resources_organization_memberships_list_99ce",
		},
		{ // words without an abbreviation are cut, the last one never
			"earthenware.samovars.porcelain.infusers.strainers.descriptions.deactivate",
			"eart_samo_porc_infusers_strainers_descriptions_deactivate_25c0",
			"eart_samo_porc_infu_stra_desc_deactivate_25c0",
		},
		{ // nothing else is left
			strings.Repeat("a", 128), strings.Repeat("a", 59) + "_f12b", strings.Repeat("a", 46) + "_f12b",
		},
	} {
		if got := mcpadapter.NamesDots.Name(c.id); got != c.id {
			t.Errorf("got %q, want %q", got, c.id)
		}
		if got := mcpadapter.NamesUnderscore.Name(c.id); got != c.underscore {
			t.Errorf("got %q, want %q", got, c.underscore)
		}
		if got := mcpadapter.NamesShort.Name(c.id); got != c.short {
			t.Errorf("got %q, want %q", got, c.short)
		}
	}
}

func FuzzName(f *testing.F) {
	f.Add("a.b_c")
	f.Add(strings.Repeat("organization.", 9))
	f.Add(strings.Repeat(".-_", 42))
	allowed := regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,128}$`)
	underscore, short := regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`), regexp.MustCompile(`^[a-zA-Z0-9_]{1,51}$`)
	f.Fuzz(func(t *testing.T, id string) {
		if !allowed.MatchString(id) {
			t.Skip()
		}
		if got := mcpadapter.NamesUnderscore.Name(id); !underscore.MatchString(got) {
			t.Errorf("%s: got %q, want at most 64 characters", id, got)
		}
		if got := mcpadapter.NamesShort.Name(id); !short.MatchString(got) {
			t.Errorf("%s: got %q, want at most 51 characters", id, got)
		}
	})
}

func TestToolsAreFoundByTheirNameInAnyStyle(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	for _, want := range a.Tools() {
		for style := mcpadapter.NamesDots; style <= mcpadapter.NamesShort; style++ {
			if got := shoptest.Tool(t, a, style.Name(want.Name())); got != want {
				t.Errorf("%s: got %s, want %s", style.Name(want.Name()), got.Name(), want.Name())
			}
		}
	}
}

func TestNewRefusesOperationsWhoseNamesMeetInAStyle(t *testing.T) {
	t.Parallel()
	for _, ids := range [][2]string{{"ba.re", "ba_re"}, {"ba_re", "ba.re"}, {"ba.re", "ba-re"}} {
		_, err := mcpadapter.New(fake{}, &optable.Table{Operations: []optable.Operation{{ID: ids[0]}, {ID: ids[1]}}}, mcpadapter.WithStrict())
		if err == nil {
			t.Errorf("%v: got no error", ids)
			continue
		}
		shoptest.WantParts(t, "error", err.Error(), ids[0], ids[1], "have the same name ba_re")
	}
}

func TestStylesAsText(t *testing.T) {
	t.Parallel()
	for style := mcpadapter.NamesDots; style <= mcpadapter.NamesShort; style++ {
		text, err := json.Marshal(map[string]mcpadapter.NameStyle{"names": style})
		if err != nil {
			t.Fatal(err)
		}
		var back map[string]mcpadapter.NameStyle
		if err := json.Unmarshal(text, &back); err != nil || back["names"] != style {
			t.Errorf("%s: got %v (%v), want %v", text, back["names"], err, style)
		}
	}
	if _, err := mcpadapter.NameStyle(7).MarshalText(); err == nil {
		t.Error("style 7: got no error")
	}
	style := mcpadapter.NamesShort
	if err := style.UnmarshalText([]byte("Dots")); err == nil || style != mcpadapter.NamesShort {
		t.Errorf("Dots: got %v (%v), want a refusal", style, err)
	}
}

// tail is what a name that was shortened ends in.
func tail(id string) string { return fmt.Sprintf("_%04x", crc32.ChecksumIEEE([]byte(id))>>16) }

func TestNamesAreShortenedAtTheirLimitAndNotBefore(t *testing.T) {
	t.Parallel()
	x := func(n int) string { return strings.Repeat("x", n) }
	for _, c := range []struct {
		style    mcpadapter.NameStyle
		id, want string
	}{
		{mcpadapter.NamesDots, x(128), x(128)},
		{mcpadapter.NamesUnderscore, x(63), x(63)},
		{mcpadapter.NamesUnderscore, x(64), x(64)},
		{mcpadapter.NamesUnderscore, x(65), x(59) + tail(x(65))},
		{mcpadapter.NamesShort, x(50), x(50)},
		{mcpadapter.NamesShort, x(51), x(51)},
		{mcpadapter.NamesShort, x(52), x(46) + tail(x(52))},
		{mcpadapter.NamesUnderscore, "a.b-c", "a_b-c"},
		{mcpadapter.NamesShort, "a.b-c.d", "a_b_c_d"},
		// Of a word without an abbreviation four characters stay, from the left and no more than needed.
		{mcpadapter.NamesShort, "aaaaaa.bbbbbb." + x(38), "aaaa_bbbb_" + x(36) + tail("aaaaaa.bbbbbb."+x(38))},
		{
			mcpadapter.NamesShort, "aaaaaa.bb." + x(39) + ".zz", "aaaa_bb_xxxx_zz" + tail("aaaaaa.bb."+x(39)+".zz"),
		},
		{
			mcpadapter.NamesShort, x(30) + ".bbbbbbbbbb.cccccccccc",
			"xxxx_bbbbbbbbbb_cccccccccc" + tail(x(30)+".bbbbbbbbbb.cccccccccc"),
		},
		// The last word stays whole while it can.
		{mcpadapter.NamesShort, "a." + x(60), "a_" + x(44) + tail("a."+x(60))},
	} {
		if got := c.style.Name(c.id); got != c.want {
			t.Errorf("%s in %v: got %s, want %s", c.id, c.style, got, c.want)
		}
	}
}

func TestNamesOfToolsKeepToWhatMCPAllows(t *testing.T) {
	t.Parallel()
	for _, allowed := range []string{"A", "Z", "a", "z", "0", "9", "_", "-", ".", strings.Repeat("a", 128)} {
		_, err := mcpadapter.New(fake{}, tableOf(optable.Operation{ID: allowed}), mcpadapter.WithStrict())
		if err == nil || !strings.Contains(err.Error(), "has no method for it") {
			t.Errorf("%q: got %v, want the name taken", allowed, err)
		}
	}
	for _, refused := range []string{
		"", "@", "[", "`", "{", "/", ":", ",", " ", "+", "^", "\x00", "é", "a/", "/a", "a b", strings.Repeat("a", 129),
	} {
		_, err := mcpadapter.New(fake{}, tableOf(optable.Operation{ID: refused}), mcpadapter.WithStrict())
		const want = "the name must be 1 to 128 characters of A-Z, a-z, 0-9, '_', '-' and '.'"
		if err == nil || err.Error() != fmt.Sprintf("workos/mcpadapter: operation %q: %s", refused, want) {
			t.Errorf("%q: got %v, want %s", refused, err, want)
		}
	}
}

func TestStylesAreNamed(t *testing.T) {
	t.Parallel()
	for style, want := range map[mcpadapter.NameStyle]string{
		mcpadapter.NamesDots: "dots", mcpadapter.NamesUnderscore: "underscore", mcpadapter.NamesShort: "short",
	} {
		text, err := style.MarshalText()
		if err != nil || string(text) != want || style.String() != want {
			t.Errorf("got %s, %s, %v, want %s", text, style, err, want)
		}
		var read mcpadapter.NameStyle = 7
		if err := read.UnmarshalText([]byte(want)); err != nil || read != style {
			t.Errorf("%s: got %v, %v, want %v", want, read, err, style)
		}
	}
	for style, want := range map[mcpadapter.NameStyle]string{-1: "NameStyle(-1)", 3: "NameStyle(3)"} {
		if style.String() != want {
			t.Errorf("got %s, want %s", style, want)
		}
		if text, err := style.MarshalText(); err == nil || err.Error() != "workos/mcpadapter: invalid value "+want {
			t.Errorf("%s: got %s, %v, want an error", want, text, err)
		}
	}
	for _, text := range []string{"", "Dots", "dots ", "NameStyle(3)"} {
		style := mcpadapter.NamesShort
		if err := style.UnmarshalText([]byte(text)); err == nil || style != mcpadapter.NamesShort {
			t.Errorf("%q: got %v, %v, want an error and nothing changed", text, style, err)
		}
	}
}

// A part of a client's name is enough, in any case; of several rules the first counts.
func TestEachRuleForAClientAlone(t *testing.T) {
	t.Parallel()
	const dots, underscore, short = mcpadapter.NamesDots, mcpadapter.NamesUnderscore, mcpadapter.NamesShort
	for part, want := range map[string]mcpadapter.NameStyle{
		"claude-code": short, "copilot-cli": short, "github-copilot-developer": short, "codex-mcp-client": short,
		"opencode": short, "gemini-cli": short, "cursor": short,
		"claude-ai": underscore, "anthropic/": underscore, "claude-user": underscore,
		"visual studio code": dots, "inspector": dots, "mcporter": dots,
		"claude": short, "visual studio": short, "inspecto": short, "mcport": short,
		"claude-ai claude-code": short, "cursor claude-ai": underscore, "inspector cursor": short,
		"claude-user inspector": underscore, "codex-mcp-client mcporter": short, "gemini-cli inspector": short,
		"opencode inspector": short, "copilot-cli inspector": short, "github-copilot-developer inspector": short,
	} {
		for _, client := range []string{part, strings.ToUpper(part), "x " + part, part + "/1.0", "x" + part + "x"} {
			if got := mcpadapter.StyleFor(client); got != want {
				t.Errorf("%q: got %v, want %v", client, got, want)
			}
		}
	}
	if got := mcpadapter.StyleFor("anthropic"); got != short {
		t.Errorf("without its slash: got %v, want %v", got, short)
	}
}

func TestNearNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		names []string // as properties of a closed object
		given string
		want  string
	}{
		{[]string{"abc"}, "abc1", "abc"},
		{[]string{"abc"}, "ABC", "abc"},
		{[]string{"ab"}, "cd", "ab"},                      // two changes at most,
		{[]string{"abc"}, "xyz", ""},                      // and not three,
		{[]string{"abcdef"}, "abcxyz", ""},                // nor three of six,
		{[]string{"abcdefghi"}, "abcdefxyz", "abcdefghi"}, // but a third of nine,
		{[]string{"abcdefghi"}, "abcdewxyz", ""},
		{[]string{"organization_id"}, "organ", "organization_id"}, // or what is a part of the other
		{[]string{"organization_id"}, "organization_identifier", "organization_id"},
		{[]string{"organization_id"}, "the_organization_id_of_it", "organization_id"},
		{[]string{"organization_id"}, "organ_id", ""},
		{[]string{"organization_id"}, "org", ""}, // of four characters and more
		{[]string{"organization_id"}, "orga", "organization_id"},
		{[]string{"abcx"}, "a_name_with_abcx_in_it", "abcx"},
		{[]string{"bcx"}, "a_name_with_bcx_in_it", ""},
		{[]string{"first", "second", "third"}, "thirt", "third"},
		{[]string{"aaab", "aaac", "aaad"}, "aaae", "aaab"},  // the first of equals,
		{[]string{"aabb", "aaab", "aaaa"}, "aaaa1", "aaaa"}, // the best of others
		{[]string{"name" + strings.Repeat("x", 40)}, "name", "name" + strings.Repeat("x", 40)},
		{[]string{"name" + strings.Repeat("x", 41)}, "name", ""},
		{[]string{"name"}, "name" + strings.Repeat("x", 40), "name"},
		{[]string{"name"}, "name" + strings.Repeat("x", 41), ""},
	} {
		s := optable.Schema{Types: optable.Object, Closed: true}
		for _, name := range c.names {
			s.Properties = append(s.Properties, optable.Property{Name: name})
		}
		a, wire := puts(t, s)
		r := shoptest.Invoke(t, a, "put", `{"v":{"`+c.given+`":1}}`)
		want := "v." + c.given + ": is unknown; expected " + strings.Join(c.names, ", ")
		if c.want != "" {
			want = "v." + c.given + ": is unknown (did you mean " + c.want + "?)"
		}
		if got := strings.Join(problemsOf(r), "; "); got != want || len(wire.took()) > 0 {
			t.Errorf("%s of %v:\ngot  %s\nwant %s", c.given, c.names, got, want)
		}
	}
}

func TestUnknownToolsNameAtMostThree(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	for name, want := range map[string]string{
		"tea.list":     `unknown tool "tea.list"; did you mean teas.list?`,
		"orders.gets":  `unknown tool "orders.gets"; did you mean orders.get?`,
		"parcels":      `unknown tool "parcels"; did you mean parcels.slip or parcels.track or parcels.create?`,
		"zzzzzzzzzzzz": `unknown tool "zzzzzzzzzzzz"`,
		"":             `unknown tool ""`,
	} {
		got, err := a.Tool(name)
		if got != (mcpadapter.Tool{}) || err == nil || err.Error() != want {
			t.Errorf("%q: got %v, %v, want %s", name, got, err, want)
		}
	}
	wantUnsent(t, "unknown tools", wire)
}

func TestStyleForAClient(t *testing.T) {
	t.Parallel()
	for client, want := range map[string]mcpadapter.NameStyle{
		"claude-ai":                         mcpadapter.NamesUnderscore,
		"claude-ai (via mcp-remote 0.1.37)": mcpadapter.NamesUnderscore,
		"Anthropic/ClaudeAI":                mcpadapter.NamesUnderscore,
		"Claude-User":                       mcpadapter.NamesUnderscore,
		"claude-code":                       mcpadapter.NamesShort,
		"claude-code/2.1.204 (cli)":         mcpadapter.NamesShort,
		"github-copilot-developer":          mcpadapter.NamesShort,
		"codex-mcp-client":                  mcpadapter.NamesShort,
		"codex-mcp-client/0.157.0":          mcpadapter.NamesShort,
		"cursor-vscode":                     mcpadapter.NamesShort,
		"Cursor":                            mcpadapter.NamesShort,
		"Cursor/1.7.28":                     mcpadapter.NamesShort,
		"Visual Studio Code":                mcpadapter.NamesDots,
		"mcp-inspector":                     mcpadapter.NamesDots,
		"inspector-client":                  mcpadapter.NamesDots,
		"mcporter":                          mcpadapter.NamesDots,
		"copilot-cli":                       mcpadapter.NamesShort,
		"opencode":                          mcpadapter.NamesShort,
		"gemini-cli-mcp-client":             mcpadapter.NamesShort,
		"python-httpx/0.28.1":               mcpadapter.NamesShort,
		"somebody's agent":                  mcpadapter.NamesShort,
		"":                                  mcpadapter.NamesShort,
	} {
		if got := mcpadapter.StyleFor(client); got != want {
			t.Errorf("%q: got %v, want %v", client, got, want)
		}
	}
}

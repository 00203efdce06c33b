package mcpadapter_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
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
	a, _ := newShop(t, nil)
	for _, want := range a.Tools() {
		for style := mcpadapter.NamesDots; style <= mcpadapter.NamesShort; style++ {
			if got := tool(t, a, style.Name(want.Name())); got != want {
				t.Errorf("%s: got %s, want %s", style.Name(want.Name()), got.Name(), want.Name())
			}
		}
	}
}

func TestNewRefusesOperationsWhoseNamesMeetInAStyle(t *testing.T) {
	t.Parallel()
	for _, ids := range [][2]string{{"ba.re", "ba_re"}, {"ba_re", "ba.re"}, {"ba.re", "ba-re"}} {
		_, err := mcpadapter.New(fake{}, &optable.Table{Operations: []optable.Operation{{ID: ids[0]}, {ID: ids[1]}}})
		if err == nil {
			t.Errorf("%v: got no error", ids)
			continue
		}
		wantParts(t, "error", err.Error(), ids[0], ids[1], "are both called ba_re")
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

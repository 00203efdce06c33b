package mcpadapter_test

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

func TestTerseSchemasLeaveOutWhatNamesSay(t *testing.T) {
	t.Parallel()
	client, err := shop.NewClientWithResponses("http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	full, err := mcpadapter.New(client, &shop.Operations)
	if err != nil {
		t.Fatal(err)
	}
	terse, err := mcpadapter.New(client, &shop.Operations, mcpadapter.WithTerseSchemas())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		tool, description string
		kept              bool
	}{
		{"teas-update", "Tea, `tea_…`.", false},
		{"bins.get", "Colour of a bin.", false},
		{"teas.list", "Basket to price for.", true},
		{"payments.create", "Not with voucher.", true},
	} {
		if !strings.Contains(string(tool(t, full, c.tool).InputSchema), c.description) {
			t.Errorf("%s: the full schema lacks %q", c.tool, c.description)
		}
		got := strings.Contains(string(tool(t, terse, c.tool).InputSchema), c.description)
		if got != c.kept {
			t.Errorf("%s: the terse schema has %q: %t, want %t", c.tool, c.description, got, c.kept)
		}
	}
	if common := full.CommonArguments(); len(common) != 0 {
		t.Errorf("full schemas have %d descriptions told elsewhere, want none", len(common))
	}
}

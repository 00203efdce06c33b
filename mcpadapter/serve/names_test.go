package serve

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestNamesAndModesAreWrittenAsTheyAreRead(t *testing.T) {
	for _, text := range []string{"auto", "dots", "underscore", "short"} {
		n := names{fixed: true, style: mcpadapter.NamesShort}
		if err := n.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		got, err := n.MarshalText()
		if string(got) != text || err != nil {
			t.Errorf("got %s and %v, want %s", got, err, text)
		}
		for client, auto := range map[string]mcpadapter.NameStyle{
			"claude-ai": mcpadapter.NamesUnderscore, "cursor-vscode": mcpadapter.NamesShort, "": mcpadapter.NamesShort,
		} {
			if style := n.styleFor(client); style.String() != text && (text != "auto" || style != auto) {
				t.Errorf("%s: %q gets %v", text, client, style)
			}
		}
	}
	for _, text := range []string{"", "Dots", "auto ", "dot", "none"} {
		n := names{fixed: true, style: mcpadapter.NamesShort}
		if err := n.UnmarshalText([]byte(text)); err == nil || n != (names{fixed: true, style: mcpadapter.NamesShort}) {
			t.Errorf("%q: got %v and %v, want an error and nothing changed", text, n, err)
		}
	}
	for text, want := range map[string]mode{"direct": modeDirect, "dynamic": modeDynamic} {
		var m mode
		if err := m.UnmarshalText([]byte(text)); err != nil || m != want {
			t.Errorf("%s: got %d and %v, want %d", text, m, err, want)
		}
		if got, err := m.MarshalText(); string(got) != text || err != nil {
			t.Errorf("%s: got %s and %v", text, got, err)
		}
	}
	for _, text := range []string{"", "Direct", "dynamic ", strings.Repeat("x", 50)} {
		m := modeDynamic
		err := m.UnmarshalText([]byte(text))
		if err == nil || m != modeDynamic || len(err.Error()) > 80 {
			t.Errorf("%q: got %d and %v, want a short error and nothing changed", text, m, err)
		}
	}
}

package main

import "testing"

func TestAConfigurationHasTheOptionsOfItsDescription(t *testing.T) {
	const plain = "package: teas\noutput: teas/client.gen.go\ngenerate: {models: true, client: true}\n"
	for want, s := range map[string]setting{
		plain: {},
		plain + "output-options:\n  skip-prune: true\n":                                       {output: []string{keepUnused}},
		plain + "compatibility:\n  always-prefix-enum-values: true\n":                         {compatibility: []string{prefixEnums}},
		plain + "output-options:\n  skip-prune: true\n  resolve-type-name-collisions: true\n": {output: []string{keepUnused, resolveCollisions}},
	} {
		if got := s.configuration("teas"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTheMatrixNamesAllOptions(t *testing.T) {
	s := setting{compatibility: []string{prefixEnums}, output: []string{keepUnused}, add: "type A = int"}
	if got, want := s.words(), "always-prefix-enum-values, skip-prune, two type aliases added"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

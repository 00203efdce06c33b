package main

import (
	"bytes"
	"testing"
)

func TestQuickstartRunsInTheSandbox(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), &out, "", true); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "created Acme\nlisted Acme\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestQuickstartNeedsAKey(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), &out, "", false); err == nil || out.Len() > 0 {
		t.Errorf("got %v and %q, want an error alone", err, out.String())
	}
}

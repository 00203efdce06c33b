package parcel

import (
	"testing"
	"time"
)

func TestCheck(t *testing.T) {
	if err := Check(20, false, false); err != nil {
		t.Errorf("20 kg: %v", err)
	}
	if err := Check(21, false, false); err != ErrHeavy {
		t.Errorf("21 kg: %v", err)
	}
	if err := Check(1, true, false); err == nil || err.Error() != "not insured" {
		t.Errorf("fragile: %v", err)
	}
}

func TestZone(t *testing.T) {
	for country, want := range map[string]time.Duration{"de": 24 * time.Hour, "us": 96 * time.Hour, "xx": 0} {
		if zone, took := Zone(country); took != want || zone == "" {
			t.Errorf("%s: %s, %s", country, zone, took)
		}
	}
}

func TestKind(t *testing.T) {
	if Kind(1) != "int" || Kind("x") != "string x" || Kind(nil) != "" {
		t.Error("kind")
	}
}

func TestWait(t *testing.T) {
	c := make(chan struct{})
	close(c)
	Wait(c)
}

func TestFails(t *testing.T) { t.Error("with or without mutants") }

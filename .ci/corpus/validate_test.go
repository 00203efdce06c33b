package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWhatTheProgramPrintsIsReadAndJudged(t *testing.T) {
	m, _ := newMock(t)
	b := &builder{work: t.TempDir()}
	const program = "#!/bin/sh\n" +
		`echo '{"Tool":"'$1.$2'","Variant":"required","Failure":"a: is required"}'` + "\n" +
		`echo '{"Tool":"b","Variant":"everything","Exchange":0}'` + "\n"
	if err := os.WriteFile(filepath.Join(b.work, "probe"), []byte(program), 0o700); err != nil {
		t.Fatal(err)
	}
	m.exchanges = []*exchange{{}}
	got, err := b.call("alone", "teas", m)
	if err != nil || len(got) != 2 || got[0].Tool != "alone.teas" || got[0].verdict != refused || got[1].verdict != accepted {
		t.Errorf("got %+v, %v, want a call that is not sent and one that is accepted", got, err)
	}
}

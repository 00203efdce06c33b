package mcpadapter

import (
	"crypto/rand"
	"sync"
	"time"
)

// Limits of what is remembered of programs that wait for a confirmation.
const (
	maxJournals     = 64
	maxJournalBytes = 4 << 20  // of the results in one
	maxKeptBytes    = 32 << 20 // of those in all
)

// journal is what a program did before its last call that changes something, for when it is run again.
type journal struct {
	entries map[int]*journalEntry // by the ID of the call
	bytes   int                   // of the results
}

// journalEntry is one call that was made, with its result.
type journalEntry struct {
	operation string
	sent      []byte
	result    ProgramResult
	line      string
	round     int // calls with the same number got their results together
}

// journalID identifies a journal that is remembered. The zero value is none.
type journalID [16]byte

// journals remembers journals until they expire. It is safe for concurrent use.
type journals struct {
	mu   sync.Mutex
	kept map[journalID]keptJournal
}

// bytes returns the size of all that are remembered.
func (j *journals) bytes() int {
	n := 0
	for _, kept := range j.kept {
		n += kept.journal.bytes
	}
	return n
}

type keptJournal struct {
	journal *journal
	expires time.Time
}

// put remembers a journal. It returns the zero ID for an empty one, and false if there are too many others.
func (j *journals) put(made *journal, expires time.Time) (id journalID, ok bool) {
	if made == nil || len(made.entries) == 0 {
		return id, true
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	now := time.Now()
	for id, kept := range j.kept {
		if !now.Before(kept.expires) {
			delete(j.kept, id)
		}
	}
	if len(j.kept) >= maxJournals || j.bytes()+made.bytes > maxKeptBytes {
		return id, false
	}
	if j.kept == nil {
		j.kept = map[journalID]keptJournal{}
	}
	_, _ = rand.Read(id[:]) // never fails
	j.kept[id] = keptJournal{made, expires}
	return id, true
}

// get returns a journal: an empty one for the zero ID, and nil for one that is not remembered.
func (j *journals) get(id journalID) *journal {
	if id == (journalID{}) {
		return &journal{}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	kept, ok := j.kept[id]
	if !ok || !time.Now().Before(kept.expires) {
		return nil
	}
	return kept.journal
}

// forget forgets a journal whose confirmation is used up.
func (j *journals) forget(id journalID) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.kept, id)
}

package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sort"
)

// savedEnvironment is the JSON form of an environment, or of what a transaction changed in it.
type savedEnvironment struct {
	Index   int           `json:"index"`
	Key     string        `json:"key,omitempty"`
	Seed    uint64        `json:"seed"`
	Random  []byte        `json:"random"` // the state of the generator
	Last    int           `json:"last"`   // sequence number
	Kinds   []string      `json:"kinds,omitempty"`
	Records []savedRecord `json:"records,omitempty"`
	Gone    []savedRecord `json:"gone,omitempty"` // removed records, whose cursors stay valid
}

// savedRecord is the JSON form of a record. A kind that the API does not know begins with internalPrefix.
type savedRecord struct {
	Kind   string            `json:"kind"`
	ID     string            `json:"id"`
	Seq    int               `json:"seq"`
	Hidden bool              `json:"hidden,omitempty"`
	Fields json.RawMessage   `json:"fields,omitempty"`
	Raw    map[string]string `json:"raw,omitempty"` // fields that are JSON texts, whose order matters
}

// internalPrefix begins the saved names of kinds that the API does not know.
const internalPrefix = "/.."

func savedKind(k *kind) string {
	if k.internal {
		return internalPrefix + k.name
	}
	return k.name
}

// kindNamed finds a kind by its saved name, or returns nil.
func (s *store) kindNamed(ix *index, name string) *kind {
	for _, k := range s.own.all() {
		if savedKind(k) == name {
			return k
		}
	}
	return ix.kinds[name]
}

func saveRecord(r *record) savedRecord {
	saved := savedRecord{Kind: savedKind(r.kind), ID: r.id, Seq: r.seq, Hidden: r.hidden}
	fields := r.fields
	for name, v := range r.fields {
		text, ok := v.(raw)
		if !ok {
			continue
		}
		if saved.Raw == nil {
			saved.Raw, fields = map[string]string{}, maps.Clone(r.fields)
		}
		saved.Raw[name] = string(text)
		delete(fields, name)
	}
	saved.Fields = encode(fields)
	return saved
}

// head returns the saved form of an environment without its records.
func (env *environment) head(i int) savedEnvironment {
	random, _ := env.store.random.MarshalBinary() // never fails
	return savedEnvironment{Index: i, Key: env.key, Seed: env.seed, Random: random, Last: env.store.last}
}

// save returns the saved form of an environment.
func (env *environment) save(i int) savedEnvironment {
	saved := env.head(i)
	for _, k := range env.store.kinds {
		t := env.store.tables[k]
		saved.Kinds = append(saved.Kinds, savedKind(k))
		for _, r := range env.store.all(k) {
			saved.Records = append(saved.Records, saveRecord(r))
		}
		for id, seq := range t.gone {
			saved.Gone = append(saved.Gone, savedRecord{Kind: savedKind(k), ID: id, Seq: seq})
		}
	}
	sortSaved(saved.Gone)
	return saved
}

// saveChanges returns the saved form of what the open transaction changed.
func (env *environment) saveChanges(i int) savedEnvironment {
	saved := env.head(i)
	for r := range env.store.changed {
		if r.removed {
			saved.Gone = append(saved.Gone, savedRecord{Kind: savedKind(r.kind), ID: r.id, Seq: r.seq})
		} else {
			saved.Records = append(saved.Records, saveRecord(r))
		}
	}
	sortSaved(saved.Gone)
	sortSaved(saved.Records)
	return saved
}

func sortSaved(list []savedRecord) {
	sort.Slice(list, func(i, j int) bool { return list[i].Seq < list[j].Seq })
}

// load brings an environment to a saved state, or by what a transaction changed. After an error the environment must
// not be used.
func (env *environment) load(ix *index, saved savedEnvironment) error {
	s := env.store
	if err := s.random.UnmarshalBinary(saved.Random); err != nil {
		return fmt.Errorf("environment %d: random: %w", saved.Index, err)
	}
	s.last, env.key, env.seed = max(s.last, saved.Last), saved.Key, saved.Seed
	for _, name := range saved.Kinds {
		k := s.kindNamed(ix, name)
		if k == nil {
			return fmt.Errorf("environment %d: unknown type %q", saved.Index, name)
		}
		s.table(k)
	}
	for _, r := range saved.Gone {
		if err := s.loadGone(ix, r); err != nil {
			return fmt.Errorf("environment %d: %s %q: %w", saved.Index, r.Kind, r.ID, err)
		}
	}
	for _, r := range saved.Records {
		if err := s.loadRecord(ix, r); err != nil {
			return fmt.Errorf("environment %d: %s %q: %w", saved.Index, r.Kind, r.ID, err)
		}
	}
	s.commit()
	return nil
}

func (s *store) loadGone(ix *index, saved savedRecord) error {
	k, err := s.checkSaved(ix, saved)
	if err != nil {
		return err
	}
	if r := s.get(k, saved.ID); r != nil {
		s.drop(r)
	}
	s.table(k).gone[saved.ID] = saved.Seq
	return nil
}

func (s *store) loadRecord(ix *index, saved savedRecord) error {
	k, err := s.checkSaved(ix, saved)
	if err != nil {
		return err
	}
	v, err := decode(saved.Fields)
	if err != nil {
		return err
	}
	fields, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("fields: want an object, got %s", saved.Fields)
	}
	for name, text := range saved.Raw {
		if !json.Valid([]byte(text)) {
			return fmt.Errorf("raw: %s: not JSON", name)
		}
		fields[name] = raw(text)
	}
	if old := s.get(k, saved.ID); old != nil {
		if old.seq != saved.Seq {
			return fmt.Errorf("sequence number %d: another has the ID", saved.Seq)
		}
		s.replace(old, fields)
		old.hidden = saved.Hidden
		return nil
	}
	s.insert(&record{kind: k, id: saved.ID, seq: saved.Seq, hidden: saved.Hidden, fields: fields})
	return nil
}

func (s *store) checkSaved(ix *index, saved savedRecord) (*kind, error) {
	k := s.kindNamed(ix, saved.Kind)
	switch {
	case k == nil:
		return nil, fmt.Errorf("unknown type %q", saved.Kind)
	case saved.ID == "":
		return nil, errors.New("no id")
	case saved.Seq < 1 || saved.Seq > s.last:
		return nil, fmt.Errorf("sequence number %d: want 1 to %d", saved.Seq, s.last)
	}
	return k, nil
}

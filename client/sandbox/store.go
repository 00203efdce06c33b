package sandbox

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// record is a thing that the sandbox keeps.
type record struct {
	kind   *kind
	id     string // never empty, also where the kind's views have no ID
	seq    int    // order of creation
	hidden bool   // whether it belongs to something that its views do not show
	fields map[string]any
}

func (r *record) text(field string) string { return text(r.fields[field]) }

// store holds the content. It is not safe for concurrent use.
type store struct {
	random  *rand.ChaCha8
	last    int
	records map[*kind][]*record // in the order of creation
	byID    map[*kind]map[string]*record
	seqs    map[*kind]map[string]int // also of what was deleted, as cursors outlive it
	links   map[[2]string]bool
	singles map[string]map[string]any // by path
	seeded  map[string]bool
	keys    map[string]dataKey // by encrypted_keys
}

func newStore(seed uint64) *store {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return &store{
		random:  rand.NewChaCha8(key),
		records: map[*kind][]*record{},
		byID:    map[*kind]map[string]*record{},
		seqs:    map[*kind]map[string]int{},
		links:   map[[2]string]bool{},
		singles: map[string]map[string]any{},
		seeded:  map[string]bool{},
		keys:    map[string]dataKey{},
	}
}

func (s *store) add(r *record) {
	s.last++
	r.seq = s.last
	k := r.kind
	s.records[k] = append(s.records[k], r)
	if s.byID[k] == nil {
		s.byID[k], s.seqs[k] = map[string]*record{}, map[string]int{}
	}
	s.byID[k][r.id], s.seqs[k][r.id] = r, r.seq
}

func (s *store) get(k *kind, id string) *record { return s.byID[k][id] }

// find returns the thing of that ID of whatever kind, or nil.
func (s *store) find(id string) *record {
	for _, byID := range s.byID {
		if r := byID[id]; r != nil {
			return r
		}
	}
	return nil
}

// remove deletes a thing with all that belongs to it.
func (s *store) remove(r *record) {
	delete(s.byID[r.kind], r.id)
	s.records[r.kind] = slices.DeleteFunc(s.records[r.kind], func(o *record) bool { return o == r })
	for link := range s.links {
		if link[0] == r.id || link[1] == r.id {
			delete(s.links, link)
		}
	}
	for _, child := range s.children(r) {
		s.remove(child)
	}
}

// children lists what cannot be without a thing.
func (s *store) children(r *record) []*record {
	var found []*record
	for _, records := range s.records {
		for _, child := range records {
			if pointsTo(child, r) == yes || nestedUnder(child, r) {
				found = append(found, child)
			}
		}
	}
	return found
}

// nestedUnder tells whether a thing is below another of its kind, as parent_resource_id says.
func nestedUnder(child, r *record) bool {
	return slices.ContainsFunc(r.kind.pointers, func(p string) bool {
		return child.kind == r.kind && child.fields["parent_"+p] == r.id
	})
}

// relation is whether a thing belongs to another, as far as it says so.
type relation int

const (
	unknown relation = iota
	yes
	no
)

// pointsTo tells whether a thing names another as the one that it belongs to, or names another one of that kind.
func pointsTo(r, parent *record) relation {
	for _, p := range parent.kind.pointers {
		switch id := r.fields[p].(type) {
		case string:
			if id == parent.id {
				return yes
			}
			return no
		default:
		}
	}
	return unknown
}

func (s *store) link(a, b string) { s.links[[2]string{a, b}] = true }

func (s *store) unlink(a, b string) { delete(s.links, [2]string{a, b}) }

func (s *store) linked(a, b string) bool { return s.links[[2]string{a, b}] || s.links[[2]string{b, a}] }

// joined lists the things of a kind that stand beside another in some third: the users of an organization's
// memberships.
func (s *store) joined(r *record, k *kind) map[string]bool {
	ids := map[string]bool{}
	for _, records := range s.records {
		for _, other := range records {
			if pointsTo(other, r) != yes {
				continue
			}
			for _, p := range k.pointers {
				ids[other.text(p)] = true // no ID is empty
			}
		}
	}
	return ids
}

// crockford is the alphabet of ULIDs.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newID returns prefix and a new ULID; without a prefix, a version 4 UUID (RFC 9562 section 5.4).
func (s *store) newID(prefix string, now time.Time) string {
	if prefix == "" {
		return s.newUUID()
	}
	const timeChars, randomChars, bits = 10, 16, 5
	b := make([]byte, 0, len(prefix)+timeChars+randomChars)
	b = append(b, prefix...)
	ms := uint64(max(0, now.UnixMilli()))
	for i := timeChars - 1; i >= 0; i-- {
		b = append(b, crockford[ms>>(bits*i)&(1<<bits-1)])
	}
	return string(b) + s.newSecret(randomChars)
}

func (s *store) newUUID() string {
	const version, variant = 0x4000, 0x8000000000000000
	hi, lo := s.random.Uint64(), s.random.Uint64()
	hi = hi&^0xf000 | version
	lo = lo&^0xc000000000000000 | variant
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xffff, hi&0xffff, lo>>48, lo&0xffffffffffff)
}

// newBytes returns n random bytes.
func (s *store) newBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = s.random.Read(b) // never fails
	return b
}

// newSecret returns n random characters.
func (s *store) newSecret(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = crockford[s.random.Uint64()%uint64(len(crockford))]
	}
	return string(b)
}

package vault

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// Sizes common to all layouts, in bytes.
const (
	tagSize        = 16
	maxKeys        = 1 << 16 // the API's are under 200
	maxKeysLength  = 3       // of maxKeys in LEB128
	nonceSize      = 12      // NIST SP 800-38D section 5.2.1.1
	nonceSizeFirst = 32      // of the first releases of other SDKs
)

// Layout is the order of the parts of a blob, see [WithLayout].
type Layout uint8

const (
	// NonceFirst is the default: the SDKs for Node, Python and Ruby read it.
	NonceFirst Layout = iota
	// KeysFirst is the layout of newer releases of workos-go, and of the SDK for Rust.
	KeysFirst
	// LongNonceFirst is the layout, with a nonce of 32 bytes, of the first releases of workos-go with Vault.
	LongNonceFirst
)

// layout describes a [Layout]:
//
//	keys first:   LEB128(len) ‖ encrypted keys ‖ nonce ‖ ciphertext ‖ tag
//	nonce first:  nonce ‖ tag ‖ LEB128(len) ‖ encrypted keys ‖ ciphertext
type layout struct {
	name      string
	nonce     int
	keysFirst bool
}

// layouts returns the layouts of this and other SDKs, indexed by Layout.
func layouts() []layout {
	return []layout{
		{name: "nonce first", nonce: nonceSize},
		{name: "keys first", nonce: nonceSize, keysFirst: true},
		{name: "32-byte nonce first", nonce: nonceSizeFirst},
	}
}

// keysMark is the prefix of encrypted keys of the API.
const keysMark = "WOS.EKM."

// blob is a parsed blob. All parts are slices of one buffer.
type blob struct {
	keys       []byte
	nonce      []byte
	ciphertext []byte
	tag        []byte
}

// decode returns the bytes of a blob, with capacity for another tag.
func decode(text string) ([]byte, error) {
	if strings.HasPrefix(text, magic[:magicName]) {
		return nil, fmt.Errorf("%w: a stream: use DecryptFrom", ErrFormat)
	}
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(text))+tagSize)
	n, err := base64.StdEncoding.Decode(raw, []byte(text))
	if err == nil {
		return raw[:n], nil
	}
	const group = 4
	clean := strings.NewReplacer("\n", "", "\r", "").Replace(text)
	if _, inside := base64.StdEncoding.DecodeString(clean[:len(clean)/group*group]); inside == nil {
		return nil, fmt.Errorf("%w: the Base64 ends within a group of %d characters", ErrTruncated, group)
	}
	return nil, fmt.Errorf("%w: %w (RFC 4648 section 4)", ErrFormat, err)
}

// parse returns the possible readings of the bytes, the most likely first, or an error if there is none. A reading
// whose keys have the API's mark is the only one, because 64 bits do not match by chance.
func parse(raw []byte) ([]blob, error) {
	var readings []blob
	var failure error
	for _, l := range layouts() {
		b, marked, err := l.parse(raw)
		switch {
		case marked && err != nil:
			return nil, err
		case marked:
			return []blob{b}, nil
		case err != nil:
			if failure == nil {
				failure = err
			}
		default:
			readings = append(readings, b)
		}
	}
	if len(readings) == 0 {
		return nil, failure
	}
	return readings, nil
}

// parse reads the parts of the layout and reports whether the keys have the API's mark.
func (l layout) parse(raw []byte) (b blob, marked bool, err error) {
	r := parts{rest: raw, layout: l.name}
	if !l.keysFirst {
		b.nonce, b.tag = r.next("nonce", l.nonce), r.next("tag", tagSize)
	}
	length := r.length()
	marked = r.err == nil && bytes.HasPrefix(r.rest, []byte(keysMark))
	b.keys = r.next("encrypted keys", length)
	if l.keysFirst {
		b.nonce = r.next("nonce", l.nonce)
		b.tag = r.last("tag", tagSize)
	}
	b.ciphertext = r.rest
	return b, marked, r.err
}

// parts reads one part after another from the bytes of a blob. After an error it reads nothing.
type parts struct {
	rest   []byte
	layout string
	err    error
}

func (p *parts) next(what string, size int) []byte {
	if !p.has(what, size) {
		return nil
	}
	part := p.rest[:size:size]
	p.rest = p.rest[size:]
	return part
}

func (p *parts) last(what string, size int) []byte {
	if !p.has(what, size) {
		return nil
	}
	part := p.rest[len(p.rest)-size:]
	p.rest = p.rest[:len(p.rest)-size]
	return part
}

func (p *parts) has(what string, size int) bool {
	if p.err == nil && len(p.rest) < size {
		p.err = fmt.Errorf("%w: %d bytes are left for the %s, which has %d (layout %s)",
			ErrTruncated, len(p.rest), what, size, p.layout)
	}
	return p.err == nil
}

// length reads the length of the encrypted keys.
func (p *parts) length() int {
	if p.err != nil {
		return 0
	}
	length, n := binary.Uvarint(p.rest[:min(len(p.rest), maxKeysLength)])
	switch {
	case n <= 0 && len(p.rest) < maxKeysLength:
		p.err = fmt.Errorf("%w: it ends within the length of the encrypted keys (layout %s)", ErrTruncated, p.layout)
	case length == 0 || length > maxKeys: // 0 where n is
		p.err = fmt.Errorf("%w: encrypted keys of a length other than 1 to %d bytes (layout %s)",
			ErrFormat, maxKeys, p.layout)
	default:
		p.rest = p.rest[n:]
		return int(length)
	}
	return 0
}

// text returns the blob as Base64 with padding (RFC 4648 section 4), in the layout if that has nonces of this size,
// else with the nonce first.
func (b blob) text(l Layout) string {
	length := binary.AppendUvarint(nil, uint64(len(b.keys)))
	if l == KeysFirst && len(b.nonce) == nonceSize {
		return encode(slices.Concat(length, b.keys, b.nonce, b.ciphertext, b.tag))
	}
	return encode(slices.Concat(b.nonce, b.tag, length, b.keys, b.ciphertext))
}

package vault

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const (
	cutLength   = "ends within the length"
	badLength   = "of a length other than 1 to 65536 bytes"
	headWasCut  = "the stream ends in its head"
	streamBytes = "which begins with the bytes 89574f5356530a01"
)

// lengths are the lengths of encrypted keys in LEB128, and what a blob and a stream read of them.
func lengths() []lengthCase {
	return []lengthCase{
		{bytes: nil, inBlob: cutLength, inStream: headWasCut},
		{bytes: []byte{0x80}, inBlob: cutLength, inStream: headWasCut},
		{bytes: []byte{0xff, 0xff}, inBlob: cutLength, inStream: headWasCut},
		{bytes: []byte{0x80, 0x80, 0x80}, inBlob: badLength, inStream: badLength},
		{bytes: []byte{0x80, 0x80, 0x80, 1}, inBlob: badLength, inStream: badLength, rest: 1},
		{bytes: []byte{0}, inBlob: badLength, inStream: badLength},
		{bytes: []byte{0, 1, 1, 1}, inBlob: badLength, inStream: badLength, rest: 3},
		{bytes: []byte{0x80, 0}, inBlob: badLength, inStream: badLength},
		{bytes: []byte{0x80, 0x80, 0}, inBlob: badLength, inStream: badLength},
		{bytes: []byte{0x81, 0x80, 4}, inBlob: badLength, inStream: badLength},
		{bytes: []byte{0xff, 0xff, 0x7f}, inBlob: badLength, inStream: badLength},
		{bytes: []byte{1}, want: 1},
		{bytes: []byte{2, 9}, want: 2, rest: 1},
		{bytes: []byte{0x7f, 9, 9}, want: 127, rest: 2},
		{bytes: []byte{0x80, 1}, want: 128},
		{bytes: []byte{0x80, 1, 9, 9}, want: 128, rest: 2},
		{bytes: []byte{0xff, 0x7f}, want: 1<<14 - 1},
		{bytes: []byte{0x80, 0x80, 1}, want: 1 << 14},
		{bytes: []byte{0xff, 0xff, 3}, want: 1<<16 - 1},
		{bytes: []byte{0x80, 0x80, 4, 9}, want: 1 << 16, rest: 1},
	}
}

type lengthCase struct {
	bytes            []byte
	want, rest       int // rest is what is not read
	inBlob, inStream string
}

// isOf reports whether an error says that, as the error of its kind; "" is no error.
func isOf(err error, says string) bool {
	if says == "" || err == nil {
		return says == "" && err == nil
	}
	kind := ErrFormat
	if says == cutLength || says == headWasCut || strings.Contains(says, "are left for") {
		kind = ErrTruncated
	}
	return errors.Is(err, kind) && strings.Contains(err.Error(), says)
}

func TestLengthOfTheKeysOfABlob(t *testing.T) {
	for _, test := range lengths() {
		p := parts{rest: test.bytes, layout: "any"}
		got := p.length()
		if got != test.want || !isOf(p.err, test.inBlob) {
			t.Errorf("%x: got %d, %v; want %d, %s", test.bytes, got, p.err, test.want, test.inBlob)
		}
		if p.err == nil && len(p.rest) != test.rest {
			t.Errorf("%x: got %d bytes left, want %d", test.bytes, len(p.rest), test.rest)
		}
	}
}

func TestPartsOfABlobEndAtTheFirstFailure(t *testing.T) {
	p := parts{rest: []byte("abcdef"), layout: "any"}
	for _, step := range []struct {
		name       string
		take       func() []byte
		want, rest string
		err        string
	}{
		{"next", func() []byte { return p.next("a", 1) }, "a", "bcdef", ""},
		{"last", func() []byte { return p.last("f", 1) }, "f", "bcde", ""},
		{"nothing", func() []byte { return p.next("nothing", 0) }, "", "bcde", ""},
		{"all but one", func() []byte { return p.next("b", 3) }, "bcd", "e", ""},
		{"too much", func() []byte { return p.next("rest", 2) }, "", "e", "1 bytes are left for the rest, which has 2"},
		{"next after it", func() []byte { return p.next("e", 1) }, "", "e", "for the rest"},
		{"last after it", func() []byte { return p.last("e", 1) }, "", "e", "for the rest"},
		{"length after it", func() []byte { return make([]byte, p.length()) }, "", "e", "for the rest"},
	} {
		got := step.take()
		says := fmt.Sprint(p.err)
		if string(got) != step.want || string(p.rest) != step.rest || (p.err != nil) != (step.err != "") ||
			!strings.Contains(says, step.err) {
			t.Errorf("%s: got %q, %q left, %s; want %q, %q, %s", step.name, got, p.rest, says, step.want, step.rest, step.err)
		}
		if cap(got) > len(got) && step.name != "last" {
			t.Errorf("%s: got room for %d bytes, which are those of the next part", step.name, cap(got))
		}
	}
	p = parts{rest: []byte("ab"), layout: "any"}
	if got := p.last("tag", 3); got != nil || !isOf(p.err, "2 bytes are left for the tag, which has 3 (layout any)") {
		t.Errorf("a tag of 3 of 2 bytes: got %q, %v", got, p.err)
	}
	p = parts{rest: []byte("ab"), layout: "any"}
	if got := p.last("tag", 2); string(got) != "ab" || p.err != nil || len(p.rest) != 0 {
		t.Errorf("a tag of all bytes: got %q, %v", got, p.err)
	}
}

// A blob ends after any of its bytes, in each layout.
func TestReadingsOfABlobThatEndsEarly(t *testing.T) {
	keys := append([]byte(keysMark), bytes.Repeat([]byte{7}, 120)...) // 128 bytes, whose length takes 2
	length := []byte{0x80, 1}
	for _, l := range layouts() {
		nonce, tag := bytes.Repeat([]byte{1}, l.nonce), bytes.Repeat([]byte{2}, tagSize)
		want := blob{keys: keys, nonce: nonce, tag: tag, ciphertext: []byte("text")}
		raw := slices.Concat(nonce, tag, length, keys, want.ciphertext)
		if l.keysFirst {
			raw = slices.Concat(length, keys, nonce, want.ciphertext, tag)
		}
		for n := range len(raw) + 1 {
			b, marked, err := l.parse(raw[:n])
			whole := n >= len(raw)-len(want.ciphertext)
			if (err == nil) != whole || err != nil && !errors.Is(err, ErrTruncated) {
				t.Errorf("%s, %d of %d bytes: got %v", l.name, n, len(raw), err)
			}
			mark := slices.Index(raw, 'W') + len(keysMark)
			if marked != (n >= mark) {
				t.Errorf("%s, %d bytes: got marked %t, want it from %d bytes on", l.name, n, marked, mark)
			}
			if n < len(raw) {
				continue
			}
			if !bytes.Equal(b.keys, want.keys) || !bytes.Equal(b.nonce, want.nonce) || !bytes.Equal(b.tag, want.tag) ||
				!bytes.Equal(b.ciphertext, want.ciphertext) {
				t.Errorf("%s: got %+v, want %+v", l.name, b, want)
			}
			if readings, err := parse(raw); err != nil || len(readings) != 1 || !bytes.Equal(readings[0].tag, want.tag) {
				t.Errorf("%s: got %d readings, %v; want one", l.name, len(readings), err)
			}
		}
	}
}

func TestStreamIsDistinguishedFromABlob(t *testing.T) {
	const stream = "a stream: use DecryptFrom"
	for text, says := range map[string]string{
		magic: stream, magic + "rest": stream, magic[:magicName]: stream, magic[:magicName] + "\x02": stream,
		magic[:magicName-1]: "illegal base64 data", magic[:magicName-1] + "x": "illegal base64 data",
	} {
		if raw, err := decode(text); raw != nil || !isOf(err, says) {
			t.Errorf("%q: got %x, %v; want %s", text, raw, err, says)
		}
	}
	for _, text := range []string{"Y", "YW", "YWJ", "YWJjY", "YWJjYW", "YWJjYWJ", "YWJj\nYWJjYW", "YWJjYWJjYWJjYWJjY"} {
		if raw, err := decode(text); raw != nil || !errors.Is(err, ErrTruncated) || errors.Is(err, ErrFormat) {
			t.Errorf("%q: got %x, %v; want ErrTruncated", text, raw, err)
		}
	}
	for _, text := range []string{"Y!Jj", "Y!JjY", "YWJjYWJjYWJjYWJjYW!jY", "YWJjYWJjYWJj!WJjYWJjYWJjY"} {
		if raw, err := decode(text); raw != nil || !errors.Is(err, ErrFormat) || errors.Is(err, ErrTruncated) {
			t.Errorf("%q: got %x, %v; want ErrFormat", text, raw, err)
		}
	}
	raw, err := decode("YWJj")
	if err != nil || string(raw) != "abc" || cap(raw) < len(raw)+tagSize {
		t.Errorf("got %q, %v with room for %d bytes; want abc and room for a tag", raw, err, cap(raw)-len(raw))
	}
}

package vault

import (
	"bytes"
	"errors"
	"testing"
)

func TestDataKeysAreOverwrittenOnceTheyAreUsed(t *testing.T) {
	for name, use := range map[string]func(dataKey) error{
		"to encrypt":  func(k dataKey) error { _, err := k.sealer(); return err },
		"to decrypt":  func(k dataKey) error { _, err := k.opener(nonceSize); return err },
		"in a stream": func(k dataKey) error { _, err := k.stream(make([]byte, saltSize), nil); return err },
	} {
		key := dataKey{plain: bytes.Repeat([]byte{7}, keySize)}
		if err := use(key); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Equal(key.plain, make([]byte, keySize)) {
			t.Errorf("%s: got a key that is still there, want zeros", name)
		}
	}
}

func TestDataKeyOfAnotherSizeIsOfNoUse(t *testing.T) {
	for _, size := range []int{0, 1, 31, 33} {
		for name, use := range map[string]func(dataKey) error{
			"to encrypt": func(k dataKey) error { _, err := k.sealer(); return err },
			"to decrypt": func(k dataKey) error { _, err := k.opener(nonceSize); return err },
		} {
			key := dataKey{plain: bytes.Repeat([]byte{7}, size)}
			if err := use(key); !errors.Is(err, ErrDataKey) || !bytes.Equal(key.plain, make([]byte, size)) {
				t.Errorf("%d bytes, %s: got %v and the key %x, want ErrDataKey and zeros", size, name, err, key.plain)
			}
		}
	}
	key := dataKey{plain: bytes.Repeat([]byte{7}, keySize)}
	if aead, err := key.opener(0); aead != nil || !errors.Is(err, ErrDataKey) {
		t.Errorf("nonce of no bytes: got %v, %v; want ErrDataKey", aead, err)
	}
}

func TestDataKeysAreOfTheirSize(t *testing.T) {
	for size, good := range map[int]bool{0: false, 16: false, 31: false, 32: true, 33: false, 64: false} {
		k, err := newDataKey(encode(make([]byte, size)), encode([]byte("keys")))
		if good != (err == nil) || good != (len(k.plain) == size && string(k.encrypted) == "keys") {
			t.Errorf("key of %d bytes: got %v, %v; want it taken: %t", size, k, err, good)
		}
		if !good && (!errors.Is(err, ErrDataKey) || k.plain != nil || k.encrypted != nil) {
			t.Errorf("key of %d bytes: got %v, %v; want ErrDataKey alone", size, k, err)
		}
	}
	for size, good := range map[int]bool{0: false, 1: true, maxKeys - 1: true, maxKeys: true, maxKeys + 1: false} {
		keys, err := decodeKeys(encode(make([]byte, size)))
		if good != (err == nil) || good != (len(keys) == size && size > 0) || !good && !errors.Is(err, ErrDataKey) {
			t.Errorf("encrypted keys of %d bytes: got %d, %v; want them taken: %t", size, len(keys), err, good)
		}
	}
}

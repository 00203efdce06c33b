package vault

import (
	"crypto/rand"
	"encoding/binary"
	"slices"
)

// sealKeysFirst returns a blob with the keys first: they precede what the AEAD writes.
func (k cachedKey) sealKeysFirst(plaintext, associatedData []byte) []byte {
	length := binary.AppendUvarint(nil, uint64(len(k.encrypted)))
	head := len(length) + len(k.encrypted)
	raw := make([]byte, 0, head+nonceSize+len(plaintext)+tagSize)
	raw = append(append(raw, length...), k.encrypted...)
	return k.aead.Seal(raw, nil, plaintext, associatedData) //nolint:gosec // see sealer
}

// sealLong returns a blob with a random nonce of 32 bytes first, for an AEAD of longSealer.
func (k cachedKey) sealLong(plaintext, associatedData []byte) []byte {
	nonce := make([]byte, nonceSizeFirst)
	_, _ = rand.Read(nonce) // does not fail, see its documentation
	sealed := k.aead.Seal(nil, nonce, plaintext, associatedData)
	tag := sealed[len(plaintext):]
	length := binary.AppendUvarint(nil, uint64(len(k.encrypted)))
	return slices.Concat(nonce, tag, length, k.encrypted, sealed[:len(plaintext)])
}

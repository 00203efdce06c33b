package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// The format of streams; see the package documentation.
const (
	magic     = "\x89WOSVS\n\x01" // no Base64 and no text; the last byte is the version
	magicName = len(magic) - 1

	saltSize      = 32
	checkSize     = 16
	headTagSize   = sha256.Size
	frameSize     = 4
	chunkSize     = 1 << 16 // bytes of plaintext
	lastChunk     = 1 << 31 // bit of a frame
	maxChunks     = 1 << 32 // 256 TiB
	infoCheck     = "workos-go vault stream 1: check"
	infoHead      = "workos-go vault stream 1: head"
	infoChunk     = "workos-go vault stream 1: chunk"
	sealedMaximum = chunkSize + tagSize
)

// streamKeys are the derived keys of a stream.
type streamKeys struct {
	check []byte
	tag   []byte
	chunk cipher.AEAD
}

func (k dataKey) stream(salt, associatedData []byte) (streamKeys, error) {
	defer clear(k.plain)
	check, err := hkdf.Key(sha256.New, k.plain, salt, infoCheck, checkSize)
	if err != nil {
		return streamKeys{}, fmt.Errorf("%w: %w", ErrDataKey, err)
	}
	head, err := hkdf.Key(sha256.New, k.plain, salt, infoHead, sha256.Size)
	if err != nil {
		return streamKeys{}, fmt.Errorf("%w: %w", ErrDataKey, err)
	}
	defer clear(head)
	mac := hmac.New(sha256.New, head)
	mac.Write([]byte(magic))
	mac.Write(salt)
	mac.Write(associatedData)
	tag := mac.Sum(nil)
	key, err := hkdf.Key(sha256.New, k.plain, salt, infoChunk+string(tag), keySize)
	if err != nil {
		return streamKeys{}, fmt.Errorf("%w: %w", ErrDataKey, err)
	}
	defer clear(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return streamKeys{}, fmt.Errorf("%w: %w", ErrDataKey, err)
	}
	chunk, err := cipher.NewGCM(block)
	if err != nil {
		return streamKeys{}, fmt.Errorf("%w: %w", ErrDataKey, err)
	}
	return streamKeys{check: check, tag: tag, chunk: chunk}, nil
}

// chunks numbers the chunks of a stream.
type chunks struct {
	aead  cipher.AEAD
	count uint64
}

// nonce returns the nonce of the next chunk. No nonce repeats under a stream's key.
func (c *chunks) nonce() ([]byte, error) {
	if c.count >= maxChunks {
		return nil, fmt.Errorf("%w: the stream has more than %d chunks of %d bytes",
			ErrTooLarge, uint64(maxChunks), chunkSize)
	}
	nonce := make([]byte, nonceSize)
	binary.BigEndian.PutUint64(nonce[nonceSize-8:], c.count)
	c.count++
	return nonce, nil
}

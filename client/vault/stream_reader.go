package vault

import (
	"context"
	"crypto/hmac"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Reader decrypts a stream. It is not safe for concurrent use.
type Reader struct {
	src    io.Reader
	chunks chunks
	frame  [frameSize]byte
	sealed []byte
	plain  []byte // memory of the chunk
	rest   []byte // of the chunk, not yet read
	last   bool
	err    error
}

// DecryptFrom returns a reader of the value that [Vault.EncryptTo] encrypted to what src reads. It reads the head of
// the stream and requests its data key; ctx is for that request.
//
// Read returns only authentic bytes in their order. But an error after them means that the value is incomplete or was
// changed: act on a value only after io.EOF. After an error every call returns it again.
//
// A stream extends to the end of src: trailing bytes are an error. Decrypting needs memory for two chunks of 64 KiB.
func (v *Vault) DecryptFrom(ctx context.Context, src io.Reader, associatedData []byte) (*Reader, error) {
	r, err := v.decryptFrom(ctx, src, associatedData)
	if err != nil {
		return nil, fmt.Errorf("workos/vault: decrypt: %w", err)
	}
	return r, nil
}

func (v *Vault) decryptFrom(ctx context.Context, src io.Reader, associatedData []byte) (*Reader, error) {
	if src == nil {
		return nil, errors.New("src is nil")
	}
	h, err := readHead(src)
	if err != nil {
		return nil, err
	}
	key, err := v.decryptKey(ctx, h.encrypted)
	switch {
	case refused(err):
		return nil, fmt.Errorf("%w: the API rejected the encrypted keys: %w", ErrDataKey, err)
	case err != nil:
		return nil, err
	}
	keys, err := key.stream(h.salt, associatedData)
	switch {
	case err != nil:
		return nil, err
	case !hmac.Equal(keys.check, h.check):
		return nil, fmt.Errorf("%w: it is not that of the stream, or the head of the stream was changed", ErrDataKey)
	case !hmac.Equal(keys.tag, h.tag):
		return nil, fmt.Errorf("%w: %w from those of the encryption, or the head of the stream was changed",
			ErrNotAuthentic, ErrAssociatedData)
	}
	return &Reader{
		src:    src,
		chunks: chunks{aead: keys.chunk},
		sealed: make([]byte, sealedMaximum),
		plain:  make([]byte, 0, chunkSize),
	}, nil
}

// Format writes the type's name for every verb, because a Reader contains plaintext.
func (r *Reader) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, "*vault.Reader") }

// Read decrypts into p.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(r.rest) == 0 && r.err == nil {
		if r.err = r.next(); r.err != nil && !errors.Is(r.err, io.EOF) {
			r.err = fmt.Errorf("workos/vault: decrypt: %w", r.err)
		}
	}
	if len(r.rest) == 0 {
		return 0, r.err
	}
	n := copy(p, r.rest)
	clear(r.rest[:n])
	r.rest = r.rest[n:]
	return n, nil
}

// next decrypts a chunk. After the last one it returns io.EOF.
func (r *Reader) next() error {
	if r.last {
		return r.end()
	}
	where := fmt.Sprintf("chunk %d", r.chunks.count)
	if _, err := io.ReadFull(r.src, r.frame[:]); err != nil {
		return cutOff(where, err)
	}
	frame := binary.BigEndian.Uint32(r.frame[:])
	last, length := frame&lastChunk != 0, int(frame&^lastChunk)
	if length > chunkSize || !last && length < chunkSize {
		return fmt.Errorf("%w: %s is not a chunk of the stream", ErrNotAuthentic, where)
	}
	sealed := r.sealed[:length+tagSize]
	if _, err := io.ReadFull(r.src, sealed); err != nil {
		return cutOff(where, err)
	}
	nonce, err := r.chunks.nonce()
	if err != nil {
		return err
	}
	rest, err := r.chunks.aead.Open(r.plain[:0], nonce, sealed, r.frame[:])
	if err != nil {
		return fmt.Errorf("%w: %s was changed or is out of place", ErrNotAuthentic, where)
	}
	r.rest, r.last = rest, last
	return nil
}

// end checks that nothing follows the stream.
func (r *Reader) end() error {
	switch _, err := io.ReadFull(r.src, r.frame[:1]); {
	case errors.Is(err, io.EOF):
		return io.EOF
	case err != nil:
		return fmt.Errorf("read beyond the stream: %w", err)
	}
	return fmt.Errorf("%w: bytes follow the end of the stream", ErrNotAuthentic)
}

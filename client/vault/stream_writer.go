package vault

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Writer encrypts a stream. It is not safe for concurrent use.
type Writer struct {
	dst    io.Writer
	chunks chunks
	plain  []byte // of the chunk to come
	sealed []byte
	err    error // of what came before
}

var errClosed = errors.New("workos/vault: encrypt: write after Close")

// EncryptTo returns a writer that encrypts a value of any size to dst, for [Vault.DecryptFrom]. Key context and
// associated data are as for [Vault.Encrypt]; the data key is always a new one. ctx is for requesting it.
//
// Close completes the stream: without Close, or after an error, decryption fails with [ErrTruncated]. Close does not
// close dst.
//
//	w, err := v.EncryptTo(ctx, file, keyContext, nil)
//	if err != nil {
//		return err
//	}
//	if _, err := io.Copy(w, src); err != nil {
//		return err
//	}
//	return w.Close()
//
// Encrypting needs memory for two chunks of 64 KiB. Other SDKs do not read the format.
func (v *Vault) EncryptTo(
	ctx context.Context, dst io.Writer, keyContext map[string]string, associatedData []byte,
) (*Writer, error) {
	w, err := v.encryptTo(ctx, dst, keyContext, associatedData)
	if err != nil {
		return nil, fmt.Errorf("workos/vault: encrypt: %w", err)
	}
	return w, nil
}

func (v *Vault) encryptTo(
	ctx context.Context, dst io.Writer, keyContext map[string]string, associatedData []byte,
) (*Writer, error) {
	if dst == nil {
		return nil, errors.New("dst is nil")
	}
	keyContext, err := checkContext(keyContext)
	if err != nil {
		return nil, err
	}
	key, err := v.createKey(ctx, keyContext)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails
	keys, err := key.stream(salt, associatedData)
	if err != nil {
		return nil, err
	}
	h := head{encrypted: key.encrypted, salt: salt, check: keys.check, tag: keys.tag}
	if err := writeAll(dst, h.bytes()); err != nil {
		return nil, fmt.Errorf("write the head of the stream: %w", err)
	}
	return &Writer{
		dst:    dst,
		chunks: chunks{aead: keys.chunk},
		plain:  make([]byte, 0, chunkSize),
		sealed: make([]byte, 0, frameSize+sealedMaximum),
	}, nil
}

// Format writes the type's name for every verb, because a Writer contains plaintext.
func (w *Writer) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, "*vault.Writer") }

// Write encrypts p. A chunk is written to dst when the next one begins, or by Close. After an error every call fails.
func (w *Writer) Write(p []byte) (int, error) {
	written := 0
	for len(p) > 0 {
		if err := w.room(); err != nil {
			return written, err
		}
		n := min(len(p), chunkSize-len(w.plain))
		w.plain = append(w.plain, p[:n]...)
		p = p[n:]
		written += n
	}
	return written, w.err
}

// ReadFrom encrypts all of src, for io.Copy. After an error of src Close fails, so that the stream is not completed.
func (w *Writer) ReadFrom(src io.Reader) (int64, error) {
	var read int64
	for {
		if err := w.room(); err != nil {
			return read, err
		}
		n, err := src.Read(w.plain[len(w.plain):chunkSize])
		w.plain = w.plain[:len(w.plain)+n]
		read += int64(n)
		switch {
		case err == io.EOF: // an EOF within another error is that of a source that failed
			return read, nil
		case err != nil:
			return read, w.fail(fmt.Errorf("workos/vault: encrypt: read: %w", err))
		}
	}
}

// Close encrypts the last chunk and completes the stream. Further calls do nothing, and fail if the first did.
func (w *Writer) Close() error {
	switch {
	case errors.Is(w.err, errClosed):
		return nil
	case w.err != nil:
		return w.err
	}
	if err := w.flush(lastChunk); err != nil {
		return err
	}
	w.err = errClosed
	return nil
}

// room makes room in the chunk. After an error the chunk is empty.
func (w *Writer) room() error {
	if len(w.plain) == chunkSize {
		return w.flush(0)
	}
	return w.err
}

// flush writes the chunk, with that bit in its frame.
func (w *Writer) flush(last uint32) error {
	nonce, err := w.chunks.nonce()
	if err != nil {
		return w.fail(fmt.Errorf("workos/vault: encrypt: %w", err))
	}
	frame := binary.BigEndian.AppendUint32(w.sealed[:0], last|uint32(len(w.plain))) //nolint:gosec // a chunk at most
	sealed := w.chunks.aead.Seal(frame, nonce, w.plain, frame)
	clear(w.plain)
	w.plain = w.plain[:0]
	if err := writeAll(w.dst, sealed); err != nil {
		return w.fail(fmt.Errorf("workos/vault: encrypt: write: %w", err))
	}
	return nil
}

func (w *Writer) fail(err error) error {
	clear(w.plain)
	w.plain, w.err = nil, err
	return err
}

// writeAll writes p. A short write without an error is an error, as for io.Copy.
func writeAll(dst io.Writer, p []byte) error {
	n, err := dst.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	return err
}

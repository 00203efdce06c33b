package vault

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// RekeyTo is [Vault.Rekey] for streams: it copies the stream from src to dst with its data key encrypted for another
// key context. It decrypts nothing and checks only the head; [Vault.DecryptFrom] still rejects a stream that was
// changed or truncated. After an error, discard what was written to dst.
func (v *Vault) RekeyTo(ctx context.Context, dst io.Writer, src io.Reader, keyContext map[string]string) error {
	if err := v.rekeyTo(ctx, dst, src, keyContext); err != nil {
		return fmt.Errorf("workos/vault: rekey: %w", err)
	}
	return nil
}

func (v *Vault) rekeyTo(ctx context.Context, dst io.Writer, src io.Reader, keyContext map[string]string) error {
	if dst == nil || src == nil {
		return errors.New("src or dst is nil")
	}
	keyContext, err := checkContext(keyContext)
	if err != nil {
		return err
	}
	h, err := readHead(src)
	if err != nil {
		return err
	}
	keys, err := v.rekey(ctx, h.encrypted, keyContext)
	switch {
	case refused(err):
		return fmt.Errorf("%w: the API rejected the encrypted keys or the key context: %w", ErrDataKey, err)
	case err != nil:
		return err
	}
	h.encrypted = keys
	if err := writeAll(dst, h.bytes()); err != nil {
		return fmt.Errorf("write the head of the stream: %w", err)
	}
	if _, err := io.Copy(dst, src); err != nil {
		return fmt.Errorf("copy the chunks of the stream: %w", err)
	}
	return nil
}

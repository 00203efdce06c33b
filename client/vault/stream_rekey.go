package vault

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// RekeyTo is [Vault.Rekey] for streams: it copies the stream that src reads to dst, with its data key encrypted for
// another key context. Nothing is decrypted, nothing but the head is looked at, and a stream that was changed or cut
// remains one that [Vault.DecryptFrom] refuses. After an error what dst got is of no use.
func (v *Vault) RekeyTo(ctx context.Context, dst io.Writer, src io.Reader, keyContext map[string]string) error {
	if err := v.rekeyTo(ctx, dst, src, keyContext); err != nil {
		return fmt.Errorf("vault: rekey: %w", err)
	}
	return nil
}

func (v *Vault) rekeyTo(ctx context.Context, dst io.Writer, src io.Reader, keyContext map[string]string) error {
	if dst == nil || src == nil {
		return errors.New("there is no reader of a stream or no writer for it")
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
		return fmt.Errorf("%w: the API refuses the encrypted keys or the key context: %w", ErrDataKey, err)
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

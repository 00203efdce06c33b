package vault

import "errors"

// Errors of this package. Their texts state what was found and what was expected, and contain no key and no plaintext.
var (
	// ErrFormat: the input is neither a blob nor a stream.
	ErrFormat = errors.New("not in a format that vault encryption writes")
	// ErrTruncated: the input ends too early. A blob whose ciphertext is truncated cannot be detected as such: it is
	// [ErrNotAuthentic].
	ErrTruncated = errors.New("cut off")
	// ErrTooLarge: the plaintext or blob exceeds [WithMaxPlaintextBytes].
	ErrTooLarge = errors.New("too large")
	// ErrNotAuthentic: the key does not decrypt the ciphertext: it was changed or truncated, or the key or the
	// associated data differ. AES-GCM cannot distinguish these; [ErrAssociatedData] covers the cases that can be
	// distinguished.
	ErrNotAuthentic = errors.New("not authentic")
	// ErrAssociatedData: the associated data differ from those of the encryption. Such errors match [ErrNotAuthentic]
	// too.
	ErrAssociatedData = errors.New("associated data differ")
	// ErrDataKey: the API rejected the encrypted keys, for example those of another environment, or the data key is
	// invalid. If the API rejected them, the error also wraps a *client.Error.
	ErrDataKey = errors.New("no usable data key")
)

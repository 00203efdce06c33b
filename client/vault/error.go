package vault

import "errors"

// What errors.Is finds in the errors of this package. Each of them says what was found and what was expected; none
// holds a key, a plaintext, or a part of one.
var (
	// ErrFormat is for input that is neither a blob nor a stream: not Base64, not of a known layout.
	ErrFormat = errors.New("not in a format that vault encryption writes")
	// ErrTruncated is for input that provably ends too early. A blob whose ciphertext is cut has no mark of its end:
	// it is [ErrNotAuthentic].
	ErrTruncated = errors.New("cut off")
	// ErrTooLarge is for plaintexts and blobs beyond the limit of [WithMaxPlaintextBytes].
	ErrTooLarge = errors.New("too large")
	// ErrNotAuthentic is for a ciphertext that the key does not open: it was changed or cut, or the key or the
	// associated data is another. AES-GCM does not tell which; [ErrAssociatedData] is for the cases that can be told.
	ErrNotAuthentic = errors.New("not authentic")
	// ErrAssociatedData is for associated data that are provably others than those of the encryption. What it is found
	// in is [ErrNotAuthentic] too.
	ErrAssociatedData = errors.New("associated data differ")
	// ErrDataKey is for encrypted keys that the API refuses, as it does for those of another environment, and for
	// data keys that are of no use. The API's refusal is a *client.Error in the same error.
	ErrDataKey = errors.New("no usable data key")
)

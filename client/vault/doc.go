// Package vault encrypts and decrypts locally, with data keys of WorkOS Vault: plaintexts never leave the program, and
// decryption requires the API.
//
//	v, err := vault.New(c)
//	if err != nil {
//		return err
//	}
//	blob, err := v.Encrypt(ctx, plaintext, map[string]string{"organization_id": "org_01"}, []byte("users/42/ssn"))
//	if err != nil {
//		return err
//	}
//	plaintext, err = v.Decrypt(ctx, blob, []byte("users/42/ssn"))
//
// [Vault.Encrypt] makes one request, for a data key, and [Vault.Decrypt] one, to decrypt it; [WithKeyReuse] and
// [WithKeyCache] save requests. For values that should not be in memory as a whole use streams: [Vault.EncryptTo] and
// [Vault.DecryptFrom]. [Vault.Rekey] and [Vault.RekeyTo] change the key context of both. To store values at WorkOS,
// use vault.kv.create instead.
//
// # Blobs
//
// A blob is Base64 (RFC 4648 section 4) of an AES-256-GCM ciphertext (NIST SP 800-38D) and the encrypted keys, in one
// of three layouts:
//
//	nonce first           nonce(12) ‖ tag(16) ‖ LEB128(len) ‖ encrypted keys ‖ ciphertext
//	keys first            LEB128(len) ‖ encrypted keys ‖ nonce(12) ‖ ciphertext ‖ tag(16)
//	32-byte nonce first   nonce(32) ‖ tag(16) ‖ LEB128(len) ‖ encrypted keys ‖ ciphertext
//
// Encrypt writes the first, which the official SDKs for Node, Python and Ruby and the older ones for Go read and write,
// or what [WithLayout] sets. Decrypt reads all of them: the second is that of newer official Go SDKs and of the one for
// Rust, the third that of the first releases for Go and Node. A blob does not name its layout. Decrypt parses it as
// each; if the encrypted keys then begin like those of the API, that is the layout. Otherwise it asks the API to
// decrypt the keys of each possible layout. A reading is accepted only if the API decrypts the keys and the tag is
// authentic.
//
// # Streams
//
// The format of streams is specific to this package, version 1. It is binary, and begins with bytes that no blob has:
//
//	magic(8) ‖ LEB128(len) ‖ encrypted keys ‖ salt(32) ‖ check(16) ‖ tag(32) ‖ chunk ‖ … ‖ last chunk
//
// The magic is 89 57 4f 53 56 53 0a 01, of which the last byte is the version. A chunk is
//
//	frame(4) ‖ ciphertext ‖ tag(16)
//
// with a frame of 32 bits, big endian: the highest is set in the last chunk, the others are the length of the
// plaintext: 65,536 bytes in all chunks but the last.
//
// Keys are derived by HKDF-SHA-256 (RFC 5869) from the data key and the salt, each with an info of its own, which is
// "workos-go vault stream 1: " and a word: "check" (16 bytes) is the check, which detects another data key; "head" (32
// bytes) is the key of the tag, an HMAC-SHA-256 over magic, salt and associated data; "chunk", followed by the tag (32
// bytes), is the key of AES-256-GCM for the chunks. The nonce of a chunk is its number from 0, in 96 bits big endian,
// and its associated data are its frame.
//
// Therefore chunks cannot be changed, moved, omitted, repeated or taken from another stream, and only the last ends it,
// as in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its
// Nonce-Reuse Misuse-Resistance, 2015). The tag does not cover the encrypted keys, so that RekeyTo can replace them.
//
// # Nonces
//
// Each blob has a random nonce of 96 bits, and each data key is used with at most 2^32 (NIST SP 800-38D section 8.3):
// one, or as many as [WithKeyReuse] permits. A stream has its own data key, and numbers its chunks.
//
// # Keys in memory
//
// This package overwrites the bytes of a data key once it has the AES key schedule, and keeps the schedule no longer
// than a call, or than [WithKeyReuse] and [WithKeyCache] permit. It cannot overwrite the schedule, or the text of
// the key in the API's response, which passes net/http, package client and encoding/json: that memory contains it
// until the garbage collector reuses it, and may be swapped out before. If that is not enough, keys must not be in the
// program's memory at all.
//
// # Errors
//
// Errors name the operation, what was found and what was expected, and contain no key and no plaintext. If the API
// rejected a request, errors.As finds a [*client.Error]. errors.Is distinguishes [ErrFormat], [ErrTruncated],
// [ErrTooLarge], [ErrNotAuthentic], [ErrAssociatedData] and [ErrDataKey].
//
// [*client.Error]: https://pkg.go.dev/github.com/seed-f165d83c/workos/client#Error
package vault

// Package vault encrypts and decrypts on your side, with data keys of WorkOS Vault: a plaintext never leaves the
// program, and nothing opens it without the API.
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
// [Vault.Encrypt] makes one request, for a data key, and [Vault.Decrypt] one, to have it decrypted; [WithKeyReuse] and
// [WithKeyCache] make fewer. Values that should not be in memory as a whole are streams: [Vault.EncryptTo] and
// [Vault.DecryptFrom]. [Vault.Rekey] and [Vault.RekeyTo] move both to another key context. Values that WorkOS should
// keep are not for this package but for vault.kv.create.
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
// Encrypt writes the first, which the official SDKs for Node, Python and Ruby and the older ones for Go read and write.
// Decrypt reads all of them: the second is that of newer official Go SDKs, the third that of the first releases for Go
// and Node. A blob does not say which it has. Decrypt parses it as each; where the encrypted keys then begin as those
// of the API do, that is the layout. Else it asks the API to decrypt the keys of each that is possible. What counts in
// the end is that the API decrypts the keys and that the tag is authentic: no other reading gets through.
//
// # Streams
//
// A stream has a format of this package, in version 1. It is bytes, not Base64, and begins with bytes that no blob has:
//
//	magic(8) ‖ LEB128(len) ‖ encrypted keys ‖ salt(32) ‖ check(16) ‖ tag(32) ‖ chunk ‖ … ‖ last chunk
//
// The magic is 89 57 4f 53 56 53 0a 01, of which the last byte is the version. A chunk is
//
//	frame(4) ‖ ciphertext ‖ tag(16)
//
// with a frame of 32 bits, big endian: the highest is set in the last chunk, the others are the length of the
// plaintext, which is 65,536 bytes in all chunks but the last.
//
// Keys are derived by HKDF-SHA-256 (RFC 5869) from the data key and the salt, each with an info of its own, which is
// "workos-go vault stream 1: " and a word: "check" (16 bytes) is the check, which tells another data key; "head" (32
// bytes) is the key of the tag, an HMAC-SHA-256 over magic, salt and associated data; "chunk", followed by the tag (32
// bytes), is the key of AES-256-GCM for the chunks. The nonce of a chunk is its number from 0, in 96 bits big endian,
// and its associated data are its frame.
//
// So chunks cannot be changed, moved, left out, repeated or taken from another stream, and only the last one ends it,
// as in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its
// Nonce-Reuse Misuse-Resistance, 2015). The encrypted keys stand outside the tag, for RekeyTo to exchange them.
//
// # Nonces
//
// Each blob has a random nonce of 96 bits, and each data key meets at most 2^32 of them (NIST SP 800-38D section 8.3):
// one, or as many as [WithKeyReuse] allows. A stream has a data key of its own, and numbers its chunks.
//
// # Keys in memory
//
// This package overwrites the bytes of a data key as soon as the AES key schedule is made of them, and keeps that no
// longer than a call, or than [WithKeyReuse] and [WithKeyCache] say. It cannot overwrite the schedule, nor the text of
// the key in the API's answer, which goes through net/http, package client and encoding/json: that memory holds it
// until the garbage collector reuses it, and may be swapped out before. Go promises no more than that; where it is too
// little, keys must not be in the program's memory at all.
//
// # Errors
//
// Errors name the operation, what was found and what was expected, and hold no key and no plaintext. What the API
// refuses is a [*client.Error]. [ErrFormat], [ErrTruncated], [ErrTooLarge], [ErrNotAuthentic], [ErrAssociatedData] and
// [ErrDataKey] tell the rest apart.
//
// [*client.Error]: https://pkg.go.dev/github.com/seed-f165d83c/workos/client#Error
package vault

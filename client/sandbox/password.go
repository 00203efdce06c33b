package sandbox

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"unicode/utf8"
)

// The passwords are hashed with PBKDF2 and HMAC-SHA-256 (RFC 8018), few times: a sandbox holds no secrets worth more.
const (
	passwordRounds = 10
	passwordSalt   = 16
	passwordLength = 32
	// shortestPassword is the least length, in characters, that the default policy of an environment accepts.
	shortestPassword = 10
)

// hashPassword returns nil if the password cannot be hashed.
func hashPassword(password string, salt []byte) []byte {
	hash, err := pbkdf2.Key(sha256.New, password, salt, passwordRounds, passwordLength)
	if err != nil {
		return nil
	}
	return hash
}

func isWeak(password string) bool { return utf8.RuneCountInString(password) < shortestPassword }

// setPassword gives a user a password in place of the one before.
func (c *call) setPassword(user *record, password string) error {
	if isWeak(password) {
		return &problem{
			status: http.StatusBadRequest, code: "password_strength_error",
			message: "Password does not meet strength requirements.",
			more: object{{"errors", []any{object{
				{fieldCode, "password_too_short"}, {"message", "The password has less than 10 characters."},
			}}}},
		}
	}
	salt := c.store.newBytes(passwordSalt)
	fields := map[string]any{
		fieldUser: user.id, "salt": base64.StdEncoding.EncodeToString(salt),
		"hash": base64.StdEncoding.EncodeToString(hashPassword(password, salt)),
	}
	if old := c.store.get(c.store.own.password, user.id); old != nil {
		c.store.replace(old, fields)
		return nil
	}
	c.store.add(&record{kind: c.store.own.password, id: user.id, fields: fields})
	return nil
}

// importPassword keeps a password of which the hash alone is known. No password matches it: the hashes of other systems
// are not checked here.
func (c *call) importPassword(user *record, hash string) {
	if old := c.store.get(c.store.own.password, user.id); old != nil {
		c.store.remove(old)
	}
	fields := map[string]any{fieldUser: user.id, "imported": hash}
	c.store.add(&record{kind: c.store.own.password, id: user.id, fields: fields})
}

// hasPassword reports whether the password is that of the user.
func (c *call) hasPassword(user *record, password string) bool {
	r := c.store.get(c.store.own.password, user.id)
	if r == nil || r.fields["hash"] == nil {
		return false
	}
	salt, _ := base64.StdEncoding.DecodeString(r.text("salt"))
	hash, _ := base64.StdEncoding.DecodeString(r.text("hash"))
	return subtle.ConstantTimeCompare(hashPassword(password, salt), hash) == 1
}

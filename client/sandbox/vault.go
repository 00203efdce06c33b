package sandbox

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
)

const fieldVaultObject = "vault_object_id"

// The parts of an encrypted data key: a label that begins as the API's, the key's ID, a nonce, and the key sealed with
// AES-256-GCM under the environment's root key and the context.
const (
	dataKeyLength = 32
	dataKeyLabel  = "WOS.EKM.v1\x00"
	dataKeyID     = 36
)

// sealer is the cipher of the environment's root key, which is made when it is first needed.
func (c *call) sealer() cipher.AEAD {
	root := c.store.get(c.store.own.root, "root")
	if root == nil {
		key := base64.StdEncoding.EncodeToString(c.store.newBytes(dataKeyLength))
		root = &record{kind: c.store.own.root, id: "root", fields: map[string]any{"key": key}}
		c.store.add(root)
	}
	key, _ := base64.StdEncoding.DecodeString(root.text("key"))
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil // not reached: the key has 32 bytes
	}
	aead, _ := cipher.NewGCM(block) // AES has blocks of 16 bytes
	return aead
}

// createDataKey hands out a new data key.
func (c *call) createDataKey() (any, error) {
	return c.handOut(c.store.newUUID(), c.store.newBytes(dataKeyLength)), nil
}

// decryptDataKey hands out a data key again.
func (c *call) decryptDataKey() (any, error) {
	id, key, err := c.openDataKey("keys")
	if err != nil {
		return nil, err
	}
	c.dataKey = id
	return c.respond(map[string]any{"id": id, "data_key": base64.StdEncoding.EncodeToString(key)}), nil
}

// rekeyDataKey hands out a data key with new encrypted keys. The old ones stay valid.
func (c *call) rekeyDataKey() (any, error) {
	id, key, err := c.openDataKey("encrypted_keys")
	if err != nil {
		return nil, err
	}
	return c.handOut(id, key), nil
}

// openDataKey decrypts the data key that a field of the body holds.
func (c *call) openDataKey(field string) (string, []byte, error) {
	wrong := badRequest("The encrypted keys are none of this environment.")
	sealed, err := base64.StdEncoding.DecodeString(text(c.body[field]))
	rest, ok := bytes.CutPrefix(sealed, []byte(dataKeyLabel))
	aead := c.sealer()
	if err != nil || !ok || len(rest) < dataKeyID+aead.NonceSize() {
		return "", nil, wrong
	}
	id, rest := rest[:dataKeyID], rest[dataKeyID:]
	key, err := aead.Open(nil, rest[:aead.NonceSize()], rest[aead.NonceSize():], id)
	if err != nil {
		return "", nil, wrong
	}
	return string(id), key, nil
}

// handOut returns a data key and a new encrypted form of it.
func (c *call) handOut(id string, key []byte) any {
	c.dataKey = id
	aead := c.sealer()
	nonce := c.store.newBytes(aead.NonceSize())
	sealed := append([]byte(dataKeyLabel+id), nonce...)
	sealed = aead.Seal(sealed, nonce, key, []byte(id)) //nolint:gosec // the nonce is drawn anew for each message
	return c.respond(map[string]any{
		"id": id, "data_key": base64.StdEncoding.EncodeToString(key),
		"encrypted_keys": base64.StdEncoding.EncodeToString(sealed), "context": c.body["context"],
	})
}

package sandbox

import "encoding/base64"

// dataKey is a key that the vault has handed out.
type dataKey struct {
	id  string
	key string // Base64
}

// The lengths of a data key, which is one for AES-256, and of what stands for its encrypted form, in bytes.
const (
	dataKeyLength   = 32
	encryptedLength = 64
)

// createDataKey hands out a new data key.
func (c *call) createDataKey() (any, error) {
	return c.handOut(dataKey{
		id:  c.store.newUUID(),
		key: base64.StdEncoding.EncodeToString(c.store.newBytes(dataKeyLength)),
	}), nil
}

// decryptDataKey hands out a data key again.
func (c *call) decryptDataKey() (any, error) {
	key, err := c.dataKey("keys")
	if err != nil {
		return nil, err
	}
	return c.wrap(map[string]any{"id": key.id, "data_key": key.key}), nil
}

// rekeyDataKey hands out a data key with new encrypted keys. The old ones stay valid.
func (c *call) rekeyDataKey() (any, error) {
	key, err := c.dataKey("encrypted_keys")
	if err != nil {
		return nil, err
	}
	return c.handOut(key), nil
}

// dataKey finds the data key that a field of the body holds in encrypted form.
func (c *call) dataKey(field string) (dataKey, error) {
	key, ok := c.store.keys[text(c.body[field])]
	if !ok {
		return dataKey{}, badRequest("The encrypted keys are none of this environment.")
	}
	return key, nil
}

// handOut answers with a data key and a new encrypted form of it, which begins as the API's do.
func (c *call) handOut(key dataKey) any {
	encrypted := append([]byte("WOS.EKM.v1\x00"), key.id...)
	encrypted = append(encrypted, c.store.newBytes(encryptedLength)...)
	keys := base64.StdEncoding.EncodeToString(encrypted)
	c.store.keys[keys] = key
	return c.wrap(map[string]any{
		"id": key.id, "data_key": key.key, "encrypted_keys": keys, "context": c.body["context"],
	})
}

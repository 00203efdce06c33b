package sandbox

import (
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// id is the ID of something that belongs to the environment alone and that no request makes.
func (env *environment) id(prefix, of string) string {
	const length = 24
	return prefix + "01" + strings.ToUpper(digest(of + env.keyID(""))[:length])
}

// vaultActor is who uses the vault: the API key.
func (c *call) vaultActor() map[string]any {
	return map[string]any{"id": c.env.id("key_", "API"), fieldName: "API key"}
}

// vaultKey is the ID of the key that encrypts what the vault holds.
func (c *call) vaultKey() string { return c.env.id("key_", "vault") }

// emitVault appends an event of the vault, which has one for reads too, about an object or a data key.
func (c *call) emitVault(typ string) {
	actor := c.vaultActor()
	fields := map[string]any{"actor_id": actor["id"], "actor_source": "api", "actor_name": actor[fieldName]}
	object := c.about
	if object == nil && len(c.named) > 0 {
		object = c.item()
	}
	switch {
	case object != nil:
		fields["kv_name"], fields["key_id"] = object.text(fieldName), object.text("key_id")
		fields["key_context"] = object.fields["context"]
	case c.dataKey != "":
		fields["key_id"], fields["key_ids"], fields["key_context"] = c.dataKey, []any{c.dataKey}, c.body["context"]
	}
	c.emitData(typ, c.filled(c.ix.payloads[typ], fields), "")
}

// filled are the fields that a schema has, in its order.
func (c *call) filled(s *value.Schema, fields map[string]any) object {
	o := object{}
	for i := range s.Properties {
		if v, ok := fields[s.Properties[i].Name]; ok {
			o = append(o, member{s.Properties[i].Name, c.conform(s.Properties[i].Name, s.Properties[i].Schema, v)})
		}
	}
	return o
}

// ofVault reports whether an operation emits an event of the vault.
func (f *facts) ofVault() bool {
	return slices.ContainsFunc(f.emits, func(typ string) bool { return strings.HasPrefix(typ, "vault.") })
}

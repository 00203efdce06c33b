package sandbox

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Seed puts things into the first environment that no operation of the API makes, or makes otherwise. The text is a
// JSON object of lists by the type of the things:
//
//	{
//	  "connection": [{"id": "conn_1", "organization_id": "org_1", "connection_type": "OktaSAML", "state": "active"}],
//	  "directory": [{"id": "directory_1", "organization_id": "org_1", "name": "Acme"}],
//	  "directory_user": [{"directory_id": "directory_1", "email": "ada@acme.com", "idp_id": "1"}],
//	  "feature_flag": [{"slug": "beta", "name": "Beta", "enabled": true}],
//	  "action_endpoint": [{"type": "authentication", "url": "https://app.example.com/action", "secret": "s3cret",
//	    "on_failure": "deny"}],
//	  "user": [{"id": "user_1", "email": "ada@acme.com", "email_verified": true, "password": "correct horse"}]
//	}
//
// The types are those of the property object of the API's responses. Fields are those of the response; an id that is
// left out is made, and so is what the API always shows. An organization may have its domains in it, as in a response.
// Four fields beside them: the password of a user; the
// impersonator of a user, an object with email and reason, who then is who signs in as the user each time; the slug of
// a connected_account, which names its data_integration; and the entitlements of an organization. An action_endpoint is
// called before somebody signs in (authentication) or comes into being in a browser (user_registration); if it fails,
// on_failure decides, allow or deny, which is the default. A connect_configuration has the login_uri of Standalone
// Connect, and a jwt_template its content. Either all is put in or, with an error, nothing.
func (s *Sandbox) Seed(text []byte) error { return s.Tenant("").Seed(text) }

// readSeed reads the lists of a seed by their types.
func readSeed(text []byte) (map[string]any, error) {
	seed, err := decode(text)
	if err != nil {
		return nil, fmt.Errorf("workos/sandbox: seed: %w", err)
	}
	types, ok := seed.(map[string]any)
	if !ok {
		return nil, errSeed
	}
	return types, nil
}

// plantAll keeps the things of a seed.
func (c *call) plantAll(types map[string]any) error {
	actions, ok := types[c.store.own.action.name].([]any)
	if !ok && types[c.store.own.action.name] != nil {
		return errors.New("workos/sandbox: seed: action_endpoint: want a list")
	}
	for _, k := range c.ix.order { // what others belong to comes first in the description
		list, ok := types[k.name].([]any)
		if !ok && types[k.name] != nil {
			return fmt.Errorf("workos/sandbox: seed: %s: want a list", k.name)
		}
		for i, v := range list {
			fields, ok := v.(map[string]any)
			if !ok {
				return fmt.Errorf("workos/sandbox: seed: %s %d: want an object", k.name, i)
			}
			children, err := c.childrenOf(k, fields)
			if err == nil {
				err = c.checkSeed(k, fields)
			}
			if err != nil {
				return fmt.Errorf("workos/sandbox: seed: %s %d: %w", k.name, i, err)
			}
			if err := c.plant(k, fields); err != nil {
				return err
			}
			for _, child := range children {
				child.fields[child.kind.link(k)] = fields["id"]
				if err := c.plant(child.kind, child.fields); err != nil {
					return err
				}
			}
		}
	}
	for _, r := range sortedBySeq(c.store.changed) {
		if r.kind.name == kindDirectoryUser {
			c.emitGroups(r, nil)
		}
	}
	for _, v := range actions {
		fields, _ := v.(map[string]any)
		if err := c.seedAction(fields); err != nil {
			return err
		}
	}
	settings, ok := types[c.store.own.connect.name].([]any)
	if !ok && types[c.store.own.connect.name] != nil {
		return errors.New("workos/sandbox: seed: connect_configuration: want a list")
	}
	for _, v := range settings {
		fields, _ := v.(map[string]any)
		if err := c.seedConnect(fields); err != nil {
			return err
		}
	}
	for _, name := range sortedKeys(types) {
		own := name == c.store.own.action.name || name == c.store.own.connect.name
		if c.ix.kinds[name] == nil && !own {
			return fmt.Errorf("workos/sandbox: seed: unknown type %q%s", name,
				nearest(name, slices.Sorted(maps.Keys(c.ix.kinds))))
		}
	}
	return c.checkPlanted()
}

// childrenOf takes out of a thing of a seed the things that belong to it and are shown in it, such as the domains of an
// organization.
func (c *call) childrenOf(k *kind, fields map[string]any) ([]*record, error) {
	var children []*record
	for _, v := range k.views {
		facets := c.ix.facetsOf(k, v)
		for i := range facets {
			f := &facets[i]
			list, ok := fields[f.Name].([]any)
			if f.shows != showsChildren || !ok {
				continue
			}
			delete(fields, f.Name)
			for j, item := range list {
				child, ok := item.(map[string]any)
				if !ok {
					return nil, fmt.Errorf("%s %d: want an object", f.Name, j)
				}
				if err := c.checkSeed(f.other, child); err != nil {
					return nil, fmt.Errorf("%s %d: %w", f.Name, j, err)
				}
				if of := text(child[f.other.link(k)]); of != "" && of != text(fields["id"]) {
					return nil, fmt.Errorf("%s %d: %s: want that of the %s, or none", f.Name, j, f.other.link(k), k.name)
				}
				children = append(children, &record{kind: f.other, fields: child})
			}
		}
	}
	return children, nil
}

var errSeed = errors.New("workos/sandbox: seed: want a JSON object of lists")

// plant keeps a thing of a seed.
func (c *call) plant(k *kind, fields map[string]any) error {
	if k.name == kindTemplate {
		return c.seedTemplate(fields)
	}
	id, password := text(fields["id"]), text(fields["password"])
	delete(fields, "password")
	if id != "" && c.store.get(k, id) != nil {
		return fmt.Errorf("workos/sandbox: seed: %s %q already exists", k.name, id)
	}
	r := &record{kind: k, id: id, fields: fields}
	if id == "" {
		r.id = c.store.newID(k.idPrefix(), c.now)
	}
	fields["id"] = r.id
	for _, p := range k.parents { // what belongs to something that its views do not show
		r.hidden = r.hidden || p.kind != k.name && k.property(p.field) == nil && fields[p.field] != nil
	}
	switch k.name {
	case kindUser, kindInvitation, kindMembership, kindDomain, kindRole, kindPermission:
		given := maps.Clone(fields)
		if err := c.complete(r); err != nil {
			return err
		}
		maps.Copy(fields, given)
	}
	if k.name == kindApplication && fields[fieldClient] == nil {
		fields[fieldClient] = c.store.newID("client_", c.now)
	}
	c.fill(r)
	c.store.add(r)
	c.hideSecret(r)
	switch typ := syncEvent(k.name, "created"); {
	case k.name == kindConnection || k.name == kindDirectory:
		c.emitState(r, "")
	case typ != "":
		c.emit(typ, r)
	}
	if password != "" {
		return c.setPassword(r, password)
	}
	return nil
}

// hideSecret keeps the hash of the value that a seed gives a key or a client secret, as of those that operations make.
func (c *call) hideSecret(r *record) {
	const shown = 4
	field := map[string]string{kindAPIKey: "value", kindClientSecret: "secret"}[r.kind.name]
	value := r.text(field)
	if field == "" || len(value) < shown {
		return
	}
	if hint := value[len(value)-shown:]; field == "value" {
		c.store.set(r, "obfuscated_value", "sk_..."+hint)
	} else {
		c.store.set(r, "secret_hint", hint)
	}
	c.store.set(r, grantSecret, digest(value))
	c.store.unset(r, field)
}

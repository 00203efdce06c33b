package served

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ParseSeed returns what a seed file describes, as [sandbox.Sandbox.Seed] takes it. unmarshal decodes the file, as
// [json.Unmarshal] does, which is in its place if it is nil. The file has lists of things by their type; see there.
// Lists by the names of the official emulator are converted: organizations (with domains and memberships), users,
// connections (with profiles), invitations, roles, permissions, webhookEndpoints, pipeConnections, connectedAccounts,
// connectApplications and apiKeys; so is jwtTemplate. Things without an ID get org_1, org_2, user_1, conn_1 and so on,
// in the order of the file. A user may be named by email, and an organization by name. Keys that the emulator has as
// its credentials are not needed, as any key works.
func ParseSeed(text []byte, unmarshal func(text []byte, into any) error) ([]byte, error) {
	if unmarshal == nil {
		unmarshal = json.Unmarshal
	}
	var file map[string]any
	if err := unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	s := seed{file: file, things: map[string][]any{}}
	if err := s.checkKeys(); err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	if template, ok := file["jwtTemplate"]; ok {
		s.things["jwt_template"] = []any{template}
		delete(file, "jwtTemplate")
	}
	for _, name := range slices.Sorted(maps.Keys(file)) {
		if convert := s.converter(name); convert == nil {
			list, ok := file[name].([]any)
			if !ok {
				return nil, fmt.Errorf("seed: %s: want a list", name)
			}
			s.things[name] = append(s.things[name], list...)
		}
	}
	for _, name := range []string{
		"users", "organizations", "connections", "permissions", "roles", "invitations", "webhookEndpoints",
		"pipeConnections", "connectedAccounts", "connectApplications", "apiKeys",
	} {
		list, err := objects(file, name)
		if err != nil {
			return nil, fmt.Errorf("seed: %w", err)
		}
		for i, from := range list {
			if err := s.converter(name)(i+1, from); err != nil {
				return nil, fmt.Errorf("seed: %s %d: %w", name, i, err)
			}
		}
	}
	converted, err := json.Marshal(s.things)
	if err != nil {
		return nil, fmt.Errorf("seed: %w", err) // such as a mapping with a key that is no string
	}
	return converted, nil
}

// seed is a file on the way to another format.
type seed struct {
	file   map[string]any
	things map[string][]any
}

type fields = map[string]any

// converter converts a thing of a list of the emulator; nil if the name is none of those.
func (s *seed) converter(name string) func(n int, from fields) error {
	switch name {
	case "users":
		return s.user
	case "organizations":
		return s.organization
	case "connections":
		return s.connection
	case "permissions":
		return func(_ int, from fields) error { return s.add("permission", from, "slug", "name", "description") }
	case "roles":
		return s.role
	case "invitations":
		return func(_ int, from fields) error {
			return s.add("invitation", from, "email", "organization_id", "inviter_user_id", "role_slug")
		}
	case "webhookEndpoints":
		return s.endpoint
	case "pipeConnections":
		return s.pipe
	case "connectedAccounts":
		return s.account
	case "connectApplications":
		return s.application
	case "apiKeys":
		return s.apiKey
	default:
		return nil
	}
}

// add keeps a thing with those of the fields that it has. Others are refused.
func (s *seed) add(kind string, from fields, names ...string) error {
	to := fields{}
	for _, name := range slices.Sorted(maps.Keys(from)) {
		if !slices.Contains(names, name) {
			return fmt.Errorf("unknown field %q: want %s", name, strings.Join(names, ", "))
		}
		to[name] = from[name]
	}
	s.things[kind] = append(s.things[kind], to)
	return nil
}

func (s *seed) user(n int, from fields) error {
	user := maps.Clone(from)
	user["id"] = idOf(from, "user_", n)
	return s.add("user", user, "id", "email", "first_name", "last_name", "password", "email_verified", "external_id",
		"metadata", "impersonator")
}

func (s *seed) organization(n int, from fields) error {
	org := maps.Clone(from)
	id := idOf(from, "org_", n)
	org["id"] = id
	domains, err := objects(from, "domains")
	if err != nil {
		return err
	}
	memberships, err := objects(from, "memberships")
	if err != nil {
		return err
	}
	delete(org, "domains")
	delete(org, "memberships")
	if err := s.add("organization", org, "id", "name", "external_id", "metadata", "entitlements"); err != nil {
		return err
	}
	for i, d := range domains {
		domain := maps.Clone(d)
		domain["organization_id"] = id
		if err := s.add("organization_domain", domain, "organization_id", "domain", "state"); err != nil {
			return fmt.Errorf("domains %d: %w", i, err)
		}
	}
	for i, m := range memberships {
		member := maps.Clone(m)
		member["organization_id"], member["user_id"] = id, s.userOf(m)
		delete(member, "email")
		if slug, ok := m["role"]; ok {
			member["role"], member["roles"] = fields{"slug": slug}, []any{fields{"slug": slug}}
		}
		if err := s.add("organization_membership", member, "organization_id", "user_id", "role", "roles",
			"status"); err != nil {
			return fmt.Errorf("memberships %d: %w", i, err)
		}
	}
	return nil
}

// idOf is the ID of the nth thing of a list: its own, or one of that prefix.
func idOf(from fields, prefix string, n int) string {
	if id, ok := from["id"].(string); ok && id != "" {
		return id
	}
	return fmt.Sprint(prefix, n)
}

// userID is the ID of the user whose email address is given in its place.
func (s *seed) userID(named any) any {
	users, _ := objects(s.file, "users")
	for i, u := range users {
		if email, ok := named.(string); ok && strings.EqualFold(fmt.Sprint(u["email"]), email) {
			return idOf(u, "user_", i+1)
		}
	}
	return named
}

// userOf is the ID of the user that a thing names, by its ID or by the email address.
func (s *seed) userOf(from fields) any {
	if from["user_id"] == nil {
		return s.userID(from["email"])
	}
	return s.userID(from["user_id"])
}

// organizationID is the ID of the organization with a name.
func (s *seed) organizationID(name any) (string, error) {
	organizations, _ := objects(s.file, "organizations")
	i := slices.IndexFunc(organizations, func(o fields) bool { return o["name"] == name })
	if i < 0 {
		return "", fmt.Errorf("organization: the file has none with the name %q", fmt.Sprint(name))
	}
	return idOf(organizations[i], "org_", i+1), nil
}

func (s *seed) connection(n int, from fields) error {
	org, err := s.organizationID(from["organization"])
	if err != nil {
		return err
	}
	id := idOf(from, "conn_", n)
	connection := fields{"id": id, "organization_id": org, "connection_type": "GenericSAML", "state": "active"}
	maps.Copy(connection, from)
	profiles, err := objects(from, "profiles")
	if err != nil {
		return err
	}
	domains, _ := from["domains"].([]any)
	shown := []any{}
	for j, d := range domains {
		shown = append(shown, fields{
			"object": "connection_domain", "id": fmt.Sprintf("conn_domain_%d_%d", n, j+1), "domain": d,
		})
	}
	connection["domains"] = shown
	delete(connection, "organization")
	delete(connection, "profiles")
	if err := s.add("connection", connection, "id", "organization_id", "connection_type", "state", "name",
		"domains"); err != nil {
		return err
	}
	for j, p := range profiles {
		profile := fields{
			"connection_id": id, "connection_type": connection["connection_type"], "organization_id": org,
			"idp_id": p["email"], "raw_attributes": fields{"email": p["email"]},
		}
		maps.Copy(profile, p)
		if err := s.add("profile", profile, "connection_id", "connection_type", "organization_id", "idp_id",
			"raw_attributes", "email", "first_name", "last_name", "groups"); err != nil {
			return fmt.Errorf("profiles %d: %w", j, err)
		}
	}
	return nil
}

// pipe makes the account of a user at a provider, and once the provider.
func (s *seed) pipe(_ int, from fields) error {
	account := fields{"state": "connected"}
	maps.Copy(account, from)
	account["user_id"], account["slug"] = s.userID(from["user_id"]), from["provider"]
	if id, ok := from["external_account_id"]; ok {
		account["account_identifier"] = id
	}
	switch from["status"] {
	case "requires_reauth":
		account["state"] = "needs_reauthorization"
	case "disconnected":
		account["state"] = "disconnected"
	}
	for _, name := range []string{"provider", "external_account_id", "status"} {
		delete(account, name)
	}
	if !slices.ContainsFunc(s.things["data_integration"], func(v any) bool {
		known, _ := v.(fields)
		return known["slug"] == from["provider"]
	}) {
		s.things["data_integration"] = append(s.things["data_integration"], fields{
			"slug": from["provider"], "integration_type": from["provider"], "enabled": true,
		})
	}
	return s.add("connected_account", account, "user_id", "organization_id", "slug", "scopes", "state",
		"account_identifier")
}

// checkKeys takes the API keys out of the file that are given as the emulator's credentials.
func (s *seed) checkKeys() error {
	if _, list := s.file["apiKeys"].([]any); list {
		return nil // they are things
	}
	keys, ok := s.file["apiKeys"].(fields)
	if !ok && s.file["apiKeys"] != nil {
		return errors.New("apiKeys: want a mapping or a list")
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if !strings.HasPrefix(key, "sk_") {
			return fmt.Errorf("apiKeys: %q: want a key that begins with sk_", key)
		}
	}
	delete(s.file, "apiKeys")
	return nil
}

func (s *seed) role(_ int, from fields) error {
	role := maps.Clone(from)
	delete(role, "is_default_role") // which no operation shows
	delete(role, "priority")
	return s.add("role", role, "slug", "name", "description", "type", "organization_id", "permissions")
}

func (s *seed) endpoint(_ int, from fields) error {
	endpoint := fields{"events": []any{}, "status": "enabled"}
	maps.Copy(endpoint, from)
	if url, ok := endpoint["url"]; ok && endpoint["endpoint_url"] == nil {
		endpoint["endpoint_url"] = url
	}
	if endpoint["enabled"] == false {
		endpoint["status"] = "disabled"
	}
	delete(endpoint, "url")
	delete(endpoint, "enabled")
	return s.add("webhook_endpoint", endpoint, "endpoint_url", "events", "status", "secret")
}

// objects returns a list of mappings, nil if there is none of that name.
func objects(from fields, name string) ([]fields, error) {
	list, ok := from[name].([]any)
	if !ok && from[name] != nil {
		return nil, fmt.Errorf("%s: want a list", name)
	}
	found := make([]fields, 0, len(list))
	for i, v := range list {
		m, ok := v.(fields)
		if !ok {
			return nil, fmt.Errorf("%s %d: want a mapping", name, i)
		}
		found = append(found, m)
	}
	return found, nil
}

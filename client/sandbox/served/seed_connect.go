package served

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// account makes the account of a user at a provider, in an organization if one is named.
func (s *seed) account(n int, from fields) error {
	account := maps.Clone(from)
	account["user_id"] = s.userOf(from)
	delete(account, "email")
	if name, ok := from["organization"]; ok {
		org, err := s.organizationID(name)
		if err != nil {
			return err
		}
		account["organization_id"] = org
		delete(account, "organization")
	}
	return s.pipe(n, account)
}

// application makes a Connect application with a client secret.
func (s *seed) application(n int, from fields) error {
	app := fields{"application_type": "m2m", "id": fmt.Sprint("conn_app_", n), "scopes": []any{}}
	maps.Copy(app, from)
	if typ, ok := from["type"]; ok {
		app["application_type"] = typ
	}
	if name, ok := from["organization"]; ok {
		org, err := s.organizationID(name)
		if err != nil {
			return err
		}
		app["organization_id"] = org
	}
	if app["application_type"] == "oauth" {
		app["is_first_party"] = app["organization_id"] == nil
	}
	secret := fields{"connect_application_id": app["id"]}
	if value, ok := from["client_secret"]; ok {
		secret["secret"] = value
	}
	for _, name := range []string{"type", "organization", "client_secret"} {
		delete(app, name)
	}
	if err := s.add("connect_application", app, "id", "name", "description", "application_type", "organization_id",
		"scopes", "client_id", "redirect_uris", "uses_pkce", "is_first_party"); err != nil {
		return err
	}
	return s.add("connect_application_secret", secret, "connect_application_id", "secret")
}

// apiKey makes a key of an organization or of a user.
func (s *seed) apiKey(_ int, from fields) error {
	key := maps.Clone(from)
	owner := fields{"type": "organization"}
	if name, ok := from["organization"]; ok {
		org, err := s.organizationID(name)
		if err != nil {
			return err
		}
		owner["id"], key["organization_id"] = org, org
	}
	if user, ok := from["user_id"]; ok {
		owner = fields{"type": "user", "id": s.userID(user), "organization_id": owner["id"]}
		key["user_id"] = owner["id"]
		delete(key, "organization_id")
	}
	if value, ok := from["value"].(string); ok && !strings.HasPrefix(value, "sk_") {
		return fmt.Errorf("value: %q: want a key that begins with sk_", value)
	}
	key["owner"] = owner
	delete(key, "organization")
	names := []string{"name", "value", "permissions", "expires_at", "owner", "organization_id", "user_id"}
	return s.add("api_key", key, slices.Sorted(slices.Values(names))...)
}

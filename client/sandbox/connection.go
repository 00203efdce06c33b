package sandbox

import (
	"net/http"
	"strings"
)

const fieldConnectionType = "connection_type"

// createConnection makes an SSO connection of an organization, or returns the one with that external ID.
func (c *call) createConnection() (any, error) {
	external := c.inBody("external_id")
	for _, r := range c.store.having(c.plan.kind, "external_id", external) {
		if r.text(fieldOrganization) == c.inBody(fieldOrganization) {
			return c.view(r, c.plan.answer), nil
		}
	}
	typ, err := c.connectionType()
	if err == nil {
		err = c.checkProtocol()
	}
	if err != nil {
		return nil, err
	}
	fields := c.given(c.plan.kind)
	fields[fieldConnectionType], fields[fieldState], fields[fieldStatus] = typ, stateActive, stateLinked
	if fields[fieldName] == nil {
		organization := c.store.get(c.ix.kinds[kindOrganization], c.inBody(fieldOrganization))
		fields[fieldName] = organization.fields[fieldName]
	}
	r, err := c.keep(c.plan.kind, fields)
	if err != nil {
		return nil, err
	}
	if external != "" {
		c.store.set(r, "external_id", external)
	}
	c.emitState(r, "")
	return c.view(r, c.plan.answer), nil
}

// updateConnection changes a connection. Its options are of the protocol that it has.
func (c *call) updateConnection() (any, error) {
	typ := c.item().text(fieldConnectionType)
	switch given := c.inBody(fieldConnectionType); {
	case given != "" && given != typ:
		return nil, refusal(http.StatusUnprocessableEntity, "connection_type_not_updatable",
			"The connection is of the type '"+typ+"'.")
	case c.body[optionsSAML] != nil && !isSAML(typ), c.body[optionsOIDC] != nil && !isOIDC(typ):
		return nil, conflictingType(typ)
	}
	if err := c.checkProtocol(); err != nil {
		return nil, err
	}
	return c.update()
}

// The options of the protocols.
const (
	optionsSAML = "saml_options"
	optionsOIDC = "oidc_options"

	codeBothProtocols = "both_saml_and_oidc_options_provided"
)

func isSAML(typ string) bool { return strings.HasSuffix(typ, "SAML") }

func isOIDC(typ string) bool { return strings.HasSuffix(strings.ToUpper(typ), "OIDC") }

func conflictingType(typ string) *problem {
	return refusal(http.StatusBadRequest, "connection_type_conflicts_with_options",
		"The type '"+typ+"' is not of the protocol of the options.")
}

// connectionType is the type of a new connection: the one given, which must be of the protocol of the options, or what
// stands for any provider of that protocol.
func (c *call) connectionType() (string, error) {
	typ := c.inBody(fieldConnectionType)
	saml, oidc := c.body[optionsSAML] != nil, c.body[optionsOIDC] != nil
	known := c.plan.kind.property(fieldConnectionType).Schema
	switch {
	case saml && oidc:
		return "", refusal(http.StatusBadRequest, codeBothProtocols, "A connection is of one protocol.")
	case typ != "" && (!fits(known, typ) || !isSAML(typ) && !isOIDC(typ)):
		return "", refusal(http.StatusBadRequest, "connection_type_not_supported",
			"Connections of the type '"+typ+"' cannot be created.")
	case typ == "" && !saml && !oidc:
		return "", refusal(http.StatusBadRequest, "connection_type_or_options_required",
			"Give the options of SAML or of OIDC.")
	case !saml && !oidc && isSAML(typ):
		return "", refusal(http.StatusBadRequest, "saml_options_required", "Give the options of SAML.")
	case !saml && !oidc:
		return "", refusal(http.StatusBadRequest, "oidc_options_required", "Give the options of OIDC.")
	case typ == "" && saml:
		return "GenericSAML", nil
	case typ == "":
		return "GenericOIDC", nil
	case isSAML(typ) != saml:
		return "", conflictingType(typ)
	}
	return typ, nil
}

// checkProtocol refuses options of which some stand in place of others, or need others.
func (c *call) checkProtocol() error {
	saml, isSet := c.body[optionsSAML].(map[string]any)
	oidc, also := c.body[optionsOIDC].(map[string]any)
	creates := c.plan.op.Method == http.MethodPost
	certs, _ := saml["idp_signing_certs"].([]any)
	url := text(saml["idp_sso_url"])
	refused := func(code, message string) error { return refusal(http.StatusBadRequest, code, message) }
	switch {
	case isSet && also:
		return refused(codeBothProtocols, "A connection is of one protocol.")
	case text(saml["idp_metadata_url"]) != "" && (text(saml["idp_entity_id"]) != "" || url != "" || len(certs) > 0):
		return refused("ambiguous_saml_options", "Give idp_metadata_url, or what it stands for.")
	case creates && (url != "") != (len(certs) > 0):
		return refused("incomplete_saml_options", "Give idp_sso_url and idp_signing_certs.")
	case !also:
		return nil
	}
	endpoint, secret := text(oidc["discovery_endpoint"]), text(oidc["client_secret"])
	byKey := oidc["token_authentication_method"] == "private_key_jwt"
	switch {
	case endpoint != "" && !strings.HasPrefix(endpoint, "https://"):
		return refused("discovery_endpoint_must_use_https", "The discovery endpoint must use https.")
	case byKey && secret != "":
		return refused("client_secret_not_accepted", "private_key_jwt takes no client_secret.")
	case creates && !byKey && secret == "":
		return refused("client_secret_required", "The token authentication method needs a client_secret.")
	case creates && !byKey && oidc["jwt_signing_key_pair"] != nil:
		return refused("key_pair_not_accepted", "Only private_key_jwt takes a key pair.")
	}
	return nil
}

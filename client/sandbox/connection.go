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

// connectionType is the type of a new connection: the one given, which must be of the protocol of the options, or what
// stands for any provider of that protocol.
func (c *call) connectionType() (string, error) {
	typ, protocol := c.inBody(fieldConnectionType), "SAML"
	if c.body["oidc_options"] != nil {
		protocol = "OIDC"
	}
	saml, oidc := strings.HasSuffix(typ, "SAML"), strings.HasSuffix(strings.ToUpper(typ), "OIDC")
	known := c.plan.kind.property(fieldConnectionType).Schema
	switch {
	case typ == "":
		return "Generic" + protocol, nil
	case !fits(known, typ), !saml && !oidc:
		return "", refusal(http.StatusBadRequest, "connection_type_not_supported",
			"Connections of the type '"+typ+"' cannot be created.")
	case saml != (protocol == "SAML"):
		return "", refusal(http.StatusBadRequest, "connection_type_conflicts_with_options",
			"The type '"+typ+"' is not of the protocol of the options.")
	}
	return typ, nil
}

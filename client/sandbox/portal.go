package sandbox

import (
	"bytes"
	"fmt"
	"html/template"
	"sync"
	"time"
)

const (
	portalOperation = "portal.generate_link.create"
	portalPath      = "/portal/launch"
	portalLifetime  = 5 * time.Minute

	fieldSecret = "secret"
)

// portalTemplate is that of the page which a portal link opens.
//
//nolint:gochecknoglobals // parsed once, when the first is asked for, of what is embedded
var portalTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(pageFiles, "page/portal.html"))
})

// portalLink makes a link to the Admin Portal of an organization.
func (c *call) portalLink() (any, error) {
	id := text(c.body["organization"])
	if c.store.get(c.ix.kinds[kindOrganization], id) == nil {
		return nil, notFound("Organization", id)
	}
	return c.respond(map[string]any{"link": c.portalURL(id, portalLifetime)}), nil
}

// portalURL is a link to the Admin Portal of an organization that is good for so long.
func (c *call) portalURL(organization string, lifetime time.Duration) string {
	return c.request.host + portalPath + "?secret=" + c.newGrant(grantPortal, lifetime, map[string]any{
		fieldOrganization: organization, "intent": c.body["intent"], "return_url": c.body["return_url"],
	})
}

// openPortal shows the page that a link to the Admin Portal opens.
func (c *call) openPortal() (any, error) {
	grant := c.grantOf(grantPortal, c.query.Get(fieldSecret))
	if !c.live(grant) {
		return nil, notFound("Portal link", "secret")
	}
	organization := c.store.get(c.ix.kinds[kindOrganization], grant.text(fieldOrganization))
	if organization == nil {
		return nil, notFound("Organization", grant.text(fieldOrganization))
	}
	var b bytes.Buffer
	err := portalTemplate().Execute(&b, struct{ Organization, Intent, Return string }{
		organization.text(fieldName), grant.text("intent"), grant.text("return_url"),
	})
	if err != nil {
		return nil, fmt.Errorf("write the portal's page: %w", err)
	}
	return webPage{text: b.Bytes()}, nil
}

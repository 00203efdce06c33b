package sandbox

import "net/http"

const (
	kindContact = "it_contact"

	contactLink = "portal_link" // of an IT contact with an active invitation
)

// inviteContact emails an IT contact a link to the Admin Portal. An organization has one active invitation.
func (c *call) inviteContact() (any, error) {
	contact := c.of(kindContact)
	for _, other := range c.store.having(contact.kind, fieldOrganization, contact.text(fieldOrganization)) {
		if other.text(contactLink) != "" {
			return nil, refusal(http.StatusConflict, "it_contact_invitation_already_active",
				"The organization has an active invitation.")
		}
	}
	link := c.portalURL(c.of(kindOrganization).id, 7*day)
	c.store.set(contact, contactLink, link)
	c.mail(mail{to: contact.text(fieldEmail), about: kindContact, link: link})
	return object{}, nil
}

// revokeContact ends the invitation of an IT contact, if there is one.
func (c *call) revokeContact() (any, error) {
	c.store.unset(c.of(kindContact), contactLink)
	return object{}, nil
}

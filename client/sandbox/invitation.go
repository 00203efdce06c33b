package sandbox

import (
	"net/http"
	"strconv"
	"strings"
)

// createInvitation invites an email address, to an organization or to the environment.
func (c *call) createInvitation() (any, error) {
	email, organization := text(c.body[fieldEmail]), text(c.body[fieldOrganization])
	user := c.findBy(c.ix.kinds[kindUser], fieldEmail, email)
	switch {
	case user != nil && organization != "" && c.membership(user.id, organization) != nil:
		return nil, refusal(http.StatusBadRequest, "user_already_organization_member", "The user is a member already.")
	case user != nil && organization == "":
		return nil, refusal(http.StatusBadRequest, "user_already_exists", "A user has this email address already.")
	}
	for _, other := range c.store.having(c.plan.kind, fieldEmail, email) {
		if c.invitationState(other) == statePending && other.text(fieldOrganization) == organization {
			code := "email_already_invited"
			if organization != "" {
				code = "email_already_invited_to_organization"
			}
			return nil, refusal(http.StatusBadRequest, code, "The email address has a pending invitation.")
		}
	}
	if slug := text(c.body["role_slug"]); slug != "" && !c.roleExists(slug, organization) {
		return nil, refusal(http.StatusBadRequest, "invalid_role", "Role '"+slug+"' is not a valid role.")
	}
	if err := c.checkDays(); err != nil {
		return nil, err
	}
	r, err := c.keep(c.plan.kind, c.given(c.plan.kind))
	if err != nil {
		return nil, err
	}
	c.mailInvitation(r)
	return c.view(r, c.plan.answer), nil
}

// checkDays compares the days until an invitation ends with the limits of the API.
func (c *call) checkDays() error {
	const most = 30
	given := text(c.body["expires_in_days"])
	if given == "" {
		return nil // the default
	}
	days, _ := strconv.Atoi(given) // its schema takes whole numbers alone; one out of range becomes the bound
	switch {
	case days < 1:
		return refusal(http.StatusBadRequest, "expires_in_days_too_short", "An invitation lasts 1 day at least.")
	case days > most:
		return refusal(http.StatusBadRequest, "expires_in_days_too_long", "An invitation lasts 30 days at most.")
	}
	return nil
}

func (c *call) mailInvitation(r *record) {
	c.mail(mail{
		to: r.text(fieldEmail), about: kindInvitation, user: r.text("accepted_user_id"), code: r.text("token"),
		link: r.text("accept_invitation_url"),
	})
}

// invitationState is that of now: a pending invitation expires by itself.
func (c *call) invitationState(r *record) string { return text(c.current(r, fieldState)) }

// acceptInvitation accepts one on behalf of the user whose email address is invited, who comes into being if need be.
func (c *call) acceptInvitation() (any, error) {
	r := c.of(kindInvitation)
	if r.fields["accepted_user_id"] != nil {
		return nil, refusal(http.StatusBadRequest, "invite_has_accepted_user_id", "The invitation was accepted before.")
	}
	user, err := c.userFor(r.text(fieldEmail))
	if err != nil {
		return nil, err
	}
	if err := c.accept(r, user); err != nil {
		return nil, err
	}
	c.about = r
	return c.view(r, c.plan.answer), nil
}

// accept makes a user the one who accepted an invitation, and a member of its organization.
func (c *call) accept(r, user *record) error {
	if c.invitationState(r) != statePending {
		return refusal(http.StatusBadRequest, "invite_not_pending", "The invitation is "+c.invitationState(r)+".")
	}
	c.store.set(r, fieldState, "accepted")
	c.store.set(r, "accepted_at", timestamp(c.now))
	c.store.set(r, "accepted_user_id", user.id)
	c.touch(r)
	organization := r.text(fieldOrganization)
	if organization == "" || c.membership(user.id, organization) != nil {
		return nil
	}
	role := r.text("role_slug")
	if role == "" {
		role = memberRole
	}
	_, err := c.join(user, organization, role)
	return err
}

// invited is the invitation of a token, if it is for that user.
func (c *call) invited(user *record, token string) (*record, error) {
	r := c.findBy(c.ix.kinds[kindInvitation], "token", token)
	switch {
	case r == nil || c.invitationState(r) != statePending:
		return nil, refusal(http.StatusBadRequest, "invitation_invalid", "The invitation is invalid or not pending.")
	case !strings.EqualFold(r.text(fieldEmail), user.text(fieldEmail)):
		return nil, refusal(http.StatusBadRequest, "invitation_cannot_be_used_for_email",
			"The invitation is for another email address.")
	}
	return r, nil
}

// acceptInvited accepts the invitation of a token for a user who signs in with it.
func (c *call) acceptInvited(user *record, token string) error {
	if token == "" {
		return nil
	}
	r, err := c.invited(user, token)
	if err != nil {
		return err
	}
	if err := c.accept(r, user); err != nil {
		return err
	}
	c.verifyEmail(user)
	c.emit("invitation.accepted", r)
	return nil
}

// resendInvitation sends a pending invitation again, with a new end.
func (c *call) resendInvitation() (any, error) {
	r := c.of(kindInvitation)
	if state := c.invitationState(r); state != statePending {
		return nil, refusal(http.StatusBadRequest, "invite_"+state, "The invitation is "+state+".")
	}
	c.touch(r)
	c.mailInvitation(r)
	c.about = r
	return c.view(r, c.plan.answer), nil
}

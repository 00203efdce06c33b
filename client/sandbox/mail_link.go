package sandbox

import (
	"errors"
	"html/template"
	"net/http"
	"sync"
)

// The pages that the links in emails open: to accept an invitation, and to reset a password.
const (
	invitePath = "/invite"
	resetPath  = "/reset-password"

	fieldInvited     = "invitation_token"
	fieldNewPassword = "new_password"
)

// linkPage is what such a page shows. It has a form if there is a text for its button.
type linkPage struct {
	Title, Text string
	Message     string // what was wrong with what was sent, or ""
	Path, Email string
	Name, Token string // the field for the token of the link, and the token
	Password    string // the field for a new password; "": the page asks for none
	Button      string
	Homepage    string // of the application, where there is nothing more to do here; "": it is not known
}

// linkTemplate is that of the pages.
//
//nolint:gochecknoglobals // parsed once, of what is embedded, and only where there is such a page
var linkTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(pageFiles, "page/link.html"))
})

// openInvitation shows the page that the link of an invitation opens.
func (c *call) openInvitation() (any, error) {
	return c.invitationPage(c.query.Get(fieldInvited), "")
}

// invitationPage asks to accept an invitation, and for a password who has none.
func (c *call) invitationPage(token, message string) (any, error) {
	r := c.findBy(c.ix.kinds[kindInvitation], "token", token)
	if r == nil {
		return c.deadLink("There is no such invitation.")
	}
	if state := c.invitationState(r); state != statePending {
		return c.deadLink("The invitation is " + state + ".")
	}
	p := linkPage{
		Title: "Accept an invitation", Text: "To sign up as " + r.text(fieldEmail) + ".", Message: message,
		Path: invitePath, Email: r.text(fieldEmail), Name: fieldInvited, Token: token, Button: "Accept",
	}
	if o := c.store.get(c.ix.kinds[kindOrganization], r.text(fieldOrganization)); o != nil {
		p.Text = "To join " + o.text(fieldName) + " as " + p.Email + "."
	}
	if c.hasNoPassword(p.Email) {
		p.Password = fieldNewPassword
	}
	return renderPage(linkTemplate(), p)
}

// acceptAtBrowser accepts an invitation for the person who has its link, and keeps the password of one who has none.
func (c *call) acceptAtBrowser() (any, error) {
	token := c.inBody(fieldInvited)
	r := c.findBy(c.ix.kinds[kindInvitation], "token", token)
	if r == nil || c.invitationState(r) != statePending {
		return c.invitationPage(token, "")
	}
	first := c.hasNoPassword(r.text(fieldEmail))
	if first && isWeak(c.inBody(fieldNewPassword)) {
		return c.invitationPage(token, weakPassword)
	}
	user, err := c.userFor(r.text(fieldEmail))
	if err == nil && first {
		err = c.setPassword(user, c.inBody(fieldNewPassword))
	}
	if err == nil {
		err = c.acceptInvited(user, token)
	}
	if err != nil {
		return nil, err
	}
	return renderPage(linkTemplate(), linkPage{
		Homepage: c.homepage(),
		Title:    "Invitation accepted", Text: "Sign in to the application as " + user.text(fieldEmail) + ".",
	})
}

// hasNoPassword reports whether an email address is that of a user without a password, or of nobody yet.
func (c *call) hasNoPassword(email string) bool {
	user := c.findBy(c.ix.kinds[kindUser], fieldEmail, email)
	return user == nil || c.store.get(c.store.own.password, user.id) == nil
}

// weakPassword is what a page says of a password that the API refuses.
const weakPassword = "The password needs 10 characters or more."

// openReset shows the page that the link of a password reset opens.
func (c *call) openReset() (any, error) {
	return c.resetPage(c.query.Get("token"), "")
}

func (c *call) resetPage(token, message string) (any, error) {
	reset := c.findBy(c.ix.kinds[kindPasswordReset], "password_reset_token", token)
	if reset == nil || !c.resets(reset) {
		return c.deadLink("The link was used or has expired.")
	}
	return renderPage(linkTemplate(), linkPage{
		Title: "Reset your password", Text: "For " + reset.text(fieldEmail) + ".", Message: message,
		Path: resetPath, Email: reset.text(fieldEmail), Name: "token", Token: token, Password: fieldNewPassword,
		Button: "Set the password",
	})
}

// resetAtBrowser sets the password of the person who has the link of a reset.
func (c *call) resetAtBrowser() (any, error) {
	if isWeak(c.inBody(fieldNewPassword)) {
		return c.resetPage(c.inBody("token"), weakPassword)
	}
	_, err := c.resetPassword()
	if refused := (*problem)(nil); errors.As(err, &refused) {
		return c.deadLink(refused.message)
	}
	if err != nil {
		return nil, err
	}
	c.emit("password_reset.succeeded", c.about)
	return renderPage(linkTemplate(), linkPage{
		Homepage: c.homepage(),
		Title:    "Password set", Text: "Sign in to the application with the new password.",
	})
}

// deadLink is the page of a link that opens nothing, or nothing any more.
func (c *call) deadLink(why string) (any, error) {
	c.status = http.StatusBadRequest
	return renderPage(linkTemplate(), linkPage{Title: "This link opens nothing", Text: why})
}

// homepagePath sets where the application of an environment is.
const homepagePath = "/user_management/app_homepage_url"

func (c *call) setHomepage() (any, error) {
	if !isWebURL(c.inBody("url")) {
		return nil, c.invalid([]fieldProblem{{"url", codeFormat}})
	}
	c.keepSingle()
	return object{}, nil
}

// homepage is where the application is, or "".
func (c *call) homepage() string {
	r := c.store.get(c.store.own.single, homepagePath)
	if r == nil {
		return ""
	}
	return r.text("url")
}

package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

const (
	fieldLogin = "login_uri"
	fieldQuery = "query"

	stateCompleted = "completed"
)

// seedConnect keeps what the Dashboard sets for Connect: where an application signs its own users in.
func (c *call) seedConnect(fields map[string]any) error {
	switch {
	case len(c.store.all(c.store.own.connect)) > 0:
		return errors.New("workos/sandbox: seed: there is a connect_configuration already")
	case len(fields) != 1 || webURL(text(fields[fieldLogin])) == nil:
		return fmt.Errorf("workos/sandbox: seed: connect_configuration: want %s, a URL, alone", fieldLogin)
	}
	c.store.add(&record{kind: c.store.own.connect, id: c.store.newID("connect_configuration_", c.now), fields: fields})
	return nil
}

// loginURI is where the application that the environment belongs to signs its users in, or "".
func (c *call) loginURI() string {
	for _, r := range c.store.all(c.store.own.connect) {
		return r.text(fieldLogin)
	}
	return ""
}

// externalLogin sends the browser to the login page of the application, which completes the login.
func (c *call) externalLogin(login string) (any, error) {
	id := c.newGrant(grantExternal, pendingLifetime, map[string]any{
		fieldQuery: c.request.query, fieldAsking: c.application.id, fieldState: statePending,
	})
	u, err := url.Parse(login)
	if err != nil {
		return nil, err //nolint:wrapcheck // not reached: it was parsed before
	}
	q := u.Query()
	q.Set("external_auth_id", id)
	u.RawQuery = q.Encode()
	return redirection(u.String()), nil
}

// completeLogin takes the user whom an application has signed in. The browser goes on at the URL of the response.
func (c *call) completeLogin() (any, error) {
	if c.examples && len(c.store.all(c.store.own.connect)) == 0 {
		return c.example()
	}
	id := c.inBody("external_auth_id")
	grant := c.grantOf(grantExternal, id)
	switch {
	case grant == nil || c.past(grant, fieldEnd):
		return nil, notFound("External login", id)
	case grant.text(fieldState) != statePending:
		return nil, refusal(http.StatusBadRequest, "external_auth_session_already_completed",
			"The login is completed already.")
	}
	given, _ := c.body[kindUser].(map[string]any)
	user, err := c.externalUser(given)
	if err != nil {
		return nil, err
	}
	c.store.set(grant, fieldState, stateCompleted)
	c.store.set(grant, fieldUser, user.id)
	c.store.set(grant, fieldOptions, c.body["user_consent_options"])
	return c.respond(map[string]any{
		fieldRedirect: c.request.host + continuePath + "?" + url.Values{fieldState: {id}}.Encode(),
	}), nil
}

// externalUser is the user with that external ID, changed to what is given, or a new one.
func (c *call) externalUser(given map[string]any) (*record, error) {
	k := c.ix.kinds[kindUser]
	external, email := text(given["id"]), text(given[fieldEmail])
	if !strings.Contains(strings.Trim(email, "@"), "@") {
		return nil, refusal(http.StatusBadRequest, "invalid_email", "The email address is invalid.")
	}
	user, other := c.findBy(k, "external_id", external), c.findBy(k, fieldEmail, email)
	if other != nil && other != user {
		return nil, refusal(http.StatusBadRequest, "email_not_available", "Another user has the email address.")
	}
	fields := map[string]any{"external_id": external, fieldEmail: email, "email_verified": true}
	for _, name := range []string{"first_name", "last_name", fieldName, "metadata"} {
		if v := given[name]; v != nil {
			fields[name] = v
		}
	}
	if user == nil {
		made, err := c.keepApart(k, fields)
		if err == nil {
			c.emit("user.created", made)
		}
		return made, err
	}
	if given[fieldName] == nil && (given["first_name"] != nil || given["last_name"] != nil) {
		c.renameUser(user, given)
	}
	for _, name := range sortedKeys(fields) {
		c.store.set(user, name, fields[name])
	}
	c.touch(user)
	c.emit("user.updated", user)
	return user, nil
}

// continueExternal goes on with the authorization that a completed login was for.
func (c *call) continueExternal() (any, error) {
	grant := c.grantOf(grantExternal, c.query.Get(fieldState))
	app := c.store.get(c.ix.kinds[kindApplication], grantText(grant, fieldAsking))
	user := c.store.get(c.ix.kinds[kindUser], grantText(grant, fieldUser))
	if !c.live(grant) || grant.text(fieldState) != stateCompleted || app == nil || user == nil {
		return nil, oauthRefusal("invalid_request", "No completed login has this state.")
	}
	c.store.set(grant, fieldUsed, true)
	query, err := url.ParseQuery(grant.text(fieldQuery))
	if err != nil {
		return nil, err //nolint:wrapcheck // not reached: it was parsed before
	}
	c.query, c.application = query, app
	a, options := attempt{user: user, allowed: true, proved: true}, grant.fields[fieldOptions]
	if !c.env.sandbox.interactive {
		return c.redirectWithConnectCode(c.withFirstOrganization(a), chosen(options, nil))
	}
	form := c.newGrant(grantForm, formLifetime, map[string]any{
		fieldQuery: grant.text(fieldQuery), fieldAsking: app.id, fieldOptions: options,
	})
	return c.goOn(c.grantOf(grantForm, form), form, a)
}

func grantText(grant *record, field string) string {
	if grant == nil {
		return ""
	}
	return grant.text(field)
}

// consentOption is a choice that the user has to make.
type consentOption struct {
	Name, Label string
	Choices     []consentChoice
}

type consentChoice struct{ Value, Label string }

// consentOptions reads the choices.
func consentOptions(options any) (claims []string, shown []consentOption) {
	list, _ := options.([]any)
	for i, v := range list {
		from, _ := v.(map[string]any)
		option := consentOption{Name: fmt.Sprint("option_", i), Label: text(from["label"])}
		choices, _ := from["choices"].([]any)
		for _, v := range choices {
			choice, _ := v.(map[string]any)
			option.Choices = append(option.Choices, consentChoice{Value: text(choice["value"]), Label: text(choice["label"])})
		}
		claims, shown = append(claims, text(from["claim"])), append(shown, option)
	}
	return claims, shown
}

// chosen are the claims of the choices that a form has, and of the first where it has none.
func chosen(options any, form func(string) string) map[string]any {
	claims, shown := consentOptions(options)
	var made map[string]any
	for i, option := range shown {
		for j, choice := range option.Choices {
			if j == 0 || form != nil && form(option.Name) == choice.Value {
				if made == nil {
					made = map[string]any{}
				}
				made[claims[i]] = choice.Value
			}
		}
	}
	return made
}

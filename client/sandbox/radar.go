package sandbox

import (
	"net/http"
	"strings"
)

const fieldVerdict = "verdict"

// assess judges an attempt to sign in or up by the lists: what an allow list has is allowed, else what a block list has
// is blocked; the sandbox knows no other controls.
func (c *call) assess() (any, error) {
	attempt := &record{kind: c.store.own.radarAttempt, id: c.store.newID("radar_att_", c.now), fields: map[string]any{
		fieldEmail: c.body[fieldEmail], "ip_address": c.body["ip_address"], "user_agent": c.body["user_agent"],
		"created_at": timestamp(c.now),
	}}
	verdict := map[string]any{"attempt_id": attempt.id, fieldVerdict: "allow", "reason": "No control applied."}
	if c.radarListed("allow") != "" {
		verdict["reason"] = "An allow list has the attempt."
	} else if typ := c.radarListed("block"); typ != "" {
		verdict[fieldVerdict], verdict["control"], verdict["blocklist_type"] = "block", "restriction", typ
		verdict["reason"] = "A block list has the attempt's " + typ + "."
	}
	attempt.fields[fieldVerdict] = verdict[fieldVerdict]
	c.store.add(attempt)
	return c.respond(verdict), nil
}

// radarListed is the type of the first list with that action which has a value of the attempt, or "".
func (c *call) radarListed(action string) string {
	email := c.inBody(fieldEmail)
	_, domain, _ := strings.Cut(email, "@")
	for _, v := range [][2]string{
		{"ip_address", c.inBody("ip_address")}, {fieldEmail, email}, {fieldDomain, domain},
		{"user_agent", c.inBody("user_agent")},
	} {
		if c.store.get(c.store.own.radarEntry, radarEntryID(v[0], action, v[1])) != nil {
			return v[0]
		}
	}
	return ""
}

// reportAttempt takes the outcome of an attempt.
func (c *call) reportAttempt() (any, error) {
	attempt := c.store.get(c.store.own.radarAttempt, c.params["id"])
	if attempt == nil {
		return nil, notFound("Radar attempt", c.params["id"])
	}
	for _, field := range []string{"challenge_status", "attempt_status"} {
		if v, ok := c.body[field]; ok {
			c.store.set(attempt, field, v)
		}
	}
	return object{}, nil
}

func radarEntryID(typ, action, entry string) string {
	return typ + " " + action + " " + strings.ToLower(entry)
}

// listEntry adds a value to a list. Adding one that the list already has is not an error.
func (c *call) listEntry() (any, error) {
	id := radarEntryID(c.params["type"], c.params["action"], c.inBody("entry"))
	if c.store.get(c.store.own.radarEntry, id) != nil {
		return c.respond(map[string]any{"message": "Entry already present."}), nil
	}
	c.store.add(&record{kind: c.store.own.radarEntry, id: id, fields: map[string]any{"entry": c.body["entry"]}})
	c.status = http.StatusNoContent
	return object{}, nil
}

// unlistEntry takes a value off a list.
func (c *call) unlistEntry() (any, error) {
	r := c.store.get(c.store.own.radarEntry, radarEntryID(c.params["type"], c.params["action"], c.inBody("entry")))
	if r == nil {
		return nil, notFound("Entry", c.inBody("entry"))
	}
	c.store.remove(r)
	return object{}, nil
}

// textRadarChallenge texts a code to the user of a pending sign-in.
func (c *call) textRadarChallenge() (any, error) {
	grant := c.grantOf(grantPending, c.inBody("pending_authentication_token"))
	if !c.live(grant) || grant.text(fieldUser) != c.inBody(fieldUser) {
		return nil, refusal(http.StatusBadRequest, "invalid_pending_authentication_token",
			"The pending authentication token is invalid or has expired.")
	}
	k := c.ix.kinds[kindRadarChallenge]
	user := c.store.get(c.ix.kinds[kindUser], grant.text(fieldUser))
	r := &record{kind: k, id: c.store.newID("vrf_", c.now), hidden: true, fields: map[string]any{
		"object": k.name, fieldType: "sms", fieldUser: user.id, fieldEmail: user.fields[fieldEmail],
		"phone_number": c.body["phone_number"], fieldCode: c.store.newCode(), "expires_at": c.in(codeLifetime),
		"created_at": timestamp(c.now), "updated_at": timestamp(c.now),
	}}
	r.fields["id"] = r.id
	c.store.add(r)
	c.mail(mail{to: c.inBody("phone_number"), about: "radar_challenge", user: user.id, code: r.text(fieldCode)})
	return c.respond(map[string]any{"verification_id": r.id, "phone_number": c.body["phone_number"]}), nil
}

package sandbox

// stateExpired is what a thing shows once its time is over.
const stateExpired = "expired"

const (
	statePending = "pending"

	fieldStatus = "status"
)

// expiry is how things of a kind end by themselves: the field that shows it, and the value that it has until then. The
// time is that of expires_at.
type expiry struct{ field, from string }

// expiryOf is that of a kind; the zero value: its things last.
func expiryOf(kind string) expiry {
	switch kind {
	case kindInvitation:
		return expiry{fieldState, statePending}
	case kindSession, kindAgentSession:
		return expiry{fieldStatus, stateActive}
	default:
		return expiry{}
	}
}

// current is the value that a field has now: a thing expires without a request that says so.
func (c *call) current(r *record, field string) any {
	v := r.fields[field]
	if e := r.kind.expiry; field == e.field && v == e.from && c.past(r, "expires_at") {
		return stateExpired
	}
	return v
}

// goesOn reports whether a session has neither been ended nor expired.
func (c *call) goesOn(session *record) bool {
	return session != nil && c.current(session, fieldStatus) == stateActive
}

// listSessions lists the sessions of a user that go on.
func (c *call) listSessions() (any, error) {
	c.seed(c.plan.kind, c.named)
	return c.listOf(c.candidates(c.plan.kind), func(r *record) bool { return c.goesOn(r) && c.shows(r) })
}

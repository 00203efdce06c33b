package sandbox

// ownKinds are the kinds of what all stores keep and the API does not know.
type ownKinds struct {
	action       *kind // the endpoints of actions, which no operation makes
	connect      *kind // what the Dashboard sets for Connect
	auditEvent   *kind // audit log events, which no operation shows: an export holds them
	delivery     *kind // events on their way to webhook endpoints
	emailChange  *kind // the changes of address that users have asked for
	example      *kind // the notes which collections have their example
	grant        *kind // what a client shows to get a token, and the tokens
	identity     *kind // users' accounts at providers of OAuth
	link         *kind // relations between two things that none of them shows
	mail         *kind // the messages of the outbox
	password     *kind // users' passwords, each under the user's ID
	radarAttempt *kind // what Radar has judged
	radarEntry   *kind // the values on the lists of Radar
	root         *kind // the environment's root key
	single       *kind // things that a path is the only name of, such as the environment's JWT template
}

func newOwnKinds() *ownKinds {
	o := &ownKinds{
		action:       newOwnKind("action_endpoint"),
		connect:      newOwnKind("connect_configuration"),
		auditEvent:   newOwnKind("audit_log_event", kindOrganization),
		delivery:     newOwnKind("delivery", "webhook_endpoint"),
		emailChange:  newOwnKind("email_change", kindUser),
		example:      newOwnKind("example"),
		grant:        newOwnKind("grant", kindUser),
		identity:     newOwnKind("identity", kindUser),
		link:         newOwnKind("link"),
		mail:         newOwnKind("mail"),
		password:     newOwnKind("password", kindUser),
		radarAttempt: newOwnKind("radar_attempt"),
		radarEntry:   newOwnKind("radar_list_entry"),
		root:         newOwnKind("root_key"),
		single:       newOwnKind("single"),
	}
	o.grant.parents = append(o.grant.parents, parent{kindProfile, kindProfile}) // codes and tokens of SSO
	o.grant.parents = append(o.grant.parents, parent{fieldConsent, kindConsent})
	return o
}

func (o *ownKinds) all() []*kind {
	return []*kind{
		o.action, o.auditEvent, o.connect, o.delivery, o.emailChange, o.example, o.grant, o.identity, o.link, o.mail,
		o.password, o.radarAttempt, o.radarEntry, o.root, o.single,
	}
}

// newOwnKind returns a kind of things that belong to those kinds, by a field of that name and _id.
func newOwnKind(name string, parents ...string) *kind {
	k := &kind{name: name, internal: true}
	for _, p := range parents {
		k.parents = append(k.parents, parent{p + "_id", p})
	}
	return k
}

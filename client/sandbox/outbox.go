package sandbox

// Message is an email or a text message that WorkOS would have sent.
type Message struct {
	To    string `json:"to"`    // an email address or a telephone number
	About string `json:"about"` // what it is for, such as magic_auth or invitation
	User  string `json:"user"`  // the ID of the user that it is for; "" for none
	Code  string `json:"code"`  // the code that it holds, or ""
	Link  string `json:"link"`  // the link that it holds, or ""
}

type mail struct{ to, about, user, code, link string }

// mail puts a message into the outbox.
func (c *call) mail(m mail) {
	c.store.add(&record{kind: c.store.own.mail, id: c.store.newID("mail_", c.now), fields: map[string]any{
		"to": m.to, "about": m.about, "user": m.user, fieldCode: m.code, "link": m.link, "sent_at": timestamp(c.now),
	}})
}

// Outbox returns the messages that WorkOS would have sent, the oldest first, of all environments.
func (s *Sandbox) Outbox() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []Message{}
	for _, env := range s.environments {
		list = append(list, env.outbox()...)
	}
	return list
}

// outbox returns the messages of the environment, the oldest first.
func (env *environment) outbox() []Message {
	mails := env.store.all(env.store.own.mail)
	list := make([]Message, 0, len(mails))
	for _, r := range mails {
		list = append(list, Message{
			To: r.text("to"), About: r.text("about"), User: r.text("user"), Code: r.text(fieldCode), Link: r.text("link"),
		})
	}
	return list
}

package sandbox

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/seed-f165d83c/workos/client/webhook"
)

// The types of actions.
const (
	actionAuthentication = "authentication"
	actionRegistration   = "user_registration"
)

// actionTolerance is how far the time of a verdict may be from the sandbox's clock.
const actionTolerance = 3 * time.Minute

// consultation is the error of a request that cannot go on without the verdict of an action endpoint: it is undone, the
// endpoint is called, and the request begins again.
type consultation struct {
	typ, url, secret string
	endpoint         string // its ID
	execution        string
	allowOnFailure   bool
	body             []byte

	document bool // whether the metadata of a client is fetched instead, at the URL that the type is
}

func (*consultation) Error() string { return "the action endpoint has to be asked" }

// verdict is what an action endpoint has said.
type verdict struct {
	allow     bool
	message   string
	endpoint  string
	execution string
	document  []byte // the metadata of a client; nil: none
}

// seedAction keeps an action endpoint of a seed.
func (c *call) seedAction(fields map[string]any) error {
	typ, id := text(fields[fieldType]), text(fields["id"])
	if typ != actionAuthentication && typ != actionRegistration {
		return fmt.Errorf("workos/sandbox: seed: action_endpoint: unknown type %q: want %s or %s", typ,
			actionAuthentication, actionRegistration)
	}
	if text(fields["url"]) == "" || text(fields["secret"]) == "" {
		return errors.New("workos/sandbox: seed: action_endpoint: want url and secret")
	}
	if id == "" {
		id = c.store.newID("action_endpoint_", c.now)
	}
	if c.actionEndpoint(typ) != nil {
		return fmt.Errorf("workos/sandbox: seed: there is an action_endpoint of the type %q already", typ)
	}
	fields[fieldType] = typ
	c.store.add(&record{kind: c.store.own.action, id: id, fields: fields})
	return nil
}

func (c *call) actionEndpoint(typ string) *record {
	for _, r := range c.store.all(c.store.own.action) {
		if r.text(fieldType) == typ {
			return r
		}
	}
	return nil
}

// consult asks the action endpoint of a type, if there is one, for its verdict about somebody: nil if it is to allow.
// The request has what more returns.
func (c *call) consult(typ, email string, a attempt, more func() object) (*verdict, error) {
	endpoint := c.actionEndpoint(typ)
	if endpoint == nil || c.unasked {
		return nil, nil //nolint:nilnil // nobody objects
	}
	if v, asked := c.verdicts[typ]; asked {
		if v.allow {
			return nil, nil //nolint:nilnil // as above
		}
		c.denied(typ, email, a, v)
		return &v, nil
	}
	q := &consultation{
		typ: typ, endpoint: endpoint.id, url: endpoint.text("url"), secret: endpoint.text("secret"),
		execution: c.store.newID("action_execution_", c.now), allowOnFailure: endpoint.text("on_failure") == "allow",
	}
	q.body = encode(append(object{
		{"id", q.execution}, {"object", typ + "_action_context"},
		{"ip_address", c.body["ip_address"]}, {"user_agent", c.body["user_agent"]}, {"device_fingerprint", nil},
	}, more()...))
	return nil, q
}

// denied appends the event of a verdict.
func (c *call) denied(typ, email string, a attempt, v verdict) {
	data := object{
		{"action_endpoint_id", v.endpoint}, {"action_execution_id", v.execution}, {fieldType, typ}, {"verdict", "Deny"},
	}
	if a.user != nil {
		data = append(data, member{fieldUser, a.user.id})
	}
	var organization any
	if a.organization != "" {
		organization = a.organization
	}
	c.emitData("action."+typ+".denied", append(data, member{fieldOrganization, organization}, member{fieldEmail, email},
		member{"ip_address", c.body["ip_address"]}, member{"user_agent", c.body["user_agent"]}), a.organization)
}

// consultSignIn asks whether a user may sign in.
func (c *call) consultSignIn(a attempt) (*verdict, error) {
	return c.consult(actionAuthentication, a.user.text(fieldEmail), a, func() object {
		more := object{{kindUser, c.payload(a.user)}, {kindOrganization, nil}, {kindMembership, nil}, {"issuer", nil}}
		if org := c.store.get(c.ix.kinds[kindOrganization], a.organization); org != nil {
			more[1].value = c.payload(org)
		}
		if m := c.membership(a.user.id, a.organization); m != nil {
			more[2].value = c.payload(m)
		}
		if a.shown != "" {
			more = append(more, member{"authentication_method", a.shown})
		}
		return more
	})
}

// consultRegistration asks whether somebody may register.
func (c *call) consultRegistration(email, method string) (*verdict, error) {
	return c.consult(actionRegistration, email, attempt{}, func() object {
		return object{
			{"user_data", object{{fieldEmail, email}, {fieldName, nil}, {"first_name", nil}, {"last_name", nil}}},
			{kindInvitation, nil}, {"authentication_method", method},
		}
	})
}

func (v *verdict) refusal() *problem {
	message := v.message
	if message == "" {
		message = "An action has denied the request."
	}
	return oauthRefusal("access_denied", message)
}

// ask calls an action endpoint. One that fails, or whose response is not signed, has its setting for failures obeyed.
func (s *Sandbox) ask(ctx context.Context, q *consultation, now time.Time) verdict {
	if q.document {
		return verdict{document: s.fetch(ctx, q.typ)}
	}
	v := verdict{endpoint: q.endpoint, execution: q.execution, allow: q.allowOnFailure}
	_, response, err := s.post(ctx, q.url, q.body, webhook.Sign(q.body, q.secret, now))
	if err != nil {
		return v
	}
	if allow, message, err := readVerdict(response, q, now); err == nil {
		v.allow, v.message = allow, message
	}
	return v
}

// readVerdict reads the response of an action endpoint. Its signature is the hexadecimal HMAC-SHA256 of the timestamp,
// a dot and the payload.
func readVerdict(text []byte, q *consultation, now time.Time) (allow bool, message string, err error) {
	var response struct {
		Object    string          `json:"object"`
		Payload   json.RawMessage `json:"payload"`
		Signature string          `json:"signature"`
	}
	var payload struct {
		Timestamp int64  `json:"timestamp"` // in milliseconds
		Verdict   string `json:"verdict"`
		Message   string `json:"error_message"`
	}
	if err := json.Unmarshal(text, &response); err != nil {
		return false, "", err //nolint:wrapcheck // nobody reads it
	}
	if err := json.Unmarshal(response.Payload, &payload); err != nil {
		return false, "", err //nolint:wrapcheck // as above
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, response.Payload); err != nil {
		return false, "", err //nolint:wrapcheck // as above
	}
	signature, err := hex.DecodeString(response.Signature)
	mac := hmac.New(sha256.New, []byte(q.secret))
	mac.Write(append([]byte(strconv.FormatInt(payload.Timestamp, 10)+"."), compact.Bytes()...))
	switch {
	case err != nil || !hmac.Equal(signature, mac.Sum(nil)):
		return false, "", errors.New("the signature is wrong")
	case response.Object != q.typ+"_action_response":
		return false, "", fmt.Errorf("the response is of the type %q", response.Object)
	case now.Sub(time.UnixMilli(payload.Timestamp)).Abs() > actionTolerance:
		return false, "", errors.New("the response is too old")
	case payload.Verdict != "Allow" && payload.Verdict != "Deny":
		return false, "", fmt.Errorf("the verdict is %q", payload.Verdict)
	}
	return payload.Verdict == "Allow", payload.Message, nil
}

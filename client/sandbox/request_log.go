package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Request is a request that the sandbox got, with its response. Secrets are masked: what the description marks as
// secret, passwords, codes and tokens.
type Request struct {
	Time      time.Time       `json:"time"` // of the sandbox
	ID        string          `json:"id"`   // the response's X-Request-Id
	Method    string          `json:"method"`
	Path      string          `json:"path"`
	Query     string          `json:"query"`
	Operation string          `json:"operation"` // ID; "" if the path is none of the API
	Key       string          `json:"key"`       // the end of the API key; "" for none
	Status    int             `json:"status"`
	Fault     string          `json:"fault"`    // ID of the rule that applied, or ""
	Body      json.RawMessage `json:"body"`     // JSON; null for none, and for one above 16 KiB
	Response  json.RawMessage `json:"response"` // likewise
}

// maxRequests is how many requests the log keeps, and maxLogged how many bytes of each body.
const (
	maxRequests = 1000
	maxLogged   = 16 << 10
)

// logged is a request of the log, as it came.
type logged struct {
	request

	at        time.Time
	plan      *plan // nil: none
	fault     string
	status    int
	requestID string
	response  []byte
}

// log keeps a request, in the place of the oldest if there are too many.
func (s *Sandbox) log(l logged) {
	if len(l.body) > maxLogged {
		l.body = nil
	}
	if len(l.response) > maxLogged {
		l.response = nil
	}
	s.logMu.Lock()
	defer s.logMu.Unlock()
	if len(s.requests) < maxRequests {
		s.requests = append(s.requests, l)
		return
	}
	s.requests[s.oldest] = l
	s.oldest = (s.oldest + 1) % maxRequests
}

// Requests returns the requests of those operations, the oldest first; of all if none is named. In a name, * stands for
// any text: "organizations.*". The sandbox keeps the newest 1000, and none for requests below /_sandbox/.
func (s *Sandbox) Requests(operations ...string) []Request {
	ix := s.ready()
	s.logMu.Lock()
	all := append(append([]logged{}, s.requests[s.oldest:]...), s.requests[:s.oldest]...)
	s.logMu.Unlock()
	found := []Request{}
	for _, l := range all {
		operation := ""
		if l.plan != nil {
			operation = l.plan.op.ID
		}
		wanted := len(operations) == 0
		for _, name := range operations {
			wanted = wanted || name != "" && glob(name).MatchString(operation)
		}
		if wanted {
			found = append(found, ix.shown(l, operation))
		}
	}
	return found
}

// shown masks a request.
func (ix *index) shown(l logged, operation string) Request {
	r := Request{
		Time: l.at, ID: l.requestID, Method: l.method, Path: ix.maskPath(l), Operation: operation, Status: l.status,
		Fault: l.fault, Body: ix.maskBody(l.body, l.form),
	}
	if l.status < http.StatusBadRequest {
		r.Response = ix.maskBody(l.response, false)
	} else {
		r.Response = ix.maskRefusal(l.response)
	}
	if l.bearer != "" {
		r.Key = "…" + l.bearer[max(0, len(l.bearer)-4):]
	}
	query, err := url.ParseQuery(l.query)
	if err != nil {
		return r
	}
	for name := range query {
		if ix.masks(name) {
			query.Set(name, masked)
		}
	}
	r.Query = query.Encode()
	return r
}

const masked = "***"

// masks reports whether the values of a name are secrets.
func (ix *index) masks(name string) bool {
	switch name {
	case "password", "new_password", "password_hash", "code", "token", "client_secret", "access_token", "refresh_token",
		"pending_authentication_token", "device_code", "code_verifier", "invitation_token", "link", "data_key",
		"encrypted_keys", "keys", "secret", "id_token", "external_auth_id", fieldForm:
		return true
	default:
		return ix.secretNames[name]
	}
}

func (ix *index) maskPath(l logged) string {
	if l.plan == nil {
		return l.path
	}
	parts := strings.Split(l.path, "/")
	for i, segment := range l.plan.segs {
		if isParam(segment) && i+1 < len(parts) && ix.masks(paramName(segment)) {
			parts[i+1] = masked
		}
	}
	return strings.Join(parts, "/")
}

func (ix *index) maskBody(body []byte, form bool) json.RawMessage {
	v, err := decodeBody(request{body: body, form: form})
	if len(body) == 0 || err != nil {
		return json.RawMessage("null")
	}
	return encode(ix.maskValue(v))
}

// maskRefusal masks the response to a request that was refused, whose code is no secret.
func (ix *index) maskRefusal(body []byte) json.RawMessage {
	v, err := decode(body)
	if err != nil {
		return json.RawMessage("null")
	}
	refused, ok := v.(map[string]any)
	code, coded := refused[fieldCode]
	ix.maskValue(v)
	if ok && coded {
		refused[fieldCode] = code
	}
	return encode(v)
}

func (ix *index) maskValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			if _, text := value.(string); text && ix.masks(name) {
				v[name] = masked
			} else {
				v[name] = ix.maskValue(value)
			}
		}
	case []any:
		for i := range v {
			v[i] = ix.maskValue(v[i])
		}
	}
	return v
}

package sandbox

import (
	"errors"
	"net/http"
	"strings"
)

// problem is a response that is not a success.
type problem struct {
	status   int
	code     string
	message  string
	entityID string
	fields   []fieldProblem
	more     object // members beside code and message
	oauth    bool   // whether it has the members of RFC 6749 section 5.2
	allow    string

	challenge string // of the header WWW-Authenticate
}

// fieldProblem says what is wrong with a field, named by its path in the body.
type fieldProblem struct{ field, code string }

// The codes of field problems.
const (
	codeRequired = "required"
	codeUnknown  = "unknown_field"
	codeType     = "invalid_type"
	codeValue    = "invalid_value"
	codeLength   = "invalid_length"
	codeFormat   = "invalid_format"
	codeConflict = "mutually_exclusive"
)

const fieldCode = "code"

func (p *problem) Error() string { return p.message }

// keptError is a refusal that leaves a trace: what the request changed before it stays, such as a failed attempt.
type keptError struct{ problem *problem }

func (k *keptError) Error() string { return k.problem.message }

func asKept(err error, kept **keptError) bool { return errors.As(err, kept) }

//go:noinline
func notFound(what, id string) *problem {
	return &problem{
		status: http.StatusNotFound, code: "entity_not_found", entityID: id,
		message: what + " not found: '" + id + "'.",
	}
}

//go:noinline
func refusal(status int, code, message string) *problem {
	return &problem{status: status, code: code, message: message}
}

// oauthRefusal is one with the members of RFC 6749 section 5.2.
//
//go:noinline
func oauthRefusal(code, message string) *problem {
	return &problem{status: http.StatusBadRequest, code: code, message: message, oauth: true}
}

func badRequest(message string) *problem {
	return &problem{status: http.StatusBadRequest, code: "bad_request", message: message}
}

// invalid returns the refusal of a request that is not as described, nil if there is nothing wrong.
func (c *call) invalid(fields []fieldProblem) error {
	if len(fields) == 0 {
		return nil
	}
	var texts []string
	for _, f := range fields {
		texts = append(texts, f.field+" ("+f.code+")")
	}
	return &problem{
		status: c.plan.facts.invalidStatus(), code: c.plan.facts.invalidCode(), fields: fields,
		message: "Validation failed: " + strings.Join(texts, ", ") + ".",
	}
}

// problemReply is the response to a request that was refused.
func (c *call) problemReply(err error) reply {
	var p *problem
	if errors.As(err, &p) && strings.HasPrefix(c.plan.op.Path, "/vault/") {
		return reply{
			status: p.status, media: jsonMedia, allow: p.allow,
			body: encode(object{{"error", p.message}, {fieldCode, p.code}}),
		}
	}
	return newProblemReply(err)
}

func newProblemReply(err error) reply {
	var p *problem
	if !errors.As(err, &p) {
		p = &problem{status: http.StatusInternalServerError, code: "internal_error", message: "Internal error."}
	}
	var body object
	switch {
	case p.oauth:
		body = object{{"error", p.code}, {"error_description", p.message}}
	case p.code == "":
		body = object{{"message", p.message}}
	default:
		body = object{{fieldCode, p.code}, {"message", p.message}}
	}
	if p.entityID != "" {
		body = append(body, member{"entity_id", p.entityID})
	}
	if p.fields != nil {
		list := make([]any, len(p.fields))
		for i, f := range p.fields {
			list[i] = object{{"field", f.field}, {fieldCode, f.code}}
		}
		body = append(body, member{"errors", list})
	}
	return reply{
		status: p.status, media: jsonMedia, body: encode(append(body, p.more...)), allow: p.allow, challenge: p.challenge,
	}
}

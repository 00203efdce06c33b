package sandbox

import (
	"errors"
	"net/http"
	"strings"
)

// problem is an answer that is not a success.
type problem struct {
	status   int
	code     string
	message  string
	entityID string
	fields   []fieldProblem
	allow    string
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

func notFound(what, id string) *problem {
	return &problem{
		status: http.StatusNotFound, code: "entity_not_found", entityID: id,
		message: what + " not found: '" + id + "'.",
	}
}

func conflict(code, message string) *problem {
	return &problem{status: http.StatusConflict, code: code, message: message}
}

func badRequest(message string) *problem {
	return &problem{status: http.StatusBadRequest, code: "bad_request", message: message}
}

// unprocessable returns an error, nil if there is nothing wrong.
func unprocessable(fields []fieldProblem) error {
	if len(fields) == 0 {
		return nil
	}
	var texts []string
	for _, f := range fields {
		texts = append(texts, f.field+" ("+f.code+")")
	}
	return &problem{
		status: http.StatusUnprocessableEntity, code: "unprocessable_entity", fields: fields,
		message: "Validation failed: " + strings.Join(texts, ", ") + ".",
	}
}

func newProblemReply(err error) reply {
	var p *problem
	if !errors.As(err, &p) {
		p = &problem{status: http.StatusInternalServerError, code: "internal_error", message: "Internal error."}
	}
	body := object{{fieldCode, p.code}, {"message", p.message}}
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
	return reply{status: p.status, body: encode(body), allow: p.allow}
}

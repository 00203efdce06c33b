package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// facts are what the description says of an operation's behavior.
type facts struct {
	errors map[int][]string // the codes of documented refusals by status
	unique []uniqueFact
	states *stateFact
	emits  []string // types of the events that a success appends
}

// uniqueFact names fields that no two things may share. The last is compared among those that share the others.
type uniqueFact struct {
	Fields []string `json:"fields"`
	Status int      `json:"status"`
	Code   string   `json:"code"`
}

// stateFact is the move of a field from some values to another.
type stateFact struct {
	Field  string `json:"field"`
	From   []any  `json:"from"`
	To     any    `json:"to"`
	At     string `json:"at"` // the field of the time of the move, or ""
	Status int    `json:"status"`
	Code   string `json:"code"`
}

// factsOf reads the extensions of an operation. What is not as it should be is left out; a test reads them strictly.
func factsOf(op *optable.Operation) facts {
	f := facts{errors: map[int][]string{}}
	byStatus := map[string][]string{}
	read(op, "x-errors", &byStatus)
	for status, codes := range byStatus {
		if n, err := strconv.Atoi(status); err == nil {
			f.errors[n] = codes
		}
	}
	read(op, "x-unique", &f.unique)
	read(op, "x-states", &f.states)
	read(op, "x-emits", &f.emits)
	return f
}

func read(op *optable.Operation, extension string, into any) {
	if text := op.Extension(extension); text != "" {
		_ = json.Unmarshal([]byte(text), into)
	}
}

// invalidStatus is that of a request that is not as described: 422 unless the operation documents 400 alone.
func (f *facts) invalidStatus() int {
	_, unprocessable := f.errors[http.StatusUnprocessableEntity]
	_, bad := f.errors[http.StatusBadRequest]
	if bad && !unprocessable {
		return http.StatusBadRequest
	}
	return http.StatusUnprocessableEntity
}

// invalidCode is the code of such a refusal: that of the API where it documents one.
func (f *facts) invalidCode() string {
	codes := f.errors[f.invalidStatus()]
	for _, code := range []string{"invalid_request_parameters", "invalid_request", "bad_request"} {
		if slices.Contains(codes, code) {
			return code
		}
	}
	if f.invalidStatus() == http.StatusBadRequest {
		return "bad_request"
	}
	return "unprocessable_entity"
}

// move brings a thing into the state that the operation leads to, or refuses to.
func (c *call) move(r *record) error {
	s := c.plan.facts.states
	if state := c.current(r, s.Field); !slices.Contains(s.From, state) {
		return &problem{
			status: max(s.Status, http.StatusBadRequest), code: s.Code,
			message: r.kind.title() + " is " + text(state) + ".",
		}
	}
	c.store.set(r, s.Field, s.To)
	if s.At != "" {
		c.store.set(r, s.At, timestamp(c.now))
	}
	return nil
}

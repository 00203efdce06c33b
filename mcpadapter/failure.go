package mcpadapter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// Codes of failures that the adapter itself finds. Every other code comes from the API.
const (
	CodeInvalidArguments = "invalid_arguments" // nothing was sent
	CodeFiltered         = "filtered"          // a [Filter] does not permit the operation; nothing was sent
	CodeRequestFailed    = "request_failed"    // no answer came, or none that could be read
	CodeTimeout          = "upstream_timeout"  // the call took too long; it may have been carried out
	CodeCanceled         = "canceled"          // the caller gave up
	CodeInternal         = "internal_error"    // a fault of the adapter or the client
)

// Failure is a call that did not succeed, in a form for people and models. It carries no credential.
type Failure struct {
	Status    int             `json:"status,omitempty"` // HTTP status; 0: no answer
	Code      string          `json:"code"`
	Message   string          `json:"message"`
	RequestID string          `json:"request_id,omitempty"`
	Arguments []Problem       `json:"arguments,omitempty"`
	Example   json.RawMessage `json:"example,omitempty"` // valid arguments, if those given are not
	Details   json.RawMessage `json:"details,omitempty"` // what else the API said, such as errors by field
	Advice    string          `json:"advice,omitempty"`  // what it means for the operation, and what to do next
	// RetryAfter is how many seconds the API asks to wait before the next call; 0: it does not say.
	RetryAfter int `json:"retry_after,omitempty"`

	Confirmation *PendingConfirmation `json:"confirmation,omitempty"` // with CodeConfirmationRequired
}

// String is the failure in a few sentences.
func (f *Failure) String() string {
	var b strings.Builder
	if f.Status != 0 {
		b.WriteString(strconv.Itoa(f.Status) + " ")
	}
	b.WriteString(jsontext.OneLine(f.Code))
	if f.Message != "" {
		b.WriteString(": " + jsontext.OneLine(f.Message))
	}
	for _, p := range f.Arguments {
		b.WriteString("\n- " + p.String())
	}
	if len(f.Example) > 0 {
		b.WriteString("\nExample: " + string(f.Example))
	}
	if len(f.Details) > 0 {
		var details bytes.Buffer // on one line
		if json.Compact(&details, f.Details) == nil {
			b.WriteString("\nDetails: " + string(jsontext.Escape(details.Bytes())))
		}
	}
	if f.Confirmation != nil {
		b.WriteString("\nQuestion: " + f.Confirmation.Question + "\nToken: " + f.Confirmation.Token)
	}
	if f.RequestID != "" {
		b.WriteString("\nRequest ID: " + jsontext.OneLine(f.RequestID))
	}
	if f.Advice != "" {
		b.WriteString("\n" + f.Advice)
	}
	return b.String()
}

// Result returns the failure as the result of a call.
func (f *Failure) Result() Result { return failed(f) }

// brief is the failure in half a sentence.
func (f *Failure) brief() string {
	text := f.Code
	if f.Status != 0 {
		text = strconv.Itoa(f.Status) + " " + text
	}
	if f.Message != "" {
		text += ", " + strings.TrimSuffix(phrase.Preview(f.Message), ".")
	}
	return jsontext.OneLine(text)
}

// statusCode is the code of a failure whose answer names none, such as not_found for 404.
func statusCode(status int) string {
	text := http.StatusText(status)
	if text == "" {
		return "http_" + strconv.Itoa(status)
	}
	return strings.ToLower(strings.NewReplacer(" ", "_", "-", "_", "'", "").Replace(text))
}

func invalidArguments(message string, problems []Problem) *Failure {
	f := &Failure{Code: CodeInvalidArguments, Arguments: problems, Message: message}
	if len(problems) == value.MaxProblems {
		f.Message += fmt.Sprintf("; the first %d problems", value.MaxProblems)
	}
	return f
}

// UnknownToolError is returned for a name that no tool has.
type UnknownToolError struct {
	Name    string
	Nearest []string // best first, possibly none
}

func (e *UnknownToolError) Error() string {
	text := fmt.Sprintf("there is no tool %q", e.Name)
	if len(e.Nearest) > 0 {
		text += "; did you mean " + strings.Join(e.Nearest, " or ") + "?"
	}
	return text
}

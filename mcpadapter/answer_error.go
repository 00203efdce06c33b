package mcpadapter

import (
	"encoding/json"
	"time"
)

// AnswerError is an error of a client that tells what the API answered. What a client returns of this kind becomes a
// failure with all of it; other errors are described by [WithFailures], or are their text. If it has a method
//
//	RetryAfter() (wait time.Duration, given bool)
//
// the wait is told too.
type AnswerError interface {
	error
	// Answer returns the HTTP status, the API's code and message, its ID of the request, and what else it said, as a
	// value for encoding/json. Each but the status may be empty. None holds a credential.
	Answer() (status int, code, message, requestID string, details any)
}

func answerFailure(err AnswerError) *Failure {
	status, code, message, requestID, details := err.Answer()
	f := &Failure{Status: status, Code: code, Message: message, RequestID: requestID}
	if f.Code == "" {
		f.Code = statusCode(status)
	}
	if asks, ok := err.(interface{ RetryAfter() (time.Duration, bool) }); ok {
		if wait, given := asks.RetryAfter(); given {
			f.RetryAfter = wholeSeconds(wait)
		}
	}
	if details != nil {
		if text, err := json.Marshal(details); err == nil {
			f.Details = text
		}
	}
	return f
}

package mcpadapter

import (
	"encoding/json"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// ErrorWithResponse is an error of a client that has what the API responded with. It becomes a failure with all of it;
// other errors are described by [WithFailures], or are their text. If it also has a method
//
//	RetryAfter() (wait time.Duration, given bool)
//
// the failure has the wait too.
type ErrorWithResponse interface {
	error
	ResponseError() optable.ResponseError
}

func failureOf(err ErrorWithResponse) *Failure {
	response := err.ResponseError()
	f := &Failure{
		Status: response.Status, Code: response.Code, Message: response.Message, RequestID: response.RequestID,
	}
	if f.Code == "" {
		f.Code = statusCode(f.Status)
	}
	if asks, ok := err.(interface{ RetryAfter() (time.Duration, bool) }); ok {
		if wait, given := asks.RetryAfter(); given {
			f.RetryAfter = wholeSeconds(wait)
		}
	}
	if response.Details != nil {
		if text, err := json.Marshal(response.Details); err == nil {
			f.Details = text
		}
	}
	return f
}

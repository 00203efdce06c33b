package client

import (
	"errors"
	"net/http"
)

// Kinds of [Error], for errors.Is. A status that none of them names is told by [Error.StatusCode].
var (
	ErrBadRequest   = errors.New("bad request")       // 400
	ErrUnauthorized = errors.New("unauthorized")      // 401: the credential is missing, wrong or expired
	ErrForbidden    = errors.New("forbidden")         // 403; also a sign-in that needs a further step, see Error.StepUp
	ErrNotFound     = errors.New("not found")         // 404
	ErrConflict     = errors.New("conflict")          // 409
	ErrValidation   = errors.New("validation failed") // 422, or 400 with reasons in Error.Errors
	ErrRateLimited  = errors.New("rate limited")      // 429, see Error.RetryAfter
	ErrServer       = errors.New("server error")      // 5xx
	// ErrInvalidResponse is a success that cannot be read: not JSON where that is documented, cut off, or of another
	// shape. The server has carried the operation out.
	ErrInvalidResponse = errors.New("invalid response")
	// ErrResponseTooLarge is an [ErrInvalidResponse] for its size, see [WithMaxResponseBytes].
	ErrResponseTooLarge = errors.New("response too large")
)

// codeInvalidResponse is the [Error.Code] of ErrInvalidResponse.
const codeInvalidResponse = "invalid_response"

// Is tells whether the error is of a kind.
func (e *Error) Is(kind error) bool {
	switch kind {
	case ErrBadRequest:
		return e.StatusCode == http.StatusBadRequest
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized
	case ErrForbidden:
		return e.StatusCode == http.StatusForbidden
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound
	case ErrConflict:
		return e.StatusCode == http.StatusConflict
	case ErrValidation:
		return e.StatusCode == http.StatusUnprocessableEntity || e.StatusCode == http.StatusBadRequest && len(e.Errors) > 0
	case ErrRateLimited:
		return e.StatusCode == http.StatusTooManyRequests
	case ErrServer:
		return e.StatusCode >= http.StatusInternalServerError
	case ErrInvalidResponse:
		return e.cause != nil
	}
	return false
}

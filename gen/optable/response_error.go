package optable

// ResponseError is what an API responded with to a call that it refused, as a client hands it to those who report it.
// Each field but the status may be empty. None holds a credential of the call.
type ResponseError struct {
	Status    int    // HTTP status
	Code      string // the API's
	Message   string
	RequestID string
	Details   any // what else the API said, such as errors by field; a value for encoding/json
	// Body is all that the API said, a JSON object; nil: unknown. Whoever passes it on hides what its names mark as
	// secret.
	Body []byte
}

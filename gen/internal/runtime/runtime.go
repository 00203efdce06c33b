// Package runtime has what the generated client shares between its operations: building a request, which refuses a path
// value that would reach another endpoint, and reading a response. It writes parameters by the oapi-codegen runtime.
package runtime

import upstream "github.com/oapi-codegen/runtime"

// JSONMerge merges patch into data (RFC 7386).
func JSONMerge(data, patch []byte) ([]byte, error) {
	return upstream.JSONMerge(data, patch) //nolint:wrapcheck // the generated caller hands it on as it is
}

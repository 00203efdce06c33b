// Package runtime stands between the generated client and the oapi-codegen runtime, so that a path value
// that would reach another endpoint is refused where the URL is built.
package runtime

import (
	"fmt"

	upstream "github.com/oapi-codegen/runtime"
)

// StyleParamOptions is the upstream type, unchanged.
type StyleParamOptions = upstream.StyleParamOptions

// Where a parameter stands.
const (
	ParamLocationPath   = upstream.ParamLocationPath
	ParamLocationQuery  = upstream.ParamLocationQuery
	ParamLocationHeader = upstream.ParamLocationHeader
)

// JSONMerge merges patch into data (RFC 7386).
func JSONMerge(data, patch []byte) ([]byte, error) {
	return upstream.JSONMerge(data, patch) //nolint:wrapcheck // the generated caller hands it on as it is
}

// StyleParamWithOptions writes a parameter in its OpenAPI style. A path value that is empty, "." or ".." is an
// error: resolving the URL would drop the segment and address another endpoint (RFC 3986 section 5.2.4). Escaping
// does not help, as "." is unreserved. So is a value with which
// the URL would be that of another operation, by optable.Router.
func StyleParamWithOptions(style string, explode bool, name string, value any, opts StyleParamOptions) (string, error) {
	s, err := upstream.StyleParamWithOptions(style, explode, name, value, opts)
	if err == nil && opts.ParamLocation == ParamLocationPath &&
		(s == "" || s == "." || s == ".." || reserved(name, s)) {
		return "", fmt.Errorf("path parameter %q is %q, which would address another endpoint", name, s)
	}
	return s, err //nolint:wrapcheck // as above
}

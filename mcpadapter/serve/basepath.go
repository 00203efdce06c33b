package serve

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
)

const basePathFlag = "base-path"

// checkBasePath returns the path below which everything is served, without a slash at its end; "": the root.
func checkBasePath(text string) (string, error) {
	base := strings.TrimSuffix(text, "/")
	// Without characters that URLs escape or patterns of [http.ServeMux] treat as special.
	plain := regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)+$`)
	if base != "" && (!plain.MatchString(base) || path.Clean(base) != base) {
		return "", usageError{fmt.Errorf("--%s: invalid path %.80q: want one such as /workos", basePathFlag, text)}
	}
	return base, nil
}

// checkBaseURL returns the URL that stands before the base path for clients, and its host. Its path is empty or the
// base path.
func checkBaseURL(text, basePath string) (origin, host string, err error) {
	base, err := url.Parse(text)
	if err != nil || base.Scheme != "https" && base.Scheme != "http" || base.Host == "" || base.RawQuery != "" ||
		base.Fragment != "" || base.User != nil {
		return "", "", usageError{fmt.Errorf("--%s: invalid URL %.80q: want one such as https://mcp.example.com",
			baseURLFlag, text)}
	}
	if own := strings.TrimSuffix(base.Path, "/"); own != "" && own != basePath {
		return "", "", usageError{fmt.Errorf("--%s: invalid URL %.80q: its path must be that of --%s, or none",
			baseURLFlag, text, basePathFlag)}
	}
	return base.Scheme + "://" + base.Host, base.Host, nil
}

package authkit

import (
	"fmt"
	"net/url"
	"path"
	"strings"
)

// glob is a pattern of paths, split at slashes.
type glob []string

// WithPublicPaths makes [Sessions.Require] pass requests of these paths as [Sessions.Allow] does. In a pattern "*"
// matches any characters but a slash, and "**" as a whole segment any number of segments: "/", "/blog/*", "/docs/**". A
// path with "." or ".." segments, double or encoded slashes matches none, because a router may take it for another one.
func WithPublicPaths(patterns ...string) SessionsOption {
	return func(s *Sessions) error {
		globs, err := parseGlobs(patterns)
		if err != nil {
			return fmt.Errorf("WithPublicPaths: %w", err)
		}
		s.public = globs
		return nil
	}
}

// WithSignUpPaths makes [Sessions.Require] redirect requests of these paths, if no user is signed in, to AuthKit's
// sign-up screen. Patterns are those of [WithPublicPaths].
func WithSignUpPaths(patterns ...string) SessionsOption {
	return func(s *Sessions) error {
		globs, err := parseGlobs(patterns)
		if err != nil {
			return fmt.Errorf("WithSignUpPaths: %w", err)
		}
		s.signUp = globs
		return nil
	}
}

func parseGlobs(patterns []string) ([]glob, error) {
	globs := make([]glob, 0, len(patterns))
	for _, pattern := range patterns {
		if !strings.HasPrefix(pattern, "/") {
			return nil, fmt.Errorf("invalid pattern %q: want one that begins with a slash", pattern)
		}
		segments := strings.Split(pattern, "/")
		for _, segment := range segments {
			_, err := path.Match(segment, "")
			if err != nil || strings.ContainsAny(segment, `?[]\`) || segment != "**" && strings.Contains(segment, "**") {
				return nil, fmt.Errorf(`invalid pattern %q: segment %q is neither "**" nor text with "*"`, pattern, segment)
			}
		}
		globs = append(globs, segments)
	}
	return globs, nil
}

// matches reports whether one of the patterns matches the path of a URL that no router can understand otherwise.
func matches(globs []glob, target *url.URL) bool {
	text := target.Path
	if len(globs) == 0 || target.RawPath != "" || !strings.HasPrefix(text, "/") || len(text) > maxReturn ||
		strings.Contains(text, "//") || strings.Contains(text, `\`) ||
		path.Clean(text) != strings.TrimSuffix(text, "/") && text != "/" {
		return false
	}
	segments := strings.Split(text, "/")
	for _, g := range globs {
		if g.match(segments) {
			return true
		}
	}
	return false
}

// match takes at most len(g) * len(segments) steps: only the last "**" is tried again.
func (g glob) match(segments []string) bool {
	at, from, retry := 0, 0, -1
	for i := 0; ; {
		switch {
		case at < len(g) && g[at] == "**":
			retry, from = at, i
			at++
			continue
		case i == len(segments):
			return at == len(g)
		case at < len(g) && matchSegment(g[at], segments[i]):
			at++
			i++
			continue
		}
		if retry < 0 {
			return false
		}
		from++
		at, i = retry+1, from
		if i > len(segments) {
			return false
		}
	}
}

func matchSegment(pattern, segment string) bool {
	ok, err := path.Match(pattern, segment)
	return err == nil && ok
}

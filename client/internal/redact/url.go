package redact

import "strings"

// URLs returns the text of an error of a transport without the secrets that its URLs may have: user names, passwords,
// queries and fragments.
func URLs(text string) string { return queries(userInfo(unparsed(text))) }

// Transport returns an error with the text of err as [URLs] has it. It unwraps to err.
func Transport(err error) error { return &transportError{URLs(err.Error()), err} }

type transportError struct {
	text  string
	cause error
}

func (e *transportError) Error() string { return e.text }

func (e *transportError) Unwrap() error { return e.cause }

// unparsed removes a URL that could not be parsed, and the reason, which quotes parts of it: in the URL of a proxy
// whose password has a slash or a space, nobody can tell where the password ends.
func unparsed(text string) string {
	if before, _, found := strings.Cut(text, `parse "`); found {
		return before + "parse a URL: it is invalid"
	}
	return text
}

// queries removes queries and fragments, which may contain codes and secrets, from the text of transport errors.
func queries(text string) string {
	var out strings.Builder
	for {
		at := strings.IndexAny(text, "?#")
		if at < 0 {
			out.WriteString(text)
			return out.String()
		}
		out.WriteString(text[:at])
		text = text[at+1:]
		if end := strings.IndexAny(text, " \"'"); end >= 0 {
			text = text[end:]
		} else {
			text = ""
		}
	}
}

// userInfo replaces the user name and password of URLs, as proxies' errors contain them.
func userInfo(text string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "://")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		out.WriteString("://")
		authority := rest
		if end := strings.IndexAny(rest, "/?# \"'"); end >= 0 {
			authority = rest[:end]
		}
		if at := strings.LastIndexByte(authority, '@'); at >= 0 {
			out.WriteString(Mark)
			rest = rest[at:]
		}
		text = rest
	}
}

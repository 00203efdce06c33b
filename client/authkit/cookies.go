package authkit

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxCookie  = 4096 // bytes of name and value that browsers keep (RFC 6265bis section 5.7)
	maxCookies = 4    // of one name that are looked at
	maxParts   = 24   // of a split session, which has at most maxSealed bytes

	sealEnd = "~" + ironVersion // which ends a seal, and is nowhere else in it
)

// stored is a session as a request brings it.
type stored struct {
	session *Session
	id      string // in the store of sessions; "": the cookie holds the session
	sealed  []byte // what the store has under the ID
}

// read opens the session cookies. A request may have several of the name, from other paths and domains, and split ones;
// those that cannot be opened are ignored. The session whose access token expires last is first. A store that does not
// respond is asked once.
func (s *Sessions) read(r *http.Request) ([]stored, error) {
	var found []stored
	err := fmt.Errorf("%w %q", ErrNoCookie, s.cookie.Name)
	for _, value := range s.values(r) {
		if s.isID(value) && errors.Is(err, ErrStateUnavailable) {
			continue
		}
		one, refused := s.open(r.Context(), value)
		switch {
		case refused == nil:
			found = append(found, one)
		case !errors.Is(err, ErrStateUnavailable):
			err = refused
		}
	}
	if len(found) == 0 {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b stored) int { return b.session.end().Compare(a.session.end()) })
	return found, nil
}

// values returns the values of session cookies, with split ones joined.
func (s *Sessions) values(r *http.Request) []string {
	named := map[string][]string{}
	for _, cookie := range r.Cookies() {
		if s.isSession(cookie.Name) && len(named[cookie.Name]) < maxCookies {
			named[cookie.Name] = append(named[cookie.Name], cookie.Value)
		}
	}
	values := named[s.cookie.Name]
	for n := range maxCookies {
		if joined, ok := s.join(named, n); ok && !slices.Contains(values, joined) {
			values = append(values, joined)
		}
	}
	return values
}

// join joins the n-th parts of each name: browsers send cookies of one path and domain in the same place. Of a name
// with fewer it takes the last. ok is false if no name has so many.
func (s *Sessions) join(named map[string][]string, n int) (joined string, ok bool) {
	for i := range maxParts {
		parts := named[s.part(i)]
		if len(parts) == 0 || len(joined) > maxSealed {
			break
		}
		ok = ok || n < len(parts)
		joined += parts[min(n, len(parts)-1)]
		if strings.HasSuffix(joined, sealEnd) { // what follows is of an earlier, longer one
			break
		}
	}
	return joined, ok && joined != ""
}

// part returns the name of a part of a split session.
func (s *Sessions) part(i int) string { return s.cookie.Name + "." + strconv.Itoa(i) }

// isSession reports whether name is that of a session cookie or of a part of one.
func (s *Sessions) isSession(name string) bool {
	rest, ok := strings.CutPrefix(name, s.cookie.Name)
	if !ok || rest == "" {
		return ok
	}
	digits, ok := strings.CutPrefix(rest, ".")
	i, err := strconv.Atoi(digits)
	return ok && err == nil && i >= 0 && i < maxParts && rest == "."+strconv.Itoa(i)
}

// set sets session cookies to value, split if it does not fit into one, and deletes those of the request that are no
// part of it.
func (s *Sessions) set(w http.ResponseWriter, r *http.Request, value string) error {
	parts := map[string]string{s.cookie.Name: value}
	names := []string{s.cookie.Name}
	if len(s.cookie.Name)+len(value) > maxCookie {
		parts, names = map[string]string{}, nil
		size := maxCookie - len(s.part(maxParts-1))
		for i := 0; value != "" && size > 0; i++ {
			if i == maxParts {
				return fmt.Errorf("workos/authkit: save session: %w: more than %d cookies", ErrCookieSize, maxParts)
			}
			n := min(size, len(value))
			parts[s.part(i)], value = value[:n], value[n:]
			names = append(names, s.part(i))
		}
	}
	s.clear(w, r, func(name string) bool { _, ok := parts[name]; return ok })
	for _, name := range names {
		cookie := s.cookie //nolint:gosec // it has the attributes that checkCookie asks for
		cookie.Name, cookie.Value = name, parts[name]
		setCookie(w, &cookie)
	}
	return nil
}

// clear deletes the session cookies of the request that are not to be kept, and withdraws those that this response set.
func (s *Sessions) clear(w http.ResponseWriter, r *http.Request, keep func(string) bool) {
	var gone []string
	for _, cookie := range r.Cookies() {
		if s.isSession(cookie.Name) && !keep(cookie.Name) && !slices.Contains(gone, cookie.Name) {
			gone = append(gone, cookie.Name)
		}
	}
	s.withdraw(w)
	for _, name := range gone {
		s.remove(w, name)
	}
}

// withdraw removes session cookies from the header of the response, where an earlier one would precede a later one.
func (s *Sessions) withdraw(w http.ResponseWriter) {
	lines := slices.DeleteFunc(w.Header()["Set-Cookie"], func(line string) bool {
		name, _, _ := strings.Cut(line, "=")
		return s.isSession(name)
	})
	if len(lines) == 0 {
		w.Header().Del("Set-Cookie")
		return
	}
	w.Header()["Set-Cookie"] = lines
}

func (s *Sessions) remove(w http.ResponseWriter, name string) {
	cookie := s.cookie //nolint:gosec // it has the attributes that checkCookie asks for
	cookie.Name, cookie.MaxAge, cookie.Expires = name, -1, time.Time{}
	setCookie(w, &cookie)
}

// Clear deletes the session cookies of a request, and the session from the store of [WithSessionStore]. The session at
// WorkOS continues: [Sessions.SignOut] ends both. If the store is down the error wraps [ErrStateUnavailable]; the
// cookies are deleted nevertheless.
func (s *Sessions) Clear(w http.ResponseWriter, r *http.Request) error {
	s.clear(w, r, func(name string) bool { return name == s.cookie.Name })
	s.remove(w, s.cookie.Name)
	return s.forget(r, s.values(r))
}

// setCookie also prevents shared caching of the cookie.
func setCookie(w http.ResponseWriter, cookie *http.Cookie) {
	http.SetCookie(w, cookie)
	w.Header().Set("Cache-Control", "no-store")
}

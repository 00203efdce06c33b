package credential

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Endings of the variables for client credentials.
const (
	clientID     = "_CLIENT_ID"
	clientSecret = "_CLIENT_SECRET"
)

// Variable is an environment variable with a credential.
type Variable struct {
	Name   string // such as MUSEUM_MCP_API_KEY
	Scheme string
	Help   string // what its value is

	field field
}

// field is the field of a credential.
type field int

const (
	inSecret field = iota
	inClientID
	inClientSecret
)

// Variables returns the environment variables of the schemes: the prefix, unless it is "", and the name of the scheme
// in capitals. Reserved names get a number.
func (s *Schemes) Variables(prefix string, reserved ...string) []Variable {
	if prefix != "" {
		prefix += "_"
	}
	taken := slices.Clone(reserved)
	var list []Variable
	for _, scheme := range s.usable {
		base := prefix + capitals(scheme.Name)
		name := base
		for n := 2; slices.Contains(taken, name); n++ {
			name = base + "_" + strconv.Itoa(n)
		}
		taken = append(taken, name)
		list = append(list, Variable{Name: name, Scheme: scheme.Name, Help: help(scheme)})
		if scheme.TokenURL != "" {
			list = append(list,
				Variable{name + clientID, scheme.Name, "client ID, in place of a token", inClientID},
				Variable{name + clientSecret, scheme.Name, "secret of the client", inClientSecret})
		}
	}
	return list
}

// capitals returns a name such as apiKeyAuth as API_KEY_AUTH.
func capitals(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) || r > unicode.MaxASCII:
			r = '_'
		case i > 0 && unicode.IsUpper(r) && unicode.IsLower(runes[i-1]):
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

func help(s *optable.SecurityScheme) string {
	switch {
	case s.Type == optable.APIKey:
		return fmt.Sprintf("API key, sent in the %s %s", s.In, s.Parameter)
	case s.Type == optable.HTTP && strings.EqualFold(s.Scheme, basic):
		return "USER:PASSWORD"
	case s.Type == optable.HTTP && !strings.EqualFold(s.Scheme, bearer):
		return "credential of the HTTP scheme " + s.Scheme
	}
	return "bearer token"
}

// FromVariables returns the credentials of environment variables; getenv returns "" for those that are not set.
func FromVariables(variables []Variable, getenv func(name string) string) Set {
	set := Set{}
	for _, v := range variables {
		value := getenv(v.Name)
		if value == "" {
			continue
		}
		c := set[v.Scheme]
		switch v.field {
		case inSecret:
			c.Secret = value
		case inClientID:
			c.ClientID = value
		case inClientSecret:
			c.ClientSecret = value
		}
		set[v.Scheme] = c
	}
	return set
}

// HeaderPrefix begins the headers that carry the credential for a scheme whatever its kind, such as X-Credential-Key
// for the scheme key.
const HeaderPrefix = "X-Credential-"

// Headers returns the names of the headers from which [Schemes.FromRequest] reads.
func (s *Schemes) Headers() []string {
	var names []string
	for _, scheme := range s.usable {
		names = append(names, own(scheme))
		if name := standard(scheme); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func own(s *optable.SecurityScheme) string { return http.CanonicalHeaderKey(HeaderPrefix + s.Name) }

// standard returns the header in which the API itself reads the credential, or "".
func standard(s *optable.SecurityScheme) string {
	switch {
	case s.Type != optable.APIKey:
		return authorization
	case s.In == optable.InHeader:
		return http.CanonicalHeaderKey(s.Parameter)
	}
	return ""
}

// FromRequest returns the credentials that a request to a server brings for the API: of each scheme in the header that
// the API itself reads, or in X-Credential-NAME, which has precedence, for those that have no header or whose header
// something in front of the server uses. Repeated headers are not read.
func (s *Schemes) FromRequest(header http.Header) Set {
	set := Set{}
	for _, scheme := range s.usable {
		secret := single(header, own(scheme))
		if name := standard(scheme); secret == "" && name != "" {
			secret = unwrap(scheme, single(header, name))
		}
		if secret != "" {
			set[scheme.Name] = Credential{Secret: secret}
		}
	}
	return set
}

func single(header http.Header, name string) string {
	if values := header.Values(name); len(values) == 1 {
		return strings.TrimSpace(values[0])
	}
	return ""
}

// unwrap returns the credential in the header that the API reads, or "" if it is that of another scheme.
func unwrap(s *optable.SecurityScheme, value string) string {
	if s.Type == optable.APIKey {
		return value
	}
	want := bearer
	if s.Type == optable.HTTP {
		want = s.Scheme
	}
	scheme, credential, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, want) { // case does not matter, RFC 9110 section 11.1
		return ""
	}
	credential = strings.TrimSpace(credential)
	if strings.EqualFold(want, basic) {
		text, err := base64.StdEncoding.DecodeString(credential)
		if err != nil {
			return ""
		}
		return string(text)
	}
	return credential
}

// Required reports whether every operation needs a credential of a caller.
func (s *Schemes) Required() bool {
	for i := range s.table.Operations {
		if _, err := s.choose(&s.table.Operations[i], nil); err == nil {
			return false
		}
	}
	return true
}

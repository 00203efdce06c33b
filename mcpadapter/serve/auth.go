package serve

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Ways in which callers over HTTP identify themselves, beside that of [SignInWay].
const (
	authPassthrough = "passthrough" // by a credential of the API
	authShared      = "shared"      // not, or by a secret; the API gets the server's credential
)

const (
	authFlag    = "auth"
	issuerFlag  = "issuer"
	baseURLFlag = "base-url"

	organizationFlag = "organization"

	// inboundSecret is what callers bring with authShared; set by the environment only.
	inboundSecret = "inbound-secret"
)

// SignIn identifies callers as an OAuth 2.0 protected resource does, such as mcpauth.Guard of this module's client.
type SignIn interface {
	// Require passes requests of callers that have signed in to next, with a context that says who they are, and refuses
	// others with a challenge.
	Require(next http.Handler) http.Handler
	// Metadata serves the metadata of the resource (RFC 9728) at MetadataPaths.
	Metadata() http.Handler
	MetadataPaths() []string
}

// SignInWay is a way for callers to sign in. The API then gets the server's own credential, that of [API.Local].
type SignInWay struct {
	// Name is the value of --auth, such as "authkit".
	Name string
	// New returns the guard of a resource, such as https://mcp.example.com/mcp, whose callers have tokens of an issuer:
	// the value of --issuer. It logs why it refuses requests, with their context and without a token.
	New func(resource, issuer string, logger *slog.Logger) (SignIn, error)
	// Identity returns who has signed in, of the context of a request that Require has passed.
	Identity func(ctx context.Context) (Identity, bool)
}

// Identity is who calls.
type Identity struct {
	// User and Organization are IDs. User is required.
	User, Organization string
	// Grants are the roles and permissions, which --grant maps to what they permit.
	Grants []string
}

// labels returns the identity for logs.
func (i Identity) labels() map[string]string {
	labels := map[string]string{"user": i.User}
	if i.Organization != "" {
		labels["organization"] = i.Organization
	}
	return labels
}

// authSettings are the flags of how callers identify themselves.
type authSettings struct {
	auth    string
	issuer  string
	baseURL string // without the path of the endpoint, with or without the base path; "": that of the address
	grants  []string
	// organizations are the only ones whose members have the grants; nil: all of them, and who is in none.
	organizations []string
}

func (p program) authFlags(set *pflag.FlagSet, a *authSettings) {
	ways := "`way` in which callers identify themselves: passthrough (a credential of the API with each request), or\n" +
		"shared (the server's own credential for all, on loopback or with " + p.variable(inboundSecret) + ")"
	set.StringVar(&a.baseURL, baseURLFlag, "",
		"`URL` of this server for clients, such as https://mcp.example.com; its host is allowed, and --base-path follows it")
	if p.api.SignIn != nil {
		ways += ", or\n" + p.api.SignIn.Name + " (callers sign in, and --grant says what they may call)"
		set.StringVar(&a.issuer, issuerFlag, "", "`domain` or URL of the authorization server, for --auth "+p.api.SignIn.Name)
		set.StringArrayVar(&a.grants, grantFlag, nil,
			"what callers with a role or permission may call, as in `viewer=read-only,toolset:sso`; parts are all,\n"+
				"read-only, toolset:, allow:, deny: and confirm:; * is everybody who has signed in; repeatable")
		set.StringArrayVar(&a.organizations, organizationFlag, nil,
			"`ID` of an organization: only who has signed in to it may call, and has a role in it; repeatable (default: any)")
	}
	set.StringVar(&a.auth, authFlag, authPassthrough, ways)
}

// authenticate returns the options of a handler whose callers identify themselves as the flags say.
func (p program) authenticate(opts HTTPOptions, l listening, adapter *mcpadapter.Adapter) (
	HTTPOptions, error,
) {
	a, origin := l.auth, ""
	opts.Credentials, opts.Caller, opts.observed = p.api.Credentials, p.caller, true
	if a.baseURL != "" {
		var host string
		var err error
		if origin, host, err = checkBaseURL(a.baseURL, l.basePath); err != nil {
			return opts, err
		}
		opts.AllowHosts = append(slices.Clip(opts.AllowHosts), host)
	}
	if p.api.Caller == nil {
		opts.Caller = nil
	}
	secret := p.getenv(p.variable(inboundSecret))
	if secret != "" && a.auth != authShared {
		return opts, usageError{fmt.Errorf("%s is for --%s %s alone", p.variable(inboundSecret), authFlag, authShared)}
	}
	switch {
	case a.auth == authPassthrough:
		return opts, p.noGrants(a)
	case a.auth == authShared:
		return p.share(opts, a, secret, l.addr)
	case p.api.SignIn != nil && a.auth == p.api.SignIn.Name:
		return p.signIn(opts, l, origin, adapter)
	}
	return opts, usageError{fmt.Errorf("--%s: unknown way %.40q%s", authFlag, a.auth, suggest(a.auth, p.authWays()))}
}

// authWays returns the values of the flag.
func (p program) authWays() []string {
	ways := []string{authPassthrough, authShared}
	if p.api.SignIn != nil {
		ways = append(ways, p.api.SignIn.Name)
	}
	return ways
}

// noGrants refuses grants where nobody signs in: they would limit nobody.
func (p program) noGrants(a authSettings) error {
	switch {
	case len(a.grants) > 0 || a.issuer != "":
		return usageError{fmt.Errorf("--%s and --%s are for --%s %s", grantFlag, issuerFlag, authFlag, p.api.SignIn.Name)}
	case len(a.organizations) > 0:
		return usageError{fmt.Errorf("--%s is for --%s %s", organizationFlag, authFlag, p.api.SignIn.Name)}
	}
	return nil
}

// share has the server's credential be used for every caller.
func (p program) share(opts HTTPOptions, a authSettings, secret, addr string) (HTTPOptions, error) {
	if err := p.noGrants(a); err != nil {
		return opts, err
	}
	const least = 32
	switch {
	case secret == "" && !loopback(addr):
		return opts, usageError{fmt.Errorf("--%s %s on %s lets everybody use the server's credential: set %s, or listen "+
			"on loopback", authFlag, authShared, addr, p.variable(inboundSecret))}
	case secret != "" && len(secret) < least:
		return opts, usageError{fmt.Errorf("%s has %d characters: want at least %d random ones, such as from: "+
			"openssl rand -base64 32", p.variable(inboundSecret), len(secret), least)}
	}
	foreign := opts.Headers
	opts.Headers = []string{authorizationHeader}
	if secret != "" {
		foreign = slices.DeleteFunc(slices.Clone(foreign), func(name string) bool {
			return strings.EqualFold(name, authorizationHeader)
		})
	}
	want := sha256.Sum256([]byte(secret))
	opts.Authorized = func(r *http.Request) error {
		for _, name := range foreign {
			if r.Header.Get(name) != "" {
				return fmt.Errorf("%s: this server uses a credential of its own", name)
			}
		}
		got := sha256.Sum256([]byte(BearerToken(r.Header)))
		if secret != "" && subtle.ConstantTimeCompare(got[:], want[:]) == 0 {
			return errors.New("send the secret of this server as Authorization: Bearer …")
		}
		return nil
	}
	opts.Request = func(ctx context.Context, _ *http.Request) context.Context { return p.local(ctx) }
	opts.RequireCredential, opts.verified = true, true
	return opts, nil
}

const authorizationHeader = "Authorization"

// BearerToken returns the token that the Authorization header of a request has (RFC 6750 section 2.1), or "".
func BearerToken(header http.Header) string {
	scheme, token, _ := strings.Cut(header.Get(authorizationHeader), " ")
	if !strings.EqualFold(scheme, "Bearer") { // RFC 9110 section 11.1
		return ""
	}
	return strings.TrimSpace(token)
}

// signIn has callers sign in, and limits them to what their grants permit. The origin is that of --base-url.
func (p program) signIn(opts HTTPOptions, l listening, origin string, adapter *mcpadapter.Adapter) (
	HTTPOptions, error,
) {
	way, a := p.api.SignIn, l.auth
	switch {
	case a.issuer == "":
		return opts, usageError{fmt.Errorf("--%s %s needs --%s", authFlag, way.Name, issuerFlag)}
	case len(a.grants) == 0:
		return opts, usageError{fmt.Errorf("--%s %s needs --%s, such as --%[3]s admin=all --%[3]s '*=read-only'",
			authFlag, way.Name, grantFlag)}
	case slices.Contains(a.organizations, ""): // such as of an unset variable: who is in none would be served
		return opts, usageError{fmt.Errorf("--%s is empty: want the ID of an organization", organizationFlag)}
	case len(a.organizations) == 0:
		opts.Logger.Warn("everybody who can sign in is served, with the roles of any organization that they are in: "+
			"--"+organizationFlag+" limits that", authFlag, way.Name, issuerFlag, a.issuer)
	}
	if origin == "" {
		if _, port, err := net.SplitHostPort(l.addr); err != nil || port == "0" || !loopback(l.addr) {
			return opts, usageError{fmt.Errorf("--%s %s needs --%s", authFlag, way.Name, baseURLFlag)}
		}
		origin = l.tls.scheme() + "://" + l.addr
	}
	guard, err := way.New(origin+l.basePath+mcpPath, a.issuer, guardLogger(opts.Logger))
	if err != nil {
		return opts, usageError{fmt.Errorf("--%s %s: %w", authFlag, way.Name, err)}
	}
	granted, err := newGrants(a.grants, adapter)
	if err != nil {
		return opts, err
	}
	opts.Headers = []string{authorizationHeader}
	opts.Authorized = func(r *http.Request) error {
		if BearerToken(r.Header) == "" {
			return errors.New("sign in first") // never seen: the guard responds
		}
		return nil
	}
	opts.Request = func(ctx context.Context, _ *http.Request) context.Context { return p.local(ctx) }
	opts.verified, opts.signIn, opts.grants, opts.identity = true, guard, granted, way.Identity
	opts.organizations = a.organizations
	return opts, nil
}

// caller identifies whom a call is for: by the credential of the API, and by who has signed in.
func (p program) caller(ctx context.Context) string {
	text := ""
	if p.api.Caller != nil {
		text = p.api.Caller(ctx)
	}
	if identity := identityOf(ctx); identity != nil {
		text += fmt.Sprintf(" %q %q", identity["user"], identity["organization"])
	}
	return text
}

package serve

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
)

const (
	// unauthorizedBytes limits the body of a request without a credential.
	unauthorizedBytes = 16 << 10
	// writeTime limits how long a client takes to read a response.
	writeTime = time.Minute
)

// guard checks requests before they are handled, in this order: the host and the origin (MCP revision 2025-11-25,
// basic/transports, "Security Warning"), the size, the envelope, the credential, the rate of the caller and its calls
// at once. Until then a request costs no more than its bytes. It prevents clients from canceling each other's calls.
type guard struct {
	next      http.Handler
	opts      HTTPOptions
	admission *admission
	origins   *http.CrossOriginProtection
}

func newGuard(next http.Handler, opts HTTPOptions) (*guard, error) {
	g := &guard{next: next, opts: opts, origins: http.NewCrossOriginProtection()}
	for _, origin := range opts.AllowOrigins {
		if err := g.origins.AddTrustedOrigin(origin); err != nil {
			return nil, usageError{fmt.Errorf("--allow-origin: %w", err)}
		}
	}
	for _, host := range opts.AllowHosts {
		u, err := url.Parse("http://" + host)
		if err != nil || u.Host != host || u.Hostname() == "" || strings.Contains(host, "*") {
			return nil, usageError{fmt.Errorf("--allow-host: invalid host %q: want a host name with or without a port", host)}
		}
	}
	limits, err := opts.Admission.withDefaults()
	if err != nil {
		return nil, err
	}
	g.admission = newAdmission(limits, opts.observed, opts.Metrics, opts.Logger)
	return g, nil
}

// checkOrigins returns origins as browsers send them (RFC 6454 section 6.2): in lower case, without the default port.
// What no browser sends would allow nobody.
func checkOrigins(allowed []string) ([]string, error) {
	origins := make([]string, len(allowed))
	for i, text := range allowed {
		u, err := url.Parse(text)
		if err != nil || strings.ContainsFunc(u.Host, func(r rune) bool { return r > '~' || r == '*' }) {
			return nil, usageError{fmt.Errorf("--allow-origin: invalid origin %.100q: want one in full, in ASCII, such as "+
				"https://app.example.com", text)}
		}
		host := strings.ToLower(u.Host)
		switch u.Scheme {
		case "http":
			host = strings.TrimSuffix(host, ":80")
		case "https":
			host = strings.TrimSuffix(host, ":443")
		}
		u.Host = host
		origins[i] = u.String()
	}
	return origins, nil
}

func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if refused := g.serve(w, r); refused != nil { //nolint:contextcheck // r has it
		g.opts.refuse(w, r, *refused)
	}
}

// refuse responds to a request that is not handled.
func (opts HTTPOptions) refuse(w http.ResponseWriter, r *http.Request, refused refusal) {
	opts.Metrics.refused(refused.reason)
	if l := requestLogOf(r.Context()); l != nil { // without the message, which may have any text of the client's
		l.reason, l.outcome = refused.reason, outcomeRefused
	}
	refused.write(w)
}

// refuseHeader responds to a request with a header that is unknown, invalid or repeated.
func (opts HTTPOptions) refuseHeader(w http.ResponseWriter, r *http.Request, err error) {
	refused := refusal{reason: refusedHeader, message: err.Error()}
	if m, err := messageOf(r); err == nil {
		refused.id = m.id
	}
	opts.refuse(w, r, refused)
}

// serve handles a request, or returns why not.
func (g *guard) serve(w http.ResponseWriter, r *http.Request) *refusal {
	r, refused := g.local(r)
	if refused != nil {
		return refused
	}
	for _, name := range g.opts.Headers {
		if n := len(r.Header[name]); n > 1 { // which of them counts would be a guess
			return &refusal{reason: refusedHeader, message: fmt.Sprintf("%s: the header occurs %d times", name, n)}
		}
	}
	var unauthorized error
	limit := g.admission.MaxRequestBytes
	if g.opts.Authorized != nil {
		unauthorized = g.opts.Authorized(r)
	}
	if unauthorized != nil {
		limit = min(limit, unauthorizedBytes)
	}
	body, release, refused := g.admission.readBody(w, r, limit)
	defer release()
	if refused != nil {
		if refused.reason == refusedTooLarge && unauthorized != nil {
			refused = g.unauthorized(unauthorized)
		}
		return refused
	}
	arrived(r.Context())
	m := message{text: body}
	m.envelope, refused = checkEnvelope(body)
	switch {
	case refused != nil:
		return refused
	case m.method == methodCancelled && m.id == nil:
		// Without sessions the request ID is all that names the request to cancel, and another client may use the same
		// one; closing the connection cancels for sure.
		w.WriteHeader(http.StatusAccepted)
		return nil
	case unauthorized != nil && g.opts.signIn == nil &&
		(m.method == string(mcp.MethodToolsCall) || g.opts.RequireCredential):
		refused = g.unauthorized(unauthorized)
		refused.id = m.id
		return refused
	}
	r.Body = newMessageBody(m)
	if g.opts.signIn != nil && r.Method != http.MethodOptions { // which browsers send without a credential
		g.requireSignIn(w, r, m)
		return nil
	}
	return g.handle(w, r, m, unauthorized != nil)
}

// requireSignIn has the request handled if its caller has signed in. Otherwise the response says how to.
func (g *guard) requireSignIn(w http.ResponseWriter, r *http.Request, m message) {
	passed := false
	g.opts.signIn.Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		passed = true
		refused := &refusal{reason: refusedGrant, message: "the token names nobody", id: m.id}
		who, ok := g.opts.identity(r.Context())
		switch {
		case !ok:
		case g.opts.organizations != nil && !slices.Contains(g.opts.organizations, who.Organization):
			refused.message = "this server does not serve the organization of the token"
		default:
			ctx, scope, err := g.opts.grants.apply(WithIdentity(r.Context(), who.labels()), who.Grants)
			if err == nil {
				refused = g.handle(w, r.WithContext(context.WithValue(ctx, scopeKey{}, scope)), m, false)
			} else {
				refused.message = err.Error()
			}
		}
		if refused != nil {
			g.opts.refuse(w, r, *refused)
		}
	})).ServeHTTP(w, r)
	if !passed {
		g.opts.Metrics.refused(refusedCredential)
		if l := requestLogOf(r.Context()); l != nil {
			l.reason, l.outcome = refusedCredential, outcomeRefused
		}
	}
}

type scopeKey struct{}

// scopeOf returns what distinguishes the lists of a caller from those of others: the grants.
func scopeOf(ctx context.Context) string {
	scope, _ := ctx.Value(scopeKey{}).(string)
	return scope
}

// handle has the request handled when it is its turn.
func (g *guard) handle(w http.ResponseWriter, r *http.Request, m message, anonymous bool) *refusal {
	ctx := r.Context()
	if g.opts.Request != nil {
		ctx = g.opts.Request(ctx, r)
	}
	caller := identify(ctx, r, g.opts.Caller, anonymous)
	if l := requestLogOf(ctx); l != nil {
		l.caller, l.identity = caller, identityOf(ctx)
		if idKey(m.id) != "" { // a notification is not logged
			l.method = m.method
		}
		l.continues(traceOfMeta(m.params))
	}
	if g.opts.verified && !anonymous {
		g.admission.prove(caller)
	}
	refused := g.admission.rated(ctx, caller)
	var leave func()
	if refused == nil {
		leave, refused = g.admission.enter(ctx, caller)
	}
	if refused != nil {
		refused.id = m.id
		return refused
	}
	if leave == nil { // the client is gone
		return nil
	}
	turn := &released{ResponseWriter: w, leave: leave}
	defer turn.release()
	g.next.ServeHTTP(turn, r.WithContext(context.WithValue(ctx, acceptedKey{}, func() { g.admission.prove(caller) })))
	return nil
}

// unauthorized is the refusal of a request without a credential (RFC 9110 section 15.5.2).
func (g *guard) unauthorized(err error) *refusal {
	return &refusal{reason: refusedCredential, message: err.Error(), challenge: "Bearer"}
}

// checkEnvelope returns the envelope of a message, which is empty for what is not JSON: mcp-go refuses that.
func checkEnvelope(text []byte) (envelope, *refusal) {
	m, valid := readEnvelope(text)
	if !valid {
		return m, nil
	}
	d := inspect(text)
	if d == nil {
		if wrong := malformed(text, m); wrong != nil {
			return m, &refusal{reason: refusedInvalid, message: wrong.message, id: wrong.id}
		}
		return m, nil
	}
	refused := &refusal{reason: d.reason, message: d.message}
	if m.plain && m.id != nil && malformedID(m.id) == nil && m.method != "" { // the ID of a request
		refused.id = m.id
	}
	return m, refused
}

// local returns the request if its Host and Origin are this server's or allowed ones. The transport then sees a Host
// that its own protection accepts.
func (g *guard) local(r *http.Request) (*http.Request, *refusal) {
	if err := g.origins.Check(r); err != nil {
		return nil, &refusal{reason: refusedOrigin, message: err.Error()}
	}
	if loopback(r.Host) {
		return r, nil
	}
	if !g.known(r) {
		return nil, &refusal{
			reason:  refusedHost,
			message: fmt.Sprintf("the host %.80q is not one of this server; --allow-host permits it", r.Host),
		}
	}
	clone := *r
	clone.Host = "localhost"
	return &clone, nil
}

// known reports whether a host that is no loopback name is this server's: an allowed one, or the address that the
// client has connected to, which no name of somebody else stands for.
func (g *guard) known(r *http.Request) bool {
	name := hostname(r.Host)
	if slices.ContainsFunc(g.opts.AllowHosts, func(allowed string) bool {
		return strings.EqualFold(r.Host, allowed) || strings.EqualFold(name, allowed)
	}) {
		return true
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return ok && name == hostname(local.String())
}

// hostname returns a host without its port and brackets.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.Trim(host, "[]")
}

type acceptedKey struct{}

// accepted notes that the API has accepted the credential of a request.
func accepted(ctx context.Context) {
	if note, ok := ctx.Value(acceptedKey{}).(func()); ok {
		note()
	}
}

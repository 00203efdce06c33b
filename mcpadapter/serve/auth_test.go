package serve

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// doorman is a sign-in whose tokens are "user:role".
type doorman struct {
	resource, issuer string
	logger           *slog.Logger
}

func newDoorman(resource, issuer string, logger *slog.Logger) (SignIn, error) {
	return doorman{resource, issuer, logger}, nil
}

type doormanKey struct{}

func (d doorman) Require(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, role, ok := strings.Cut(BearerToken(r.Header), ":")
		if !ok {
			d.logger.WarnContext(r.Context(), "nobody at the door")
			w.Header().Set("WWW-Authenticate", "Bearer resource_metadata=x")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		who := Identity{User: user, Organization: "org_1", Grants: strings.Split(role, "+")}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), doormanKey{}, who)))
	})
}

func (d doorman) Metadata() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, d.resource) })
}
func (d doorman) MetadataPaths() []string { return []string{"/.well-known/oauth-protected-resource"} }

// guarded is the shop with a key of its own, whose callers sign in.
func guarded(t *testing.T, l listening, environ ...string) (http.Handler, *store, *shared, error) {
	t.Helper()
	s := newStore(t)
	api := s.api()
	type key struct{}
	api.Local = func(ctx context.Context, getenv func(string) string) context.Context {
		return context.WithValue(ctx, key{}, getenv("SHOP_KEY"))
	}
	api.Caller = func(ctx context.Context) string { text, _ := ctx.Value(key{}).(string); return text }
	api.SignIn = &SignInWay{
		Name: "door", New: newDoorman,
		Identity: func(ctx context.Context) (Identity, bool) {
			who, ok := ctx.Value(doormanKey{}).(Identity)
			return who, ok
		},
	}
	log := &shared{}
	p := newProgram(api, Process{Stderr: log, Environ: append(environ, "SHOP_KEY=server-key")})
	l.opts.Metrics = NewMetrics()
	handler, err := p.httpHandler(flags{logFormat: logJSON, audit: "stderr"}, l, p.logger(flags{logFormat: logJSON}))
	return handler, s, log, err
}

func sendAs(t *testing.T, handler http.Handler, body string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	r := request(t, strings.NewReader(body))
	r.Header.Del("X-Key")
	maps.Copy(r.Header, header)
	handler.ServeHTTP(w, r)
	return w
}

func as(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// Somebody who may only read writes in no way, and the logs say who tried.
func TestSignedInCallersMayCallWhatTheirGrantsPermit(t *testing.T) {
	for _, m := range []mode{modeDirect, modeDynamic} {
		handler, s, log, err := guardedIn(t, m, "admin=all", "viewer=read-only")
		if err != nil {
			t.Fatal(err)
		}
		create := callBody(1, "teas.create", `{"name":"Sencha","stock":1}`)
		list := callBody(1, "teas.list", `{}`)
		if m == modeDynamic {
			create = callBody(1, "call_write_operation", `{"operation":"teas.create","arguments":{"name":"Sencha","stock":1}}`)
			list = callBody(1, "call_read_operation", `{"operation":"teas.list","arguments":{}}`)
		}
		for _, c := range []struct {
			token, body string
			status      int
			part        string
			sent        int32
		}{
			{"ada:admin", create, 200, `"id":"1"`, 1},
			{"ben:viewer", list, 200, `"id":"1"`, 1},
			{"ben:viewer", create, 200, `--grant does not name it`, 0},
			{"ben:viewer", callBody(1, "teas.create", `{"name":"Sencha","stock":1}`), 200, "", 0},
			{"ben:viewer", callBody(1, "teas_create", `{"name":"Sencha","stock":1}`), 200, "", 0},
			{"ben:viewer", strings.Replace(create, `"id":1`, `"id":1,"y":1`, 1), 200, "", 0}, // by mcp-go
			{"eve:guest", list, 403, `"reason":"grant"`, 0},
			{"", list, 401, "", 0},
			{"", listTools, 401, "", 0},
		} {
			before := s.requests.Load()
			w := sendAs(t, handler, c.body, as(c.token))
			if sent := s.requests.Load() - before; w.Code != c.status || !strings.Contains(w.Body.String(), c.part) || sent != c.sent {
				t.Errorf("mode %v, %s: %s: got %d %.300s and %d requests, want %d, %s and %d",
					m, c.token, c.body, w.Code, w.Body, sent, c.status, c.part, c.sent)
			}
		}
		for token, want := range map[string]bool{"ada:admin": true, "ben:viewer": false, "cay:viewer": false, "dan:admin": true} {
			w := sendAs(t, handler, listTools, as(token))
			name := "teas_create"
			if m == modeDynamic {
				name = "call_write_operation"
			}
			if got := strings.Contains(w.Body.String(), `"`+name+`"`); got != want {
				t.Errorf("mode %v, %s: got %s listed: %t, want %t", m, token, name, got, want)
			}
		}
		var made, refused int
		for _, line := range lines(t, log.String(), "event", "call") {
			who, _ := line["identity"].(map[string]any)
			switch {
			case who["user"] == "ada" && who["organization"] == "org_1" && line["outcome"] == "ok":
				made++
			case who["user"] == "ben" && line["outcome"] == "filtered" && line["sent"] == false:
				refused++
			default:
				t.Errorf("got the line %v", line)
			}
		}
		if made != 1 || refused < 2 {
			t.Errorf("mode %v: got %d made and %d refused, want each in the audit: %s", m, made, refused, log)
		}
	}
}

func guardedIn(t *testing.T, m mode, grants ...string) (http.Handler, *store, *shared, error) {
	t.Helper()
	s := newStore(t)
	api := s.api()
	api.Local = func(ctx context.Context, _ func(string) string) context.Context { return ctx }
	api.SignIn = &SignInWay{
		Name: "door", New: newDoorman,
		Identity: func(ctx context.Context) (Identity, bool) {
			who, ok := ctx.Value(doormanKey{}).(Identity)
			return who, ok
		},
	}
	log := &shared{}
	f := flags{logFormat: logJSON, audit: "stderr", mode: m}
	p := newProgram(api, Process{Stderr: log})
	handler, err := p.httpHandler(f, listening{
		addr: "127.0.0.1:8080", auth: authSettings{auth: "door", issuer: "x", grants: grants}, opts: HTTPOptions{Metrics: NewMetrics()},
	}, p.logger(f))
	return handler, s, log, err
}

// A role is one in an organization: that of the customers' own administrators must not open a server for the staff.
func TestSignedInCallersAreOfAnOrganizationThatIsServed(t *testing.T) {
	for _, c := range []struct {
		organizations []string
		status        int
	}{{nil, 200}, {[]string{"org_1"}, 200}, {[]string{"org_2", "org_1"}, 200}, {[]string{"org_2"}, 403}, {[]string{"org"}, 403}} {
		handler, s, log, err := guarded(t, listening{addr: "127.0.0.1:8080", auth: authSettings{
			auth: "door", issuer: "x", grants: []string{"admin=all", "*=read-only"}, organizations: c.organizations,
		}})
		if err != nil {
			t.Fatal(err)
		}
		if warned := strings.Contains(log.String(), "--organization limits that"); warned != (c.organizations == nil) {
			t.Errorf("%v: logged %s, want a warning without organizations alone", c.organizations, log)
		}
		w := sendAs(t, handler, callBody(1, "teas.create", `{"name":"Sencha","stock":1}`), as("ada:admin"))
		if sent := s.requests.Load(); w.Code != c.status || (sent == 1) != (c.status == 200) {
			t.Errorf("%v: got %d %s and %d requests, want %d", c.organizations, w.Code, w.Body, sent, c.status)
		}
		if w := sendAs(t, handler, listTools, as("ada:admin")); w.Code != c.status {
			t.Errorf("%v: tools/list: got %d, want %d", c.organizations, w.Code, c.status)
		}
	}
}

// A confirmation is for the one who asked for it.
func TestAConfirmationIsForOnePerson(t *testing.T) {
	handler, s, _, err := guardedIn(t, modeDirect, "*=all")
	if err != nil {
		t.Fatal(err)
	}
	first := sendAs(t, handler, callBody(1, "teas.delete", `{"tea_id":"1"}`), as("ada:x"))
	_, token, _ := strings.Cut(first.Body.String(), `"token":"`)
	token, _, _ = strings.Cut(token, `"`)
	second := callBody(1, "teas.delete", `{"tea_id":"1","confirmation":"`+token+`"}`)
	before := s.requests.Load()
	if w := sendAs(t, handler, second, as("ben:x")); !strings.Contains(w.Body.String(), "confirmation_invalid") || s.requests.Load() != before {
		t.Errorf("got %s, want another person's token refused", w.Body)
	}
	if w := sendAs(t, handler, second, as("ada:x")); strings.Contains(w.Body.String(), `"isError":true`) || s.requests.Load() != before+1 {
		t.Errorf("got %s, want her own accepted", w.Body)
	}
}

func TestTheServersOwnCredential(t *testing.T) {
	secret := strings.Repeat("s", 32)
	list := callBody(1, "teas.list", `{}`)
	for _, c := range []struct {
		secret string
		header http.Header
		want   int
	}{
		{"", nil, 200}, {"", http.Header{"X-Key": {"k"}}, 401},
		{secret, nil, 401}, {secret, as("wrong"), 401}, {secret, as(secret), 200},
		{secret, http.Header{"Authorization": {"Basic " + secret}}, 401},
	} {
		l := listening{addr: "127.0.0.1:8080", auth: authSettings{auth: authShared}}
		handler, s, _, err := guarded(t, l, "SHOP_MCP_INBOUND_SECRET="+c.secret)
		if err != nil {
			t.Fatal(err)
		}
		w := sendAs(t, handler, list, c.header)
		if n := s.requests.Load(); w.Code != c.want || (n == 1) != (c.want == 200) {
			t.Errorf("%v: got %d %s and %d requests, want %d", c.header, w.Code, w.Body, n, c.want)
		}
		if c.want == 401 && sendAs(t, handler, listTools, c.header).Code != 401 {
			t.Errorf("%v: got the tools listed", c.header)
		}
	}
}

func TestWaysThatCannotBe(t *testing.T) {
	for want, c := range map[string]struct {
		l       listening
		environ []string
	}{
		`--auth: unknown way "shard"; did you mean shared?`: {l: listening{auth: authSettings{auth: "shard"}}},
		"--auth shared on 0.0.0.0:8080 lets everybody":      {l: listening{addr: "0.0.0.0:8080", auth: authSettings{auth: authShared}}},
		"--auth shared on :8080 lets everybody":             {l: listening{addr: ":8080", auth: authSettings{auth: authShared}}},
		"SHOP_MCP_INBOUND_SECRET has 5 characters": {
			l: listening{addr: ":8080", auth: authSettings{auth: authShared}}, environ: []string{"SHOP_MCP_INBOUND_SECRET=short"},
		},
		"SHOP_MCP_INBOUND_SECRET is for --auth shared alone": {
			l: listening{auth: authSettings{auth: authPassthrough}}, environ: []string{"SHOP_MCP_INBOUND_SECRET=short"},
		},
		"--grant and --issuer are for --auth door": {l: listening{auth: authSettings{auth: authPassthrough, grants: []string{"a=all"}}}},
		"--organization is for --auth door": {
			l: listening{auth: authSettings{auth: authPassthrough, organizations: []string{"org_1"}}}},
		"--organization is empty": {l: listening{addr: "127.0.0.1:1", auth: authSettings{
			auth: "door", issuer: "x", grants: []string{"a=all"}, organizations: []string{"org_1", ""}}}},
		`--base-url: invalid URL "mcp.example.com"`:       {l: listening{auth: authSettings{auth: authPassthrough, baseURL: "mcp.example.com"}}},
		`--base-url: invalid URL "https://a.example/mcp"`: {l: listening{auth: authSettings{auth: authPassthrough, baseURL: "https://a.example/mcp"}}},
		"--auth door needs --issuer":                      {l: listening{auth: authSettings{auth: "door"}}},
		"--auth door needs --grant, such as":              {l: listening{auth: authSettings{auth: "door", issuer: "x"}}},
		"--auth door needs --base-url": {
			l: listening{addr: "0.0.0.0:1", auth: authSettings{auth: "door", issuer: "x", grants: []string{"a=all"}}},
		},
		`--grant: a: unknown part "al"`: {
			l: listening{addr: "127.0.0.1:1", auth: authSettings{auth: "door", issuer: "x", grants: []string{"a=al"}}},
		},
	} {
		_, _, _, err := guarded(t, c.l, c.environ...)
		if ExitCode(err) != ExitUsage || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// The host of the server's own URL is allowed, and no other.
func TestTheHostOfTheBaseURL(t *testing.T) {
	l := listening{auth: authSettings{auth: authPassthrough, baseURL: "https://mcp.example.com/"}}
	handler, _, _, err := guarded(t, l)
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]int{"mcp.example.com": http.StatusOK, "evil.example": http.StatusForbidden} {
		r := request(t, strings.NewReader(listTools))
		r.Host = host
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: got %d %s, want %d", host, w.Code, w.Body, want)
		}
	}
}

package serve

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func serveRecorded(handler http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

// believing returns the proxies of flags.
func believing(tb testing.TB, header string, trusted ...string) proxies {
	tb.Helper()
	p, err := proxySettings{trusted: trusted, header: header}.check()
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func TestTheClientIsTheRightmostAddressThatIsNotTrusted(t *testing.T) {
	x := believing(t, "", "10.0.0.0/8", "2001:db8::/32", "192.0.2.7")
	f := believing(t, proxyForwarded, "10.0.0.0/8", "2001:db8::/32")
	xff := func(lines ...string) http.Header { return http.Header{"X-Forwarded-For": lines} }
	rfc := func(lines ...string) http.Header { return http.Header{"Forwarded": lines} }
	for _, c := range []struct {
		what   string
		p      proxies
		remote string
		header http.Header
		want   string // address, host and scheme; "": the headers are not believed
	}{
		{"nobody is trusted", proxies{}, "10.0.0.1:1", xff("1.2.3.4"), ""},
		{"a stranger", x, "8.8.8.8:1", xff("1.2.3.4"), ""},
		{"no address", x, "@", xff("1.2.3.4"), ""},
		{"no header", x, "10.0.0.1:1", nil, "10.0.0.1  "},
		{"one proxy", x, "10.0.0.1:1", xff("1.2.3.4"), "1.2.3.4  "},
		{"mapped", x, "[::ffff:10.0.0.1]:1", xff("::ffff:1.2.3.4"), "1.2.3.4  "},
		{"a client's own entries", x, "10.0.0.1:1", xff("9.9.9.9, 1.2.3.4"), "1.2.3.4  "},
		{"a client's own line", x, "10.0.0.1:1", xff("9.9.9.9", "1.2.3.4"), "1.2.3.4  "},
		{"two proxies", x, "10.0.0.1:1", xff("9.9.9.9, 1.2.3.4 ,10.0.0.2"), "1.2.3.4  "},
		{"a lone address is trusted", x, "192.0.2.7:1", xff("1.2.3.4"), "1.2.3.4  "},
		{"its neighbor is not", x, "192.0.2.8:1", xff("1.2.3.4"), ""},
		{"all trusted", x, "10.0.0.1:1", xff("10.0.0.3,10.0.0.2"), "10.0.0.3  "},
		{"with ports", x, "10.0.0.1:1", xff("1.2.3.4:5678"), "1.2.3.4  "},
		{"IPv6", x, "[2001:db8::1]:1", xff("[2001:dead::1]:443, 2001:db8::2"), "2001:dead::1  "},
		{"what cannot be read ends it", x, "10.0.0.1:1", xff("1.2.3.4, unknown"), "10.0.0.1  "},
		{"an empty entry ends it", x, "10.0.0.1:1", xff("1.2.3.4,, 10.0.0.2"), "10.0.0.2  "},
		{"a zone is no address", x, "10.0.0.1:1", xff("fe80::1%eth0"), "10.0.0.1  "},
		{
			"host and scheme are the last", x, "10.0.0.1:1", http.Header{
				"X-Forwarded-For": {"1.2.3.4"}, "X-Forwarded-Host": {"evil.example, mcp.example.com"},
				"X-Forwarded-Proto": {"gopher", "HTTPS"},
			}, "1.2.3.4 mcp.example.com https",
		},
		{"the other header is not read", x, "10.0.0.1:1", rfc("for=1.2.3.4"), "10.0.0.1  "},
		{"nor the other way round", f, "10.0.0.1:1", xff("1.2.3.4"), "10.0.0.1  "},
		{"RFC 7239", f, "10.0.0.1:1", rfc(`for=1.2.3.4;proto=https;host=mcp.example.com;by=10.0.0.1`), "1.2.3.4 mcp.example.com https"},
		{"quoted", f, "10.0.0.1:1", rfc(`For="[2001:dead::1]:47\11" ; PROTO="http"`), "2001:dead::1  http"},
		{
			"host and scheme are those of the client's element", f, "10.0.0.1:1",
			rfc(`for=9.9.9.9;host=evil, for=1.2.3.4;proto=https;host=a, for=10.0.0.2;proto=http;host=b`), "1.2.3.4 a https",
		},
		{"an open quote of the client", f, "10.0.0.1:1", rfc(`for="9.9.9.9`, `for=1.2.3.4`), "1.2.3.4  "},
		{"an open quote in the line", f, "10.0.0.1:1", rfc(`for="9.9.9.9, for=1.2.3.4`), "10.0.0.1  "},
		{"twice", f, "10.0.0.1:1", rfc(`for=1.2.3.4;for=9.9.9.9`), "10.0.0.1  "},
		{"obfuscated", f, "10.0.0.1:1", rfc(`for=9.9.9.9, for=_hidden`), "10.0.0.1  "},
		{"empty elements", f, "10.0.0.1:1", rfc(`, for=1.2.3.4,, `), "1.2.3.4  "},
	} {
		o, ok := c.p.origin(c.remote, c.header)
		got := ""
		if ok {
			got = o.address.String() + " " + o.host + " " + o.scheme
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, got, c.want)
		}
	}
}

// Addresses have limits of their own and stand in the log, and a forwarded host is checked like any other.
func TestAForwardedAddressIsLimitedAndLogged(t *testing.T) {
	for _, c := range []struct {
		what    string
		trusted []string
		first   string // X-Forwarded-For of two requests
		second  string
		host    string
		want    int // status of the second
		logged  string
	}{
		{"two clients", []string{"10.0.0.0/8"}, "1.2.3.4", "1.2.3.5", "", 200, "client.address=1.2.3.5"},
		{"one client", []string{"10.0.0.0/8"}, "1.2.3.4", "9.9.9.9, 1.2.3.4", "", 429, "client.address=1.2.3.4"},
		{"nobody is trusted", nil, "1.2.3.4", "1.2.3.5", "", 429, "client.address=10.1.1.1"},
		{"another is trusted", []string{"10.2.0.0/16"}, "1.2.3.4", "1.2.3.5", "", 429, "client.address=10.1.1.1"},
		{"a host", []string{"10.0.0.0/8"}, "1.2.3.4", "1.2.3.5", "mcp.example.com", 200, "url.scheme=https"},
		{"a foreign host", []string{"10.0.0.0/8"}, "1.2.3.4", "1.2.3.5", "evil.example", 403, "reason=host"},
		{"a foreign host of nobody", nil, "1.2.3.4", "1.2.3.5", "evil.example", 429, "client.address=10.1.1.1"},
	} {
		s := newStore(t)
		log := &shared{}
		p := newProgram(s.api(), Process{Stderr: log})
		l := listening{
			auth: authSettings{auth: authPassthrough}, proxies: proxySettings{trusted: c.trusted},
			opts: HTTPOptions{
				Admission: Admission{Rate: 1e-6, Burst: 1}, Metrics: NewMetrics(), AllowHosts: []string{"mcp.example.com"},
			},
		}
		handler, err := p.httpHandler(flags{}, l, slog.New(slog.NewTextHandler(log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		send := func(forwarded, host string) *httptest.ResponseRecorder {
			r := request(t, strings.NewReader(listTools))
			r.Header.Del("X-Key")
			r.RemoteAddr = "10.1.1.1:4444"
			r.Header.Set("X-Forwarded-For", forwarded)
			if host != "" {
				r.Header.Set("X-Forwarded-Host", host)
				r.Header.Set("X-Forwarded-Proto", "https")
			}
			return serveRecorded(handler, r)
		}
		if w := send(c.first, ""); w.Code != http.StatusOK {
			t.Fatalf("%s: got %d %s", c.what, w.Code, w.Body)
		}
		w := send(c.second, c.host)
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		if last := lines[len(lines)-1]; w.Code != c.want || !strings.Contains(last, c.logged) {
			t.Errorf("%s: got %d %s and %s, want %d and %s", c.what, w.Code, w.Body, last, c.want, c.logged)
		}
	}
}

func TestWrongProxiesAreRefused(t *testing.T) {
	for _, c := range []struct{ flag, value, want string }{
		{"--trusted-proxy", "10.0.0.0/33", `--trusted-proxy: invalid network "10.0.0.0/33"`},
		{"--trusted-proxy", "proxy.example", "want a CIDR such as 10.0.0.0/8, or an address"},
		{"--trusted-proxy", "0.0.0.0/0", "0.0.0.0/0 trusts every client"},
		{"--trusted-proxy", "::/0", "::/0 trusts every client"},
		{"--trusted-proxy", "", "invalid network"},
		{"--proxy-header", "x-real-ip", `unknown headers "x-real-ip": want x-forwarded or forwarded`},
	} {
		code, _, stderr := printed(t, newStore(t).api(), nil, "http", "--addr", "127.0.0.1:0", c.flag, c.value)
		if code != ExitUsage || !strings.Contains(stderr, c.want) {
			t.Errorf("%s %s: got %d %s, want %q", c.flag, c.value, code, stderr, c.want)
		}
	}
}

// Whatever the client writes in front, the address that the trusted proxy appends is found.
func FuzzForwardedHeaders(f *testing.F) {
	for _, seed := range []string{
		"", "9.9.9.9", "9.9.9.9, 8.8.8.8", `for="[2001:db8::1]:80";proto=https`, `for="`, `for=a;for=b`, `"\`, ",,,", "for=",
		"\x00", `for="\"";x`, "for=1.2.3.4;by=_x, for=10.0.0.2",
	} {
		f.Add(seed)
	}
	x := believing(f, "", "10.0.0.0/8")
	rfc := believing(f, proxyForwarded, "10.0.0.0/8")
	want := netip.MustParseAddr("1.2.3.4")
	f.Fuzz(func(t *testing.T, text string) {
		for _, header := range []http.Header{
			{"X-Forwarded-For": {text, "1.2.3.4"}}, {"X-Forwarded-For": {text + ",1.2.3.4"}},
			{"X-Forwarded-For": {text, "1.2.3.4, 10.0.0.9"}},
		} {
			if o, ok := x.origin("10.0.0.1:1", header); !ok || o.address != want {
				t.Errorf("%q: got %v, want %v", header, o, want)
			}
		}
		if o, ok := rfc.origin("10.0.0.1:1", http.Header{"Forwarded": {text, "for=1.2.3.4"}}); !ok || o.address != want {
			t.Errorf("%q: got %v, want %v", text, o, want)
		}
		// On the same line a quote that the client leaves open hides the proxy's element; it names nobody else then.
		o, _ := rfc.origin("10.0.0.1:1", http.Header{"Forwarded": {text + ", for=1.2.3.4"}})
		if o.address != want && o.address != netip.MustParseAddr("10.0.0.1") {
			t.Errorf("%q: got %v, want %v or the proxy", text, o, want)
		}
		for _, p := range []proxies{x, rfc} {
			if _, ok := p.origin("8.8.8.8:1", http.Header{"X-Forwarded-For": {text}, "Forwarded": {text}}); ok {
				t.Errorf("%q: a stranger is believed", text)
			}
		}
		hops, ok := parseForwarded(text)
		if !ok && hops != nil || len(hops) > len(text) {
			t.Errorf("%q: got %v, %t", text, hops, ok)
		}
	})
}

package serve

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"

	"github.com/spf13/pflag"
)

const (
	trustedProxyFlag = "trusted-proxy"
	proxyHeaderFlag  = "proxy-header"

	proxyXForwarded = "x-forwarded" // X-Forwarded-For, X-Forwarded-Host and X-Forwarded-Proto
	proxyForwarded  = "forwarded"   // Forwarded (RFC 7239)
)

// proxySettings are the flags of what is believed of proxies.
type proxySettings struct {
	trusted []string
	header  string // "": proxyXForwarded
}

func proxyFlags(set *pflag.FlagSet, s *proxySettings) {
	set.StringArrayVar(&s.trusted, trustedProxyFlag, nil,
		"`CIDR` or address of proxies whose headers say who the client is, such as 10.0.0.0/8; repeatable (none by default)")
	set.StringVar(&s.header, proxyHeaderFlag, proxyXForwarded,
		"`headers` that the trusted proxies write: x-forwarded (X-Forwarded-For, -Host and -Proto) or forwarded (RFC 7239)")
}

// proxies are the proxies whose headers are believed. The zero value believes none.
type proxies struct {
	trusted   []netip.Prefix
	forwarded bool
}

// check returns the proxies of the flags.
func (s proxySettings) check() (proxies, error) {
	var p proxies
	switch s.header {
	case "", proxyXForwarded:
	case proxyForwarded:
		p.forwarded = true
	default:
		return p, usageError{fmt.Errorf("--%s: unknown headers %.40q: want %s or %s",
			proxyHeaderFlag, s.header, proxyXForwarded, proxyForwarded)}
	}
	for _, text := range s.trusted {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			var addr netip.Addr
			if addr, err = netip.ParseAddr(text); err == nil {
				prefix = netip.PrefixFrom(addr, addr.BitLen())
			}
		}
		if err != nil || prefix.Addr().Zone() != "" || prefix.Addr().Is4In6() {
			return p, usageError{fmt.Errorf("--%s: invalid network %.60q: want a CIDR such as 10.0.0.0/8, or an address",
				trustedProxyFlag, text)}
		}
		if prefix.Bits() == 0 { // then anybody could say to be anybody
			return p, usageError{fmt.Errorf("--%s: %s trusts every client: want the network of the proxies",
				trustedProxyFlag, text)}
		}
		p.trusted = append(p.trusted, prefix.Masked())
	}
	return p, nil
}

func (p proxies) trusts(addr netip.Addr) bool {
	for _, prefix := range p.trusted {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// handler passes each request to next as its client sent it: with the client's address and the host and scheme that
// the client used. Headers of a peer that is not trusted change nothing.
func (p proxies) handler(next http.Handler) http.Handler {
	if p.trusted == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o, ok := p.origin(r.RemoteAddr, r.Header); ok {
			clone := *r.WithContext(context.WithValue(r.Context(), schemeKey{}, o.scheme))
			clone.RemoteAddr = netip.AddrPortFrom(o.address, 0).String()
			if o.host != "" {
				clone.Host = o.host // which the guard checks as any other
			}
			r = &clone
		}
		next.ServeHTTP(w, r)
	})
}

type schemeKey struct{}

// schemeOf returns the scheme that a trusted proxy says the client used, or "".
func schemeOf(ctx context.Context) string {
	scheme, _ := ctx.Value(schemeKey{}).(string)
	return scheme
}

// origin is where a request comes from.
type origin struct {
	address      netip.Addr
	host, scheme string // "": not stated
}

// origin returns where a request comes from that a trusted proxy has passed on; false: no trusted proxy has.
//
// Each proxy appends the address that it was called from, so that only what trusted ones have appended is true: from
// the right, the first address that is not of a trusted proxy is the client. What cannot be read ends the search.
func (p proxies) origin(remote string, header http.Header) (origin, bool) {
	peer, err := netip.ParseAddrPort(remote)
	if err != nil || !p.trusts(peer.Addr().Unmap()) {
		return origin{}, false
	}
	o := origin{address: peer.Addr().Unmap()}
	if p.forwarded {
		hops := forwardedHops(header.Values("Forwarded"))
		for i := len(hops) - 1; i >= 0 && p.trusts(o.address); i-- {
			addr, ok := parseNode(hops[i].node)
			if !ok {
				break
			}
			o = origin{addr, hops[i].host, knownScheme(hops[i].proto)}
		}
		return o, true
	}
	rest := strings.Join(header.Values("X-Forwarded-For"), ",")
	for rest != "" && p.trusts(o.address) {
		var last string
		rest, last = cutLast(rest)
		addr, ok := parseNode(last)
		if !ok {
			break
		}
		o.address = addr
	}
	// The nearest proxy has written or checked the last of these.
	_, o.host = cutLast(strings.Join(header.Values("X-Forwarded-Host"), ","))
	_, proto := cutLast(strings.Join(header.Values("X-Forwarded-Proto"), ","))
	o.scheme = knownScheme(proto)
	return o, true
}

// cutLast splits a comma-separated list at its last comma.
func cutLast(list string) (rest, last string) {
	at := strings.LastIndexByte(list, ',')
	return list[:max(at, 0)], strings.Trim(list[at+1:], " \t")
}

func knownScheme(text string) string {
	for _, scheme := range []string{"http", "https"} {
		if strings.EqualFold(text, scheme) {
			return scheme
		}
	}
	return ""
}

// parseNode returns the address of a node (RFC 7239 section 6), with or without a port and brackets. It returns false
// for a name, "unknown" and an obfuscated identifier.
func parseNode(text string) (netip.Addr, bool) {
	addr, err := netip.ParseAddr(text)
	if err != nil {
		var withPort netip.AddrPort
		if withPort, err = netip.ParseAddrPort(text); err == nil {
			addr = withPort.Addr()
		} else if inner, ok := strings.CutPrefix(text, "["); ok && strings.HasSuffix(inner, "]") {
			addr, err = netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		}
	}
	return addr.Unmap(), err == nil && addr.Zone() == ""
}

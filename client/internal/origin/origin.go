// Package origin checks where URLs lead that carry credentials, keys or what is asserted about them.
package origin

import (
	"net"
	"net/url"
)

// Private reports whether nobody on the network reads or changes what is exchanged with a URL: its scheme is https, or
// http on a loopback address: "localhost", 127.0.0.0/8 or ::1.
func Private(u *url.URL) bool {
	if u.Scheme == "http" {
		ip := net.ParseIP(u.Hostname())
		return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	}
	return u.Scheme == "https"
}

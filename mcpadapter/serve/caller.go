package serve

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
)

// identify returns a name for whom a request is from that logs may contain: a hash of the credential, or without one
// the address of the client.
func identify(ctx context.Context, r *http.Request, caller func(context.Context) string, anonymous bool) string {
	if anonymous || caller == nil {
		return "address " + addressOf(r)
	}
	return hashed(caller(ctx))
}

// addressOf returns the address of the client without its port.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// hashed returns the first half of the SHA-256 of a text in hexadecimal. Credentials cannot be guessed from it, as
// they are random; the same one has the same hash at every server.
func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:sha256.Size/2])
}

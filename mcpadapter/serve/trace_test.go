package serve

import (
	"net/http"
	"strings"
	"testing"
)

func TestTheStateOfATraceIsLimited(t *testing.T) {
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	for state, kept := range map[string]bool{
		"a": true, "a=b c": true, strings.Repeat("a", 512): true,
		"": true, " a": false, "a\n": false, "é": false, strings.Repeat("a", 513): false,
	} {
		got := newTraceParent(parent, state)
		if got.id != parent || (got.state == state) != kept || got.state != "" && got.state != state {
			t.Errorf("%d bytes, %.9q: got %+v, want the state kept: %t", len(state), state, got, kept)
		}
	}
}

func TestTheIDOfARequestIsLimited(t *testing.T) {
	for id, kept := range map[string]bool{
		"a": true, "Aa0._:@=+/-": true, strings.Repeat("a", 128): true,
		"": false, "a b": false, "a\n": false, "é": false, strings.Repeat("a", 129): false,
	} {
		if got := requestID(http.Header{requestIDHeader: {id}}); (got == id) != kept || got == "" {
			t.Errorf("%d bytes, %.9q: got %q, want it kept: %t", len(id), id, got, kept)
		}
	}
}

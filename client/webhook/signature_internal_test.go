package webhook

import (
	"strings"
	"testing"
)

func TestNothingOfAMalformedSignatureIsReturned(t *testing.T) {
	t.Parallel()
	const good = "v1=0000000000000000000000000000000000000000000000000000000000000000"
	for _, header := range []string{
		"", strings.Repeat("x", maxHeader+1), good + ",x", good + ",t=1,t=1", good + ",t=x", good + ",t=1,v1=0", good, "t=1",
	} {
		if s, err := parseSignature(header); err == nil || s.t != "" || !s.at.IsZero() || s.macs != nil {
			t.Errorf("%.90q: got %+v, %v; want an error alone", header, s, err)
		}
	}
}

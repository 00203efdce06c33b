package authkit

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// checkParts checks what a lenient JOSE library passes: base64url with trailing bits, text that is not UTF-8, bytes
// after the JSON, and an empty list of critical extensions (RFC 7515 sections 2, 4.1.11 and 5.2). Two texts that
// decode to one token would otherwise pass for different ones.
func checkParts(token string) error {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return fmt.Errorf("%w: it has %d parts, not 3", ErrTokenFormat, len(parts))
	}
	for i, name := range []string{"header", "payload", "signature"} {
		decoded, err := base64.RawURLEncoding.Strict().DecodeString(parts[i])
		switch {
		case err != nil || strings.ContainsAny(parts[i], "\r\n"): // which the decoder skips
			return fmt.Errorf("%w: its %s is not base64url", ErrTokenFormat, name)
		case name == "signature":
		case !utf8.Valid(decoded):
			return fmt.Errorf("%w: its %s is not UTF-8", ErrTokenFormat, name)
		case name == "header":
			if err := checkHeader(decoded); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkHeader(decoded []byte) error {
	var header map[string]json.RawMessage
	if err := json.Unmarshal(decoded, &header); err != nil || header == nil {
		return fmt.Errorf("%w: its header is not one JSON object", ErrTokenFormat)
	}
	if _, ok := header["crit"]; ok { // this package understands no extension
		return fmt.Errorf("%w: it has a critical extension, or an empty list (RFC 7515 section 4.1.11)", ErrTokenFormat)
	}
	return nil
}

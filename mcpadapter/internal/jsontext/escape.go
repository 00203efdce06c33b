package jsontext

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Escape writes characters that no reader sees, and that could make a terminal or a model see something else, as
// escapes of JSON, so that nothing is lost. In valid JSON they only stand in strings.
func Escape(valid []byte) []byte {
	clean := true
	for _, b := range valid {
		if b == 0x7F || b == 0xC2 || b >= 0xE2 {
			clean = false
			break
		}
	}
	if clean {
		return valid
	}
	const hex = "0123456789abcdef"
	escape := func(b []byte, r rune) []byte {
		return append(b, '\\', 'u', hex[r>>12&0xF], hex[r>>8&0xF], hex[r>>4&0xF], hex[r&0xF])
	}
	b := make([]byte, 0, len(valid)+64)
	for i := 0; i < len(valid); {
		r, size := utf8.DecodeRune(valid[i:])
		switch {
		case !Invisible(r):
			b = append(b, valid[i:i+size]...)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			b = escape(escape(b, high), low)
		default:
			b = escape(b, r)
		}
		i += size
	}
	return b
}

// Invisible reports whether a character is a control (C0 but for what JSON escapes anyway, DEL, C1), ends a line, turns
// the direction of text, or has no width. The joiners of scripts and emoji are seen by what they do.
func Invisible(r rune) bool {
	switch {
	case r < ' ', 0x7F <= r && r <= 0x9F, r == 0x200B, 0x2028 <= r && r <= 0x202E, 0x2060 <= r && r <= 0x206F,
		r == 0xFEFF, 0xE0000 <= r && r <= 0xE007F:
		return true
	}
	return false
}

// OneLine writes a text of the API's so that it cannot pass for a line of ours.
func OneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if Invisible(r) {
			return ' '
		}
		return r
	}, text)
}

package jsontext

// Walk calls visit with each member of an object, in order, until visit returns false. Names come without their quotes
// and as they are spelled, so that one with an escape contains a backslash. Unlike the other functions it accepts any
// white space between tokens. It reports whether the text is an object and every call returned true.
func Walk(object []byte, visit func(name, value []byte) bool) bool {
	i := skipSpace(object, 0)
	if i == len(object) || object[i] != '{' {
		return false
	}
	for i = skipSpace(object, i+1); object[i] != '}'; {
		end := stringEnd(object, i)
		name := object[i+1 : end-1]
		i = skipSpace(object, skipSpace(object, end)+1) // behind the colon
		end = spacedEnd(object, i)
		if !visit(name, object[i:end]) {
			return false
		}
		if i = skipSpace(object, end); object[i] == ',' {
			i = skipSpace(object, i+1)
		}
	}
	return true
}

// spacedEnd returns where the value that begins at i ends, whatever white space it contains.
func spacedEnd(b []byte, i int) int {
	switch b[i] {
	case '"':
		return stringEnd(b, i)
	case '{', '[':
	default:
		for i < len(b) && !isSpace(b[i]) && b[i] != ',' && b[i] != ']' && b[i] != '}' {
			i++
		}
		return i
	}
	for depth := 0; ; i++ {
		switch b[i] {
		case '"':
			i = stringEnd(b, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	return i
}

// isSpace reports whether a byte is white space (RFC 8259 section 2).
func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

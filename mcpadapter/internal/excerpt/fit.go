package excerpt

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// LeftOut describes what is missing from a result.
type LeftOut struct {
	Missing int      // how many items were cut off
	More    bool     // whether more follow beyond what the call read
	Reasons []string // sentences; none if nothing is missing
}

// AddReasonf adds a sentence that says why something is missing.
func (l *LeftOut) AddReasonf(format string, args ...any) {
	l.Reasons = append(slices.Clip(l.Reasons), fmt.Sprintf(format, args...))
}

// AppendTo returns an object with the members and one more, of the name, that says what was left out. carryOn has the
// arguments that continue, or is nil.
func (l *LeftOut) AppendTo(root []jsontext.Member, name string, carryOn json.RawMessage) json.RawMessage {
	b := []byte{'{'}
	if l.Missing > 0 {
		b = jsontext.AppendMember(b, "elements", strconv.Itoa(l.Missing))
	}
	if l.More {
		b = jsontext.AppendMember(b, "more", "true")
	}
	if carryOn != nil {
		b = jsontext.AppendMember(b, "continue", string(carryOn))
	}
	b = append(jsontext.AppendMember(b, "reason", string(jsontext.AppendString(nil, strings.Join(l.Reasons, " ")))), '}')
	return jsontext.AppendObject(nil, append(slices.Clip(root), jsontext.Member{Name: name, Value: b}))
}

// Fit returns what write returns for as many of the first parts as fit into a limit in bytes, 0 for none. It returns
// false if not even one does.
func Fit(parts []json.RawMessage, limit int, write func(given int) json.RawMessage) (json.RawMessage, bool) {
	for given := len(parts); ; {
		text := write(given)
		over := len(text) - limit
		if limit == 0 || over <= 0 {
			return text, true
		}
		for ; over > 0 && given > 0; given-- {
			over -= len(parts[given-1]) + len(",")
		}
		if given == 0 {
			return nil, false
		}
	}
}

package sandbox

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Fault is a rule by which requests fail. All that it names must hold for a request; the first rule that applies
// decides. A rule that has a Status responds in the place of the operation, which takes no effect.
type Fault struct {
	ID        string `json:"id"`        // made by [Sandbox.AddFault]
	Operation string `json:"operation"` // ID such as "organizations.create"; * stands for any text; "": any
	Method    string `json:"method"`    // "": any
	Path      string `json:"path"`      // such as "/organizations/*"; "": any

	Nth         int     `json:"nth"`         // the only one of the matching requests, counted from 1; 0: each
	Times       int     `json:"times"`       // apply to this many requests at most; 0: no limit
	Probability float64 `json:"probability"` // between 0 and 1, by the seed of [WithSeed]; 0: always
	// Limit is how many matching requests pass in WindowMS, a second unless given; 0: no limit. The others get Status, 429
	// unless given, with Retry-After.
	Limit    int `json:"limit"`
	WindowMS int `json:"window_ms"`

	DelayMS    int    `json:"delay_ms"` // before the response
	Status     int    `json:"status"`   // 400 to 599; 0: the operation's own response
	Code       string `json:"code"`
	Message    string `json:"message"`
	RetryAfter int    `json:"retry_after"` // seconds; 0: none
	// Break is what happens to the connection or the body: "reset" before the operation takes effect, "lost" after it,
	// "truncate" for half of the body, and "malformed" for a whole one that is not JSON.
	Break string `json:"break"`

	operation, path *regexp.Regexp // nil: any
	seen, applied   int
	window          time.Time // its start
	inWindow        int
}

const maxFaults = 1000

// The values of Fault.Break.
const (
	breakReset     = "reset"
	breakLost      = "lost"
	breakTruncate  = "truncate"
	breakMalformed = "malformed"
)

// AddFault adds a rule after the existing ones and returns its ID. It rejects an invalid rule, and one more than 1,000.
func (s *Sandbox) AddFault(f Fault) (id string, err error) {
	if err := f.check(); err != nil {
		return "", fmt.Errorf("workos/sandbox: fault: %w", err)
	}
	f.operation, f.path = glob(f.Operation), glob(f.Path)
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	if len(s.faults) >= maxFaults {
		return "", fmt.Errorf("workos/sandbox: fault: there are %d already", maxFaults)
	}
	s.faultIDs++
	f.ID = fmt.Sprint("fault_", s.faultIDs)
	s.faults = append(s.faults, &f)
	return f.ID, nil
}

// Faults returns the rules.
func (s *Sandbox) Faults() []Fault {
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	list := make([]Fault, 0, len(s.faults))
	for _, f := range s.faults {
		list = append(list, *f)
	}
	return list
}

// RemoveFault removes the rule with that ID, and reports whether there was one.
func (s *Sandbox) RemoveFault(id string) bool {
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	before := len(s.faults)
	s.faults = slices.DeleteFunc(s.faults, func(f *Fault) bool { return f.ID == id })
	return len(s.faults) < before
}

// ClearFaults removes all rules.
func (s *Sandbox) ClearFaults() {
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	s.faults = nil
}

func (f *Fault) check() error {
	const longest = 10 * time.Minute
	switch {
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("status %d: want 400 to 599", f.Status)
	case math.IsNaN(f.Probability) || f.Probability < 0 || f.Probability > 1:
		return fmt.Errorf("probability %v: want 0 to 1", f.Probability)
	case f.Nth < 0 || f.Times < 0 || f.Limit < 0 || f.WindowMS < 0 || f.RetryAfter < 0:
		return errors.New("nth, times, limit, window_ms and retry_after must not be negative")
	case f.DelayMS < 0 || f.DelayMS > int(longest/time.Millisecond):
		return fmt.Errorf("delay_ms %d: want 0 to %d", f.DelayMS, longest/time.Millisecond)
	case !slices.Contains([]string{"", breakReset, breakLost, breakTruncate, breakMalformed}, f.Break):
		return fmt.Errorf("break %q: want reset, lost, truncate or malformed", f.Break)
	case f.Status == 0 && f.Break == "" && f.DelayMS == 0 && f.Limit == 0:
		return errors.New("it does nothing: want status, break, delay_ms or limit")
	}
	return nil
}

// glob returns the expression of a text in which * stands for any text; nil for "".
func glob(text string) *regexp.Regexp {
	if text == "" {
		return nil
	}
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(text), `\*`, ".*") + "$")
}

// faultFor returns the rule that applies to a request, or nil.
func (s *Sandbox) faultFor(operation string, r request) *Fault {
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	for _, f := range s.faults {
		if f.Method != "" && !strings.EqualFold(f.Method, r.method) || f.path != nil && !f.path.MatchString(r.path) ||
			f.operation != nil && !f.operation.MatchString(operation) {
			continue
		}
		f.seen++
		if f.Nth > 0 && f.seen != f.Nth || f.Times > 0 && f.applied >= f.Times ||
			f.Probability > 0 && s.faultRandom.Float64() >= f.Probability {
			continue
		}
		applies := *f
		if f.Limit > 0 && !f.exceeded(s.Time(), &applies) {
			continue
		}
		f.applied++
		return &applies
	}
	return nil
}

// exceeded counts a request of a limit, and reports whether it is one too many.
func (f *Fault) exceeded(now time.Time, applies *Fault) bool {
	length := time.Duration(f.WindowMS) * time.Millisecond
	if length == 0 {
		length = time.Second
	}
	if age := now.Sub(f.window); age < 0 || age >= length {
		f.window, f.inWindow = now, 0
	}
	f.inWindow++
	if applies.Status == 0 {
		applies.Status = http.StatusTooManyRequests
	}
	if applies.RetryAfter == 0 {
		applies.RetryAfter = int(math.Ceil(f.window.Add(length).Sub(now).Seconds()))
	}
	return f.inWindow > f.Limit
}

// reply returns the response in the place of that of the operation.
func (f *Fault) reply() reply {
	code, message := f.Code, f.Message
	if code == "" && f.Status == http.StatusTooManyRequests {
		code = "too_many_requests"
	}
	if message == "" {
		message = "A fault rule of the sandbox: " + http.StatusText(f.Status) + "."
	}
	return newProblemReply(&problem{status: f.Status, code: code, message: message})
}

package mcpadapter

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/question"
)

// Limits of the question about a plan.
const (
	maxPlanned  = 50 // calls
	maxLookedUp = 5  // calls, up to which the resource of each is looked up
)

// digest identifies the calls of a plan.
type digest [16]byte

// digestOf returns the digest of calls in their order.
func digestOf(e *engine, calls []*programCall) digest {
	parts := make([][]byte, 0, 2*len(calls)) //nolint:mnd // two of each call
	for _, c := range calls {
		parts = append(parts, []byte(c.operation), c.sent)
	}
	return digest(e.sealer.Bind('p', parts...))
}

// approved is a plan that a person has agreed to.
type approved struct {
	digest digest
	start  time.Time // what the clock of the program shows
}

func (a *approved) covers(e *engine, calls []*programCall) bool {
	return a.digest == digestOf(e, calls)
}

// planQuestion is what a person has to confirm.
type planQuestion struct {
	text   string
	digest digest
	lines  []string // of the calls that were made before it
}

// ask returns the question for calls, or those of them whose resource does not exist: they fail without a question.
func (a *Adapter) ask(ctx context.Context, calls []*programCall) (asks *planQuestion, missing []*programCall) {
	asks = &planQuestion{digest: digestOf(a.engine, calls)}
	if len(calls) > maxPlanned {
		f := &Failure{
			Code: CodeProgramCalls,
			Message: fmt.Sprintf("the program comes to %d calls at once that a person has to confirm, more than %d; "+
				"nothing of them was sent", len(calls), maxPlanned),
			Advice: "Do the work in parts.",
		}
		for _, c := range calls {
			c.refusal = f
		}
		return nil, calls
	}
	var b strings.Builder
	fmt.Fprintf(&b, "A program makes %s:\n", phrase.Plural(len(calls), "call"))
	for i, c := range calls {
		text := c.call.inOneLine()
		if len(calls) <= maxLookedUp {
			if text, c.refusal = c.call.question(ctx); c.refusal != nil {
				missing = append(missing, c)
				continue
			}
		}
		fmt.Fprintf(&b, "\n%d. %s\n", i+1, text)
	}
	asks.text = strings.TrimSpace(b.String())
	return asks, missing
}

// inOneLine describes in plain text what the call would do, without looking anything up.
func (c *call) inOneLine() string {
	var list []string
	for _, arguments := range c.arguments() {
		for _, name := range value.SortedNames(arguments) {
			list = append(list, name+": "+question.Value(name, arguments[name]))
		}
	}
	if len(list) > maxQuestionArguments {
		list = append(list[:maxQuestionArguments], fmt.Sprintf("and %d more", len(list)-maxQuestionArguments))
	}
	return strings.TrimSuffix(c.tool.title, ".") + ": " + c.tool.name + " {" + strings.Join(list, ", ") + "}"
}

// A token for a program is base64url without padding of
//
//	start in milliseconds (8 bytes) | digest of the plan (16) | journal (16)
//
// a dot, and a sealed token that is bound to that, the way of asking, the caller, the program and its arguments.
const planHead = 8 + len(digest{}) + len(journalID{})

//nolint:gochecknoglobals // a constant that Go cannot declare as such
var headText = base64.RawURLEncoding.Strict()

// planToken is what a token for a program says.
type planToken struct {
	approved

	journal journalID
}

func (t planToken) head() []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, planHead), uint64(t.start.UnixMilli()))
	return append(append(b, t.digest[:]...), t.journal[:]...)
}

func readHead(text string) (t planToken, ok bool) {
	head, err := headText.DecodeString(text)
	if err != nil || len(head) != planHead {
		return t, false
	}
	t.start = time.UnixMilli(int64(binary.BigEndian.Uint64(head))).UTC() //nolint:gosec // sealed
	rest := bytes.NewReader(head[8:])
	_, _ = rest.Read(t.digest[:])
	_, _ = rest.Read(t.journal[:])
	return t, true
}

// program is what a call of the tool is for.
type programRequest struct {
	source    string
	arguments []byte
}

func (e *engine) bindPlan(ctx context.Context, way confirmedBy, p programRequest, head []byte) []byte {
	// No tool has the name.
	return e.sealer.Bind(byte(way), []byte("\x00program"), []byte(p.source), p.arguments,
		[]byte(e.confirmation.Caller(ctx)), head)
}

// sealPlan returns a token for a plan.
func (e *engine) sealPlan(
	ctx context.Context, way confirmedBy, p programRequest, t planToken, expires time.Time,
) string {
	head := t.head()
	return headText.EncodeToString(head) + "." + e.sealer.Seal(expires, e.bindPlan(ctx, way, p, head))
}

// openPlan returns the plan of a token, with a function that uses it up. The function returns a failure if the token
// does not count any more.
func (e *engine) openPlan(
	ctx context.Context, way confirmedBy, p programRequest, token string,
) (planToken, func(context.Context) *Failure, *Failure) {
	f := &Failure{
		Code:   CodeConfirmationInvalid,
		Advice: "Run the program without " + confirmationArgument + " to ask the person again.",
		Message: "the confirmation is not for this program: it was made for another program, for other arguments or for " +
			"other credentials, or is not complete; nothing was sent",
	}
	head, sealed, _ := strings.Cut(token, ".")
	t, ok := readHead(head)
	if !ok {
		return t, nil, f
	}
	id, expires, ok := e.sealer.Open(sealed, e.bindPlan(ctx, way, p, t.head()))
	if !ok {
		return t, nil, f
	}
	if !time.Now().Before(expires) {
		f.Message = "the confirmation has expired; nothing was sent"
		return t, nil, f
	}
	return t, func(ctx context.Context) *Failure { return e.use(ctx, id, expires, f) }, nil
}

// Limits of what is remembered of programs that wait for a confirmation.
const (
	maxJournals     = 64
	maxJournalBytes = 4 << 20  // of the results in one
	maxKeptBytes    = 32 << 20 // of those in all
)

// journal is what a program did before its last call that changes something, for when it is run again.
type journal struct {
	entries map[int]*journalEntry // by the ID of the call
	bytes   int                   // of the results
}

// journalEntry is one call that was made, with its result.
type journalEntry struct {
	operation string
	sent      []byte
	result    ProgramResult
	line      string
	round     int // calls with the same number got their results together
}

// journalID identifies a journal that is remembered. The zero value is none.
type journalID [16]byte

// journals remembers journals until they expire. It is safe for concurrent use.
type journals struct {
	mu   sync.Mutex
	kept map[journalID]keptJournal
}

// bytes returns the size of all that are remembered.
func (j *journals) bytes() int {
	n := 0
	for _, kept := range j.kept {
		n += kept.journal.bytes
	}
	return n
}

type keptJournal struct {
	journal *journal
	expires time.Time
}

// put remembers a journal. It returns the zero ID for an empty one, and false if there are too many others.
func (j *journals) put(made *journal, expires time.Time) (id journalID, ok bool) {
	if made == nil || len(made.entries) == 0 {
		return id, true
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	now := time.Now()
	for id, kept := range j.kept {
		if !now.Before(kept.expires) {
			delete(j.kept, id)
		}
	}
	if len(j.kept) >= maxJournals || j.bytes()+made.bytes > maxKeptBytes {
		return id, false
	}
	if j.kept == nil {
		j.kept = map[journalID]keptJournal{}
	}
	_, _ = rand.Read(id[:]) // never fails
	j.kept[id] = keptJournal{made, expires}
	return id, true
}

// get returns a journal: an empty one for the zero ID, and nil for one that is not remembered.
func (j *journals) get(id journalID) *journal {
	if id == (journalID{}) {
		return &journal{}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	kept, ok := j.kept[id]
	if !ok || !time.Now().Before(kept.expires) {
		return nil
	}
	return kept.journal
}

// forget forgets a journal whose confirmation is used up.
func (j *journals) forget(id journalID) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.kept, id)
}

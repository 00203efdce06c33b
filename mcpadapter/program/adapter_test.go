package program_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
	"github.com/seed-f165d83c/workos/mcpadapter/program"
)

// runner returns the tool that runs programs over the shop, which confirms what is risky.
func runner(
	t *testing.T, handler http.HandlerFunc, opts ...mcpadapter.Option,
) (mcpadapter.Tool, *shoptest.Server, *mcpadapter.Adapter) {
	t.Helper()
	a, wire := shoptest.New(t, handler, append([]mcpadapter.Option{shoptest.Confirming(mcpadapter.ConfirmRisky)}, opts...)...)
	return toolOf(t, a), wire, a
}

func toolOf(t *testing.T, a *mcpadapter.Adapter) mcpadapter.Tool {
	t.Helper()
	for _, tool := range a.ProgramTools(engineOf(t, program.Limits{})) {
		if tool.Name() == "run_program" {
			return tool
		}
	}
	t.Fatal("there is no run_program")
	return mcpadapter.Tool{}
}

func programOf(source string) json.RawMessage {
	text, _ := json.Marshal(map[string]string{"program": source})
	return text
}

// sent lists methods and paths.
func sent(requests []shoptest.Request) string {
	var list []string
	for _, r := range requests {
		list = append(list, r.Method+" "+r.URI)
	}
	return strings.Join(list, ", ")
}

func TestAProgramCallsOperations(t *testing.T) {
	t.Parallel()
	run, wire, _ := runner(t, shoptest.RespondWith(http.StatusOK, "application/json", `{"id":"1","name":"Assam"}`))
	r := run.Invoke(t.Context(), programOf(`const tea = await api.getTea({tea_id: "1"}); return tea.name`))
	if r.Failure != nil || !strings.HasPrefix(string(r.JSON), `{"value":"Assam","calls":["getTea 200 `) {
		t.Errorf("got %s", r.Text())
	}
	if got := sent(wire.Seen()); got != "GET /teas/1" {
		t.Errorf("got %s on the wire", got)
	}
}

func TestCallsOfProgramsAreCheckedAsDirectOnes(t *testing.T) {
	t.Parallel()
	run, wire, _ := runner(t, nil, mcpadapter.WithFilter(mcpadapter.Filter{Deny: []string{"surveys.create"}}))
	for source, want := range map[string]string{
		`await api.getTea({tea: "1"})`:                "invalid_arguments",
		`await api.getTea({tea_id: ".."})`:            "invalid_arguments",
		`await api.getTeas({})`:                       "getTea",
		`await api.surveys.create({})`:                "filtered",
		`await api.recalls.create({reason: "mould"})`: "invalid_arguments",
		`await api.run_program({program: "1"})`:       "unknown tool",
		`await api.getTea({tea_id: "1", nope: 1})`:    "nope",
	} {
		r := run.Invoke(t.Context(), programOf(source))
		if r.Failure == nil || r.Failure.Code != mcpadapter.CodeProgramThrew || !strings.Contains(r.Text(), want) {
			t.Errorf("%s: got %s, want %s", source, r.Text(), want)
		}
		if got := sent(wire.Seen()); got != "" {
			t.Errorf("%s: got %s sent, want nothing", source, got)
		}
	}
}

// recallBoth is one plan of two calls that need a confirmation, behind a call that needs none.
const recallBoth = `const tea = await api.getTea({tea_id: "1"});
	await Promise.all(["1", "2"].map((tea) => api.recalls.create({tea, reason: "mould"})));
	return tea.name`

func teas(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	shoptest.RespondWith(http.StatusOK, "application/json", `{"id":"1","name":"Assam"}`)(w, r)
}

func TestOneConfirmationIsForTheWholePlan(t *testing.T) {
	t.Parallel()
	run, wire, _ := runner(t, teas)
	pending := shoptest.Asked(t.Context(), t, run, string(programOf(recallBoth)))
	shoptest.WantParts(t, "question", pending.Question, "2 calls", "1. ", "2. ", `reason: "mould"`, `tea: "2"`)
	for _, r := range wire.Seen() {
		if r.Method != http.MethodGet {
			t.Errorf("got %s %s before the confirmation", r.Method, r.URI)
		}
	}
	with := shoptest.WithToken(t, string(programOf(recallBoth)), pending.Token)
	if r := run.Invoke(t.Context(), with); r.Failure != nil || !strings.Contains(string(r.JSON), `"value":"Assam"`) {
		t.Fatalf("got %s", r.Text())
	}
	if got := sent(wire.Seen()); got != "GET /teas/1, POST /teas/1/recall, POST /teas/2/recall" {
		t.Errorf("got %s", got)
	}
	r := run.Invoke(t.Context(), with)
	shoptest.WantFailure(t, r, mcpadapter.CodeConfirmationInvalid, 0)
	if got := sent(wire.Changes()); got != "" {
		t.Errorf("used again: got %s", got)
	}
}

func TestATokenIsForOneProgramAlone(t *testing.T) {
	t.Parallel()
	type key struct{}
	settings := mcpadapter.WithConfirmation(mcpadapter.Confirmation{
		Policy: mcpadapter.ConfirmRisky, Key: bytes.Repeat([]byte("k"), 32),
		Caller: func(ctx context.Context) string { s, _ := ctx.Value(key{}).(string); return s },
	})
	run, wire, a := runner(t, teas, settings)
	as := func(caller string) context.Context { return context.WithValue(t.Context(), key{}, caller) }
	pending := shoptest.Asked(as("ada"), t, run, string(programOf(recallBoth)))
	wire.Seen()
	with := shoptest.WithToken(t, string(programOf(recallBoth)), pending.Token)
	head, sealed, _ := strings.Cut(pending.Token, ".")
	direct := shoptest.Tool(t, a, "recalls.create")
	for name, r := range map[string]mcpadapter.Result{
		"another caller":  run.Invoke(as("bob"), with),
		"another program": run.Invoke(as("ada"), shoptest.WithToken(t, string(programOf(recallBoth+" ")), pending.Token)),
		"other arguments": run.Invoke(as("ada"), shoptest.WithToken(t,
			strings.Replace(string(programOf(recallBoth)), "{", `{"arguments":{"a":1},`, 1), pending.Token)),
		"another way": run.Resume(as("ada"), programOf(recallBoth), pending.Token, true),
		"half":        run.Invoke(as("ada"), shoptest.WithToken(t, string(programOf(recallBoth)), head)),
		"other half":  run.Invoke(as("ada"), shoptest.WithToken(t, string(programOf(recallBoth)), sealed)),
		"another plan": run.Invoke(as("ada"), shoptest.WithToken(t, string(programOf(recallBoth)),
			strings.Repeat("A", len(head))+"."+sealed)),
		"a call": direct.Invoke(as("ada"), shoptest.WithToken(t, `{"tea":"1","reason":"mould"}`, pending.Token)),
	} {
		if r.Failure == nil || r.Failure.Code != mcpadapter.CodeConfirmationInvalid {
			t.Errorf("%s: got %s", name, r.Text())
		}
		if got := sent(wire.Changes()); got != "" {
			t.Errorf("%s: got %s sent", name, got)
		}
	}
	// Another process with the same key, as nothing was changed before the question.
	same, wire, _ := runner(t, teas, settings)
	if r := same.Invoke(as("ada"), with); r.Failure != nil || len(wire.Changes()) != 2 {
		t.Errorf("another process: got %s", r.Text())
	}
}

// What a person confirmed is what is sent, or they are asked again.
func TestAPlanThatDiffersAsksAgain(t *testing.T) {
	t.Parallel()
	var name atomic.Value
	name.Store("Assam")
	run, wire, _ := runner(t, func(w http.ResponseWriter, r *http.Request) {
		shoptest.RespondWith(http.StatusOK, "application/json", fmt.Sprintf(`{"id":"1","name":%q}`, name.Load()))(w, r)
	})
	const source = `const tea = await api.getTea({tea_id: "1"});
		await api.recalls.create({tea: "1", reason: "it is " + tea.name})`
	first := shoptest.Asked(t.Context(), t, run, string(programOf(source)))
	name.Store("Darjeeling")
	second := shoptest.Asked(t.Context(), t, run, string(shoptest.WithToken(t, string(programOf(source)), first.Token)))
	shoptest.WantParts(t, "question", second.Question, "it is Darjeeling")
	if got := sent(wire.Changes()); got != "" {
		t.Errorf("got %s sent", got)
	}
	r := run.Invoke(t.Context(), shoptest.WithToken(t, string(programOf(source)), second.Token))
	if changes := wire.Changes(); r.Failure != nil || len(changes) != 1 || !strings.Contains(changes[0].Body, "Darjeeling") {
		t.Errorf("got %s, %v", r.Text(), changes)
	}
}

// A program that has changed something before the question does not do it again, and sees what it saw.
func TestWhatWasDoneBeforeTheQuestionIsNotRepeated(t *testing.T) {
	t.Parallel()
	var made atomic.Int32
	run, wire, _ := runner(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			made.Add(1)
		}
		shoptest.RespondWith(http.StatusOK, "application/json", fmt.Sprintf(`{"id":"t%d","name":"Assam"}`, made.Load()))(w, r)
	})
	const source = `const before = await api.getTea({tea_id: "1"});
		if (before.id !== "t0") throw new Error("made already");
		const tea = await api.teas.create({name: "Assam", stock: 1});
		const seen = await api.getTea({tea_id: "2"});
		await api.recalls.create({tea: tea.id, reason: Math.random() + " " + Date.now()});
		await api.recalls.create({tea: "second", reason: "also"});
		return [before.id, tea.id]`
	first := shoptest.Asked(t.Context(), t, run, string(programOf(source)))
	shoptest.WantParts(t, "question", first.Question, "already made", "teas.create 200")
	if got := sent(wire.Changes()); got != "POST /teas" {
		t.Fatalf("got %s", got)
	}
	second := shoptest.Asked(t.Context(), t, run, string(shoptest.WithToken(t, string(programOf(source)), first.Token)))
	if got := sent(wire.Seen()); !strings.HasPrefix(got, "GET /teas/2, POST /teas/t1/recall") {
		t.Errorf("got %s, want the later read again and the first plan", got)
	}
	r := run.Invoke(t.Context(), shoptest.WithToken(t, string(programOf(source)), second.Token))
	if r.Failure != nil || !strings.HasPrefix(string(r.JSON), `{"value":["t0","t1"],`) {
		t.Errorf("got %s", r.Text())
	}
	if got := sent(wire.Seen()); got != "POST /teas/second/recall" {
		t.Errorf("got %s", got)
	}
	// Another process does not know what was done.
	other := toolOf(t, shoptest.AdapterFor(t, "http://127.0.0.1:1", http.DefaultClient))
	r = other.Invoke(t.Context(), shoptest.WithToken(t, string(programOf(source)), second.Token))
	shoptest.WantFailure(t, r, mcpadapter.CodeConfirmationInvalid, 0)
}

func TestAProgramIsConfirmedWhileTheCallWaits(t *testing.T) {
	t.Parallel()
	run, wire, _ := runner(t, teas)
	var questions []string
	agree := true
	ask := func(_ context.Context, question string) (bool, error) {
		questions = append(questions, question)
		return agree, nil
	}
	if r := run.InvokeAsking(t.Context(), programOf(recallBoth), ask); r.Failure != nil {
		t.Errorf("got %s", r.Text())
	}
	if got := sent(wire.Changes()); len(questions) != 1 || got != "POST /teas/1/recall, POST /teas/2/recall" {
		t.Errorf("got %d questions, %s", len(questions), got)
	}
	agree = false
	r := run.InvokeAsking(t.Context(), programOf(recallBoth), ask)
	shoptest.WantFailure(t, r, mcpadapter.CodeNotConfirmed, 0)
	if got := sent(wire.Changes()); got != "" {
		t.Errorf("declined: got %s", got)
	}
	each := `for (const tea of ["1", "2"]) await api.recalls.create({tea, reason: "mould"})`
	agree, questions = true, nil
	if r := run.InvokeAsking(t.Context(), programOf(each), ask); r.Failure != nil || len(questions) != 2 {
		t.Errorf("in turn: got %d questions, %s", len(questions), r.Text())
	}
	if got := sent(wire.Changes()); got != "POST /teas/1/recall, POST /teas/2/recall" {
		t.Errorf("in turn: got %s", got)
	}
}

func TestAProgramIsConfirmedBetweenTwoRequests(t *testing.T) {
	t.Parallel()
	run, wire, _ := runner(t, teas)
	pending, _ := run.Ask(t.Context(), programOf(recallBoth))
	if pending == nil {
		t.Fatal("got no question")
	}
	r := run.Resume(t.Context(), programOf(recallBoth), pending.Token, false)
	shoptest.WantFailure(t, r, mcpadapter.CodeNotConfirmed, 0)
	r = run.Resume(t.Context(), programOf(recallBoth), pending.Token, true)
	shoptest.WantFailure(t, r, mcpadapter.CodeConfirmationInvalid, 0)
	if got := sent(wire.Changes()); got != "" {
		t.Errorf("got %s", got)
	}
	pending, _ = run.Ask(t.Context(), programOf(recallBoth))
	if r = run.Resume(t.Context(), programOf(recallBoth), pending.Token, true); r.Failure != nil || len(wire.Changes()) != 2 {
		t.Errorf("got %s", r.Text())
	}
}

// Nobody is asked about what does not exist: the call fails, and the program goes on.
func TestNobodyIsAskedAboutWhatIsNotThere(t *testing.T) {
	t.Parallel()
	run, wire, _ := runner(t, shoptest.RespondWith(http.StatusNotFound, "application/json", `{"message":"no such tea"}`))
	r := run.Invoke(t.Context(), programOf(`try { await api.teas.delete({tea_id: "1"}) } catch (e) { return e.status }`))
	if r.Failure != nil || !strings.Contains(string(r.JSON), `"value":404`) {
		t.Errorf("got %s", r.Text())
	}
	if got := sent(wire.Changes()); got != "" {
		t.Errorf("got %s", got)
	}
}

func TestAFailedProgramSaysWhatItHasDone(t *testing.T) {
	t.Parallel()
	run, wire, _ := runner(t, teas)
	r := run.Invoke(t.Context(), programOf(`await api.getTea({tea_id: "1"}); api.recalls.create({tea: "1"}); throw new Error("no")`))
	shoptest.WantFailure(t, r, mcpadapter.CodeProgramThrew, 0)
	shoptest.WantParts(t, "failure", r.Text(), "line 1: Error: no", "calls made: getTea 200")
	if got := sent(wire.Seen()); got != "GET /teas/1" {
		t.Errorf("got %s, want nothing after the error", got)
	}
}

func TestAnUnknownVariableLeadsToTheOperations(t *testing.T) {
	t.Parallel()
	run, wire, _ := runner(t, teas)
	for source, advised := range map[string]bool{
		`return await shop.getTea({tea_id: "1"})`: true, `return fetch("https://example.com")`: true,
		`throw new Error("no")`: false, `return await api.getTea({tea_id: "1"}).name.length`: false,
	} {
		r := run.Invoke(t.Context(), programOf(source))
		shoptest.WantFailure(t, r, mcpadapter.CodeProgramThrew, 0)
		if got := strings.Contains(r.Text(), "operations are members of api"); got != advised {
			t.Errorf("%s: got %s, want advice: %t", source, r.Text(), advised)
		}
	}
	if got := sent(wire.Changes()); got != "" {
		t.Errorf("got %s sent, want nothing", got)
	}
}

func TestAValueIsBounded(t *testing.T) {
	t.Parallel()
	run, _, _ := runner(t, teas, mcpadapter.WithMaxResultBytes(2000))
	for source, want := range map[string]string{
		`return Array.from({length: 1000}, (_, i) => ({i}))`:   `"left_out":{"elements":`,
		`return "x".repeat(5000)`:                              `"string of 5000 bytes"`,
		`return {a: {b: Array.from({length: 3000}, () => 1)}}`: `"3000 elements, the first"`,
	} {
		r := run.Invoke(t.Context(), programOf(source))
		if r.Failure != nil || len(r.JSON) > 2000 || !strings.Contains(string(r.JSON), want) || !json.Valid(r.JSON) {
			t.Errorf("%s: got %d bytes, %.300s", source, len(r.JSON), r.Text())
		}
	}
	big := run.Invoke(t.Context(), programOf(strings.Repeat(" ", 70_000)))
	shoptest.WantFailure(t, big, mcpadapter.CodeInvalidArguments, 0)
}

func TestListsAreIteratedOverWithAllPages(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.NewOrders(t, shoptest.Orders{N: 250})
	r := toolOf(t, a).Invoke(t.Context(), programOf(`let n = 0; for await (const o of api.orders.list()) n++; return n`))
	if r.Failure != nil || !strings.HasPrefix(string(r.JSON), `{"value":250,`) {
		t.Errorf("got %s", r.Text())
	}
	if n := len(wire.Seen()); n != 3 {
		t.Errorf("got %d requests, want 3 of 100", n)
	}
}

func TestTooManyCallsAreRefused(t *testing.T) {
	t.Parallel()
	run, wire, _ := runner(t, teas)
	r := run.Invoke(t.Context(), programOf(`for (let i = 0; i < 300; i++) await api.getTea({tea_id: "1"})`))
	shoptest.WantFailure(t, r, mcpadapter.CodeProgramThrew, 0)
	if n := len(wire.Seen()); n != 200 {
		t.Errorf("got %d requests, want 200", n)
	}
	r = run.Invoke(t.Context(), programOf(`await Promise.all(Array.from({length: 60}, (_, i) => api.recalls.create({tea: "" + i, reason: "r"})))`))
	shoptest.WantParts(t, "many", r.Text(), "60 calls at once")
	if got := sent(wire.Changes()); got != "" {
		t.Errorf("got %s", got)
	}
}

// FuzzPrograms runs any text as a program. It must end, and call nothing that is not checked.
func FuzzPrograms(f *testing.F) {
	for _, p := range hostile[:3] {
		f.Add(p.source)
	}
	f.Add(recallBoth)
	f.Add(`for await (const x of api.orders.list({})) console.log(x)`)
	e := engineOf(f, program.Limits{Time: 500_000_000})
	a, wire := shoptest.New(f, nil, shoptest.Confirming(mcpadapter.ConfirmWrites))
	run := a.ProgramTools(e)[1]
	f.Fuzz(func(t *testing.T, source string) {
		r := run.Invoke(t.Context(), programOf(source))
		if !json.Valid(r.JSON) {
			t.Errorf("got %q", r.JSON)
		}
		for _, sent := range wire.Changes() {
			t.Errorf("got %s %s unconfirmed", sent.Method, sent.URI)
		}
	})
}

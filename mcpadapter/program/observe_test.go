package program_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// record collects observations as lines.
type record struct {
	mu    sync.Mutex
	lines []string
}

func (r *record) add(_ context.Context, o mcpadapter.Observation) {
	code := "ok"
	if o.Result.Failure != nil {
		code = o.Result.Failure.Code
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, fmt.Sprintf("%s %s %v confirmed:%t sent:%t %s", o.Tool.Name(), o.Arguments, o.Path(), o.Confirmed,
		o.Sent, code))
}

// take returns the lines, sorted, and forgets them.
func (r *record) take() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	lines := r.lines
	r.lines = nil
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// What programs do is seen as if somebody had called the operations: an audit must not lack it.
func TestCallsOfProgramsAreObserved(t *testing.T) {
	t.Parallel()
	var seen record
	run, _, _ := runner(t, teas, mcpadapter.WithObserver(seen.add), mcpadapter.WithFilter(mcpadapter.Filter{Deny: []string{"surveys.create"}}))
	const remove = `await Promise.all(["1", "2"].map((tea_id) => api.teas.delete({tea_id})))`
	for _, c := range []struct{ source, want string }{
		{`return await api.getTea({tea_id: "1"})`, `getTea {"tea_id":"1"} map[tea_id:1] confirmed:false sent:true ok`},
		{`try { await api.surveys.create({}) } catch {}`, `surveys.create {} map[] confirmed:false sent:false filtered`},
		{`try { await api.getTea({tea_id: ".."}) } catch {}`, `getTea {"tea_id":".."} map[] confirmed:false sent:false invalid_arguments`},
		{`try { await api.nothing({}) } catch {}`, ``},
		{
			remove, `teas.delete {"tea_id":"1"} map[tea_id:1] confirmed:false sent:false confirmation_required` + "\n" +
				`teas.delete {"tea_id":"2"} map[tea_id:2] confirmed:false sent:false confirmation_required`,
		},
	} {
		run.Invoke(t.Context(), programOf(c.source))
		if got := seen.take(); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.source, got, c.want)
		}
	}
	for agrees, want := range map[bool]string{
		true: `teas.delete {"tea_id":"1"} map[tea_id:1] confirmed:true sent:true ok` + "\n" +
			`teas.delete {"tea_id":"2"} map[tea_id:2] confirmed:true sent:true ok`,
		false: `teas.delete {"tea_id":"1"} map[tea_id:1] confirmed:false sent:false not_confirmed` + "\n" +
			`teas.delete {"tea_id":"2"} map[tea_id:2] confirmed:false sent:false not_confirmed`,
	} {
		run.InvokeAsking(t.Context(), programOf(remove), func(context.Context, string) (bool, error) { return agrees, nil })
		if got := seen.take(); got != want {
			t.Errorf("agrees: %t:\ngot  %s\nwant %s", agrees, got, want)
		}
	}
}

func TestAnObserverThatPanicsEndsNothing(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	run, _, a := runner(t, teas, mcpadapter.WithLogger(slog.New(slog.NewTextHandler(&log, nil))),
		mcpadapter.WithObserver(func(context.Context, mcpadapter.Observation) { panic("a secret") }))
	tool, err := a.Tool("getTea")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]mcpadapter.Result{
		"a call":    tool.Invoke(t.Context(), []byte(`{"tea_id":"1"}`)),
		"a program": run.Invoke(t.Context(), programOf(`return await api.getTea({tea_id: "1"})`)),
	} {
		if r.Failure != nil {
			t.Errorf("%s: got %s, want the result", name, r.Text())
		}
	}
	if got := log.String(); strings.Count(got, "panic in a tool call") != 2 || strings.Contains(got, "a secret") {
		t.Errorf("got the log %s, want both panics without their values", got)
	}
}

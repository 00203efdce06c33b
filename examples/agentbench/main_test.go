package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestReferenceSolutions holds the modes to what they promise: every task is solved without an error, and code mode
// needs a fraction of the others.
func TestReferenceSolutions(t *testing.T) {
	p, err := build(t.Context(), "../..", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	got, err := measure(t.Context(), t.Output(), p, options{})
	if err != nil {
		t.Fatal(err)
	}
	got.write(t.Output())
	for _, wrong := range got.wrong {
		t.Error(wrong)
	}
	for m, f := range got.all {
		if f.tasks < 60 || f.solved != f.tasks || f.errors != 0 {
			t.Errorf("%s: got %+v, want at least 60 tasks, all solved and without errors", m, f)
		}
	}
	for _, row := range got.documented() {
		if !strings.Contains(document(t), row+"\n") {
			t.Errorf("docs/figures.md does not have the row:\n%s", row)
		}
	}
	several := got.several
	if 100*several[code].calls > 40*several[direct].calls {
		t.Errorf("code mode needs %d calls, direct mode %d", several[code].calls, several[direct].calls)
	}
	if 100*several[code].tokens > 50*several[dynamic].tokens {
		t.Errorf("code mode needs %d tokens, dynamic mode %d", several[code].tokens, several[dynamic].tokens)
	}
}

// document is the page with the table of the reference solutions.
func document(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/figures.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// documented returns the rows of the table as docs/figures.md has them.
func (t *table) documented() []string {
	var rows []string
	for _, m := range modes() {
		rows = append(rows, row(string(m), t.all[m], t.lists[m]))
	}
	for i, m := range modes() {
		name := string(m) + ", the same tasks"
		if i == 0 {
			name = fmt.Sprintf("%s, tasks of %d calls and more", m, severalSteps)
		}
		rows = append(rows, row(name, t.several[m], t.lists[m]))
	}
	return rows
}

func row(name string, f *figures, list int) string {
	return fmt.Sprintf("| %s | %d | %d | %d | %d | %s | %d | %s |",
		name, f.tasks, f.solved, f.calls, f.errors, grouped(f.tokens), f.questions, grouped(list))
}

// grouped writes a number below a million with a comma between thousands.
func grouped(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

func TestTasksAreWhole(t *testing.T) {
	names := map[string]bool{}
	for _, task := range tasks() {
		if names[task.name] || task.request == "" || len(task.searches) == 0 || len(task.direct) == 0 || task.code == "" ||
			task.check == "" && task.answer == nil && task.must == nil && task.never == nil {
			t.Errorf("%s: it occurs twice, or has no request, search, solution or check", task.name)
		}
		names[task.name] = true
		for _, line := range task.direct {
			if _, err := parseStep(line); err != nil {
				t.Errorf("%s: %v", task.name, err)
			}
		}
	}
}

// A check that nothing fails checks nothing: without a solution no task that changes something is solved.
func TestUnsolvedTasksAreNoticed(t *testing.T) {
	p, err := build(t.Context(), "../..", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks() {
		if task.check == "" && task.must == nil || strings.HasPrefix(task.name, "guarded: ") {
			continue
		}
		w, err := newWorld(t.Context(), p, &task)
		if err != nil {
			t.Fatal(err)
		}
		if w.verdict(&task, strings.Join(task.answer, " "), nil) == "" {
			t.Errorf("%s: it counts as solved although nothing was done", task.name)
		}
		if err := w.close(); err != nil {
			t.Error(err)
		}
	}
}

// Agentbench measures whether agents succeed with workos-mcp: it solves tasks of administrators and developers in a
// sandbox, through the real server over stdio, in each of its modes, and checks the end state.
//
//	go -C examples/agentbench run .                     # reference solutions: calls, errors, tokens
//	go -C examples/agentbench run . -model gpt-5        # a model, at $OPENAI_BASE_URL with $OPENAI_API_KEY
//	go -C examples/agentbench run . -mode code -task onboard -v
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	o := options{}
	flag.StringVar(&o.mode, "mode", "", "only this mode: direct, dynamic or code")
	flag.StringVar(&o.task, "task", "", "only tasks whose names contain this")
	flag.StringVar(&o.model, "model", "", "have a model solve the tasks, by the chat completions API")
	flag.StringVar(&o.root, "root", "../..", "the repository")
	flag.BoolVar(&o.verbose, "v", false, "print a line for each task")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "agentbench:", err)
		os.Exit(1)
	}
}

type options struct {
	mode, task, model, root string
	verbose                 bool
}

// steps is from how many calls in direct mode a task counts as one of several steps.
const severalSteps = 3

// figures are the sums over tasks.
type figures struct {
	tasks, solved, calls, errors, tokens, questions int
}

func (f *figures) add(o outcome) {
	f.tasks++
	if o.wrong == "" {
		f.solved++
	}
	f.calls += o.calls
	f.errors += o.errors
	f.tokens += o.tokens
	f.questions += o.questions
}

// table has the figures by mode: of all tasks, and of those of several steps.
type table struct {
	all, several map[mode]*figures
	lists        map[mode]int // tokens of the lists of tools
	wrong        []string
}

func run(ctx context.Context, out io.Writer, o options) error {
	dir, err := os.MkdirTemp("", "agentbench")
	if err != nil {
		return fmt.Errorf("make a directory: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	p, err := build(ctx, o.root, dir)
	if err != nil {
		return err
	}
	t, err := measure(ctx, out, p, o)
	if err != nil {
		return err
	}
	t.write(out)
	if len(t.wrong) > 0 {
		return fmt.Errorf("%d tasks are not solved:\n%s", len(t.wrong), strings.Join(t.wrong, "\n"))
	}
	return nil
}

func measure(ctx context.Context, out io.Writer, p programs, o options) (*table, error) {
	c, err := newCounter()
	if err != nil {
		return nil, err
	}
	t := &table{all: map[mode]*figures{}, several: map[mode]*figures{}, lists: map[mode]int{}}
	for _, m := range modes() {
		if o.mode != "" && o.mode != string(m) {
			continue
		}
		t.all[m], t.several[m] = &figures{}, &figures{}
	}
	for _, task := range tasks() {
		if !strings.Contains(task.name, o.task) {
			continue
		}
		calls := 0 // in direct mode
		for _, m := range modes() {
			if t.all[m] == nil {
				continue
			}
			var went outcome
			if o.model != "" {
				went, err = ask(ctx, p, c, m, &task, o.model)
			} else {
				went, err = solve(ctx, p, c, m, &task)
			}
			if err != nil {
				went.wrong = err.Error()
			}
			if m == direct {
				calls = went.calls
			}
			t.all[m].add(went)
			if calls >= severalSteps {
				t.several[m].add(went)
			}
			if went.wrong != "" {
				t.wrong = append(t.wrong, fmt.Sprintf("%s, %s: %s", task.name, m, went.wrong))
			}
			if o.verbose {
				_, _ = fmt.Fprintf(out, "%-44s %-8s %3d calls %2d errors %6d tokens %2d questions %s\n",
					task.name, m, went.calls, went.errors, went.tokens, went.questions, went.wrong)
			}
		}
	}
	return t, t.weigh(ctx, p, c)
}

// weigh counts the tokens of the lists of tools.
func (t *table) weigh(ctx context.Context, p programs, c counter) error {
	for m := range t.all {
		w, err := newWorld(ctx, p, &task{})
		if err != nil {
			return err
		}
		agent, err := w.connect(ctx, m)
		if err != nil {
			return err
		}
		tools, err := agent.list()
		if err != nil {
			return err
		}
		for _, tool := range tools {
			t.lists[m] += c.count(tool.Name, tool.Description, string(tool.InputSchema))
		}
		if err := agent.close(); err != nil {
			return err
		}
		if err := w.close(); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) write(out io.Writer) {
	_, _ = fmt.Fprintln(out, "| mode | tasks | solved | calls | errors | tokens | questions | tokens of the list |")
	_, _ = fmt.Fprintln(out, "|---|---:|---:|---:|---:|---:|---:|---:|")
	for _, group := range []struct {
		name    string
		figures map[mode]*figures
	}{{"", t.all}, {fmt.Sprintf(", tasks of %d steps and more", severalSteps), t.several}} {
		for _, m := range modes() {
			if f := group.figures[m]; f != nil {
				_, _ = fmt.Fprintf(out, "| %s%s | %d | %d | %d | %d | %d | %d | %d |\n",
					m, group.name, f.tasks, f.solved, f.calls, f.errors, f.tokens, f.questions, t.lists[m])
			}
		}
	}
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// outcome is how a task went.
type outcome struct {
	calls, errors, tokens, questions int
	wrong                            string // ""; the task is solved
}

// session is the course of one task.
type session struct {
	*client

	counter    counter
	outcome    outcome
	transcript []string // results
	found      string   // results of searches
}

// use calls a tool and counts it.
func (s *session) use(tool string, arguments json.RawMessage) (result, error) {
	r, err := s.call(tool, arguments)
	if err != nil {
		return r, err
	}
	s.outcome.calls++
	s.outcome.tokens += s.counter.count(tool, string(arguments), r.text)
	if r.failed && !(strings.Contains(r.text, "not_confirmed") && !s.agrees) { // the person's decision is no mistake
		s.outcome.errors++
	}
	s.transcript = append(s.transcript, r.text)
	return r, nil
}

// solve solves a task by its reference solution.
func solve(ctx context.Context, p programs, c counter, m mode, t *task) (outcome, error) {
	w, err := newWorld(ctx, p, t)
	if err != nil {
		return outcome{}, err
	}
	s := &session{counter: c}
	if s.client, err = w.connect(ctx, m); err != nil {
		return outcome{}, err
	}
	s.agrees = !t.declines
	switch m {
	case direct:
		err = s.steps(t, func(operation string, arguments json.RawMessage) (result, error) {
			return s.use(operation, arguments)
		})
	case dynamic:
		err = s.dynamic(t)
	case code:
		err = s.code(t)
	}
	if err != nil {
		return s.outcome, err
	}
	s.outcome.questions = s.questions
	s.outcome.wrong = w.verdict(t, s.transcript[len(s.transcript)-1], s.transcript)
	return s.outcome, errors.Join(s.close(), w.close())
}

// perSearch is how many operations a search returns, in each mode.
const perSearch = 2

func (s *session) dynamic(t *task) error {
	for _, query := range t.searches {
		arguments, _ := json.Marshal(map[string]any{"query": query, "limit": perSearch}) //nolint:errchkjson // strings
		r, err := s.use("search_operations", arguments)
		if err != nil {
			return err
		}
		s.found += r.text
	}
	return s.steps(t, func(operation string, arguments json.RawMessage) (result, error) {
		caller := regexp.MustCompile(`"` + regexp.QuoteMeta(operation) + `\([^\n]*?\[(call_\w+)\]`).FindStringSubmatch(s.found)
		if caller == nil {
			return result{}, fmt.Errorf("no search finds %s", operation)
		}
		whole, err := json.Marshal(map[string]any{"operation": operation, "arguments": arguments})
		if err != nil {
			return result{}, fmt.Errorf("write the arguments: %w", err)
		}
		return s.use(caller[1], whole)
	})
}

// called matches the operations of a program.
var called = regexp.MustCompile(`\bapi\.([a-z_0-9.]+)\(`)

func (s *session) code(t *task) error {
	query, _ := json.Marshal(map[string]any{"query": strings.Join(t.searches, "\n"), "limit": perSearch}) //nolint:errchkjson // strings
	r, err := s.use("search_operations", query)
	if err != nil {
		return err
	}
	for _, operation := range called.FindAllStringSubmatch(t.code, -1) {
		if !strings.Contains(r.text, `api.`+operation[1]+`(`) {
			return fmt.Errorf("no search finds %s", operation[1])
		}
	}
	_, err = s.use("run_program", programArguments(t.code))
	return err
}

// steps makes the calls of a task.
func (s *session) steps(t *task, call func(operation string, arguments json.RawMessage) (result, error)) error {
	values := map[string]any{}
	for _, text := range t.direct {
		st, err := parseStep(text)
		if err != nil {
			return err
		}
		items := []any{nil}
		if st.each != "" {
			if items, err = st.items(values); err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
		}
		for _, item := range items {
			values["it"] = item
			arguments, err := fill(st.arguments, values)
			if err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
			r, err := call(st.operation, json.RawMessage(arguments))
			if err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
			var v any
			if json.Unmarshal([]byte(r.text), &v) == nil && st.name != "" {
				values[st.name] = v
			}
		}
	}
	return nil
}

// step is one line of a reference solution:
//
//	org=organizations.create {"name":"Acme"}
//	organizations.get {"id":"$org.id"}
//	each users.data email~@old.com: user_management.users.delete {"id":"$it.id"}
//
// A name keeps the result, $ stands before a value of one, and each makes the call for each item, of those whose
// property has (~) or is (=) a text, in which + is a space.
type step struct {
	each, property, relation, text string
	name, operation, arguments     string
}

var stepForm = regexp.MustCompile(
	`^(?:each ([\w.]+)(?: ([\w.]+)([~=])(\S+))?: )?(?:(\w+)=)?([\w.]+) (\{.*\})$`)

func parseStep(text string) (step, error) {
	m := stepForm.FindStringSubmatch(text)
	if m == nil {
		return step{}, fmt.Errorf("%q is no step", text)
	}
	return step{each: m[1], property: m[2], relation: m[3], text: m[4], name: m[5], operation: m[6], arguments: m[7]}, nil
}

func (st step) items(values map[string]any) ([]any, error) {
	v, err := at(values, st.each)
	list, ok := v.([]any)
	if err != nil || !ok {
		return nil, fmt.Errorf("%s is no list: %w", st.each, err)
	}
	var items []any
	for _, item := range list {
		if st.property != "" {
			v, err := at(item, st.property)
			if err != nil {
				return nil, err
			}
			text := strings.ReplaceAll(fmt.Sprint(v), " ", "+")
			if st.relation == "=" && text != st.text || st.relation == "~" && !strings.Contains(text, st.text) {
				continue
			}
		}
		items = append(items, item)
	}
	return items, nil
}

var reference = regexp.MustCompile(`\$(\w+(?:\.\w+)*)`)

// fill replaces the references in arguments.
func fill(arguments string, values map[string]any) (string, error) {
	var failure error
	text := reference.ReplaceAllStringFunc(arguments, func(ref string) string {
		v, err := at(values, ref[1:])
		if err != nil {
			failure = err
		}
		quoted, err := json.Marshal(v)
		if err != nil {
			failure = err
		}
		return strings.Trim(string(quoted), `"`)
	})
	return text, failure
}

// at returns the value at a path.
func at(v any, path string) (any, error) {
	for name := range strings.SplitSeq(path, ".") {
		switch parent := v.(type) {
		case map[string]any:
			value, ok := parent[name]
			if !ok {
				return nil, fmt.Errorf("%s: no %s", path, name)
			}
			v = value
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(parent) {
				return nil, fmt.Errorf("%s: no item %s", path, name)
			}
			v = parent[i]
		default:
			return nil, fmt.Errorf("%s: %s is in no object", path, name)
		}
	}
	return v, nil
}

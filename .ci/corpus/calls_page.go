package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// tally counts calls by their verdicts.
type tally struct{ calls, accepted, notJudged, refused int }

func count(calls []report) tally {
	t := tally{calls: len(calls)}
	for i := range calls {
		switch calls[i].verdict {
		case accepted:
			t.accepted++
		case notJudged:
			t.notJudged++
		case refused:
			t.refused++
		}
	}
	return t
}

// all counts the calls of all rows.
func all(rows []*row) tally {
	var calls []report
	for _, r := range rows {
		calls = append(calls, r.calls...)
	}
	return count(calls)
}

// validation is the part of the page about calls.
func validation(rows []*row) string {
	var b strings.Builder
	b.WriteString("\n## Calls that a validator accepts\n\n" +
		"`@stoplight/prism-cli` 5.16.0 serves each description as a mock, which validates requests. Each tool is called " +
		"twice: with the arguments that it requires, and with all of them. Of descriptions with more than 150 operations, " +
		"40 are called, at equal distances. Reflection alone calls the same client without its table, and so without enum " +
		"members and limits. The command is that of the matrix with `-prism node_modules/.bin/prism`.\n\n" +
		"A call is accepted if Prism reports no violation in its request; the response does not count. It is not judged " +
		"where Prism is proven wrong: Prism exits on the request even if it is the first one, Prism accepts the request " +
		"after only the misread part is changed, or the recorded request contains what Prism reports as missing. Each " +
		"other refusal is listed with Prism's message.\n\n" +
		"| description | calls | accepted | not judged | refused | by reflection alone | accepted |\n" +
		"|---|---:|---:|---:|---:|---:|---:|\n")
	for _, r := range rows {
		t := count(r.calls)
		if t.calls == 0 {
			continue
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | ", r.name, t.calls, t.accepted, t.notJudged, t.refused)
		if alone := count(r.alone); alone.calls > 0 {
			fmt.Fprintf(&b, "%d | %d |\n", alone.calls, alone.accepted)
		} else {
			b.WriteString("| |\n")
		}
	}
	t := all(rows)
	fmt.Fprintf(&b, "\nOf %d calls, %d are accepted (%.1f %%), %d are not judged and %d are refused. "+
		"Of those that are judged, %.1f %% are accepted.\n", t.calls, t.accepted, share(t.accepted, t.calls), t.notJudged, t.refused,
		share(t.accepted, t.calls-t.notJudged))
	for _, r := range rows {
		if r.unvalidated != "" {
			fmt.Fprintf(&b, "No call of %s is judged: %s.\n", r.name, r.unvalidated)
		}
	}
	for _, part := range []struct {
		title string
		of    verdict
	}{{"Not judged", notJudged}, {"Refused", refused}} {
		list := listed(rows, part.of)
		if list != "" {
			b.WriteString("\n" + part.title + ":\n\n" + list)
		}
	}
	b.WriteString(notes(rows))
	return b.String()
}

// listed has a line for each tool with calls of a verdict, and the causes.
func listed(rows []*row, of verdict) string {
	var b strings.Builder
	for _, r := range rows {
		variants := map[[2]string][]string{}
		var order [][2]string
		for i := range r.calls {
			c := &r.calls[i]
			if c.verdict != of {
				continue
			}
			key := [2]string{c.Tool, c.cause}
			if variants[key] == nil {
				order = append(order, key)
			}
			variants[key] = append(variants[key], c.Variant)
		}
		for _, key := range order {
			fmt.Fprintf(&b, "- %s, `%s` (%s): %s\n", r.name, key[0], strings.Join(variants[key], ", "), firstLine(key[1]))
		}
	}
	return b.String()
}

// notes are what else there is to know about the mocks.
func notes(rows []*row) string {
	var b strings.Builder
	for _, r := range rows {
		if len(r.templates) > 0 {
			fmt.Fprintf(&b, "\nThe paths of %s have expressions of RFC 6570, which Prism cannot match. Its mock reads a copy with "+
				"the plain ones of OpenAPI, such as `{id}` for `{;id}`: `%s`.\n", r.name, strings.Join(r.templates, "`, `"))
		}
		if r.remote > 0 {
			fmt.Fprintf(&b, "\nExamples of %s have `$ref` as a property with a URL, %d times. Prism would fetch it as a reference, "+
				"and end where it cannot; its mock reads a copy with the property `ref`.\n", r.name, r.remote)
		}
	}
	for _, r := range rows {
		codes := map[string]int{}
		for i := range r.alone {
			for _, code := range r.alone[i].codes {
				codes[code]++
			}
		}
		if len(codes) > 0 {
			var words []string
			for _, code := range slices.Sorted(maps.Keys(codes)) {
				words = append(words, fmt.Sprintf("`%s` %d", code, codes[code]))
			}
			fmt.Fprintf(&b, "\nCalls of %s by reflection alone are refused by what Go types do not say: %s.\n", r.name,
				strings.Join(words, ", "))
		}
	}
	return b.String()
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line[:min(len(line), 300)]
}

// validVerdict holds the calls to what the project promises.
func validVerdict(rows []*row) error {
	for _, r := range rows {
		if t := count(r.alone); t.calls > 0 && share(t.accepted, t.calls) < 80 {
			return fmt.Errorf("%s: by reflection alone %d of %d calls are accepted", r.name, t.accepted, t.calls)
		}
	}
	if t := all(rows); share(t.accepted, t.calls-t.notJudged) < 99 || share(t.notJudged, t.calls) > 3 {
		return fmt.Errorf("of %d calls %d are accepted and %d not judged, want at least 99 %% accepted of those that are judged, "+
			"and at most 3 %% not judged", t.calls, t.accepted, t.notJudged)
	}
	return nil
}

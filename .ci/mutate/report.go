package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
)

// score counts the mutants of a file, or of all.
type score struct{ planted, killed, accepted int }

// raw is the share of all mutants that were noticed, in percent.
func (s score) raw() float64 { return percent(s.killed, s.planted) }

// adjusted leaves out those that survived and are on the list of accepted ones.
func (s score) adjusted() float64 { return percent(s.killed, s.planted-s.accepted) }

// below reports whether the score is below a limit in percent. The score of a sample must be lower than chance explains
// in one of twenty samples: two survivors of ten prove little about the other mutants of a file.
func (s score) below(least float64, sampled bool) bool {
	if s.adjusted() >= least {
		return false
	}
	const chance = 0.05
	return !sampled || atMost(s.killed, s.planted-s.accepted, least/100) < chance
}

// atMost returns the probability that at most noticed of n mutants are noticed, if each one is with probability p.
func atMost(noticed, n int, p float64) float64 {
	sum, logChoose := 0.0, 0.0 // of n over k
	for k := range noticed + 1 {
		sum += math.Exp(logChoose + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
		logChoose += math.Log(float64(n-k)) - math.Log(float64(k+1))
	}
	return sum
}

func percent(part, whole int) float64 {
	if whole == 0 {
		return 100
	}
	return 100 * float64(part) / float64(whole)
}

// report prints the score of each file and of all, and returns them.
func report(w io.Writer, mutants []*mutant, reasons map[string]string) (score, map[string]score) {
	var all score
	files := map[string]score{}
	for _, m := range mutants {
		s := files[m.file]
		s.planted++
		all.planted++
		if m.killed {
			s.killed++
			all.killed++
		} else if _, ok := reasons[m.id()]; ok {
			s.accepted++
			all.accepted++
		}
		files[m.file] = s
	}
	fmt.Fprintf(w, "\n%8s %8s %8s %7s %9s  %s\n", "planted", "noticed", "accepted", "raw %", "score %", "file")
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(files[a].adjusted(), files[b].adjusted()), cmp.Compare(a, b))
	})
	line := func(s score, name string) {
		fmt.Fprintf(w, "%8d %8d %8d %7.1f %9.1f  %s\n", s.planted, s.killed, s.accepted, s.raw(), s.adjusted(), name)
	}
	for _, name := range names {
		line(files[name], name)
	}
	line(all, "in all")
	return all, files
}

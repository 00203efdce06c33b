// Command mutate plants defects in the files of a Go module, one at a time, and reports those that no test notices.
//
// All mutants of a run are compiled at once, each behind a switch, so that a test program is built once and run per
// mutant. Each test runs alone first, to learn which mutants it reaches; a mutant then meets only the tests that reach
// it: those of its own package, and if they do not notice it, those of the packages that import it.
package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

type options struct {
	dir      string
	files    string
	list     string
	accepted string
	sample   float64
	least    int
	seed     uint64
	minimum  float64
	perFile  map[string]float64 // lowest score of a file, in percent
	jobs     int
	own      bool
	dry      bool
	match    string
}

func main() {
	var o options
	flag.StringVar(&o.dir, "dir", ".", "root of the module")
	flag.StringVar(&o.files, "files", "", "files to mutate, relative to the root, separated by commas")
	flag.StringVar(&o.list, "list", "", "file with one file to mutate per line, and the score below which to fail, if any")
	flag.StringVar(&o.accepted, "accepted", "", "file with the IDs of mutants that may survive, with a reason each")
	flag.Float64Var(&o.sample, "sample", 100, "share of each file's mutants to plant, in percent")
	flag.IntVar(&o.least, "least", 10, "plant at least this many mutants of each file, if it has them")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of the sample")
	flag.Float64Var(&o.minimum, "minimum", 0, "fail below this score of all files, in percent")
	flag.IntVar(&o.jobs, "jobs", runtime.NumCPU(), "number of tests that are timed at once")
	flag.BoolVar(&o.own, "own", false, "run only the tests of the mutant's own package")
	flag.StringVar(&o.match, "match", "", "plant only the mutants whose ID contains this text")
	flag.BoolVar(&o.dry, "n", false, "only list the mutants")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, w io.Writer) error {
	start := time.Now()
	root, err := filepath.Abs(o.dir)
	if err != nil {
		return err
	}
	files, err := filesOf(&o)
	if err != nil {
		return err
	}
	reasons, err := accepted(o.accepted)
	if err != nil {
		return err
	}
	m, err := load(root)
	if err != nil {
		return err
	}
	codes, mutants, err := choose(m, files, o, reasons)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	mutants, overlay, err := m.overlay(codes, mutants, scratch)
	if err != nil {
		return err
	}
	if o.dry {
		for _, mutant := range mutants {
			fmt.Fprintf(w, "%s:%d: %s\n", mutant.file, mutant.line, mutant.id())
		}
		return nil
	}
	programs, err := prepare(ctx, m, codes, overlay, scratch, o, w)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d mutants in %d files, %d test programs; prepared in %s\n", len(mutants), len(files), len(programs),
		time.Since(start).Round(time.Second))
	judge(ctx, m, mutants, programs, o, func(mutant *mutant) {
		if _, ok := reasons[mutant.id()]; !ok {
			fmt.Fprintf(w, "%s:%d: %s\n\t%s\n", mutant.file, mutant.line, mutant.operator, mutant.id())
		}
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	all, perFile := report(w, mutants, reasons)
	fmt.Fprintf(w, "seed %d, %g %% of the mutants, %s\n", o.seed, o.sample, time.Since(start).Round(time.Second))
	return verdict(o, all, perFile)
}

func verdict(o options, all score, perFile map[string]score) error {
	var problems []error
	if all.below(o.minimum, o.sample < 100) {
		problems = append(problems, fmt.Errorf("score %.1f %%: want at least %g %%", all.adjusted(), o.minimum))
	}
	for name, s := range perFile {
		if least := o.perFile[name]; s.below(least, o.sample < 100) {
			problems = append(problems, fmt.Errorf("%s: score %.1f %%: want at least %g %%", name, s.adjusted(), least))
		}
	}
	return errors.Join(problems...)
}

// filesOf returns the files to mutate, and puts their lowest scores into the options.
func filesOf(o *options) ([]string, error) {
	text := strings.ReplaceAll(o.files, ",", "\n")
	if o.list != "" {
		read, err := os.ReadFile(o.list)
		if err != nil {
			return nil, err
		}
		text = string(read)
	}
	var files []string
	o.perFile = map[string]float64{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		file, score, given := strings.Cut(line, " ")
		files = append(files, file)
		if given {
			least, err := strconv.ParseFloat(strings.TrimSpace(score), 64)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: the score %q is not a number", o.list, file, score)
			}
			o.perFile[file] = least
		}
	}
	if len(files) == 0 {
		return nil, errors.New("no file given: use -files or -list")
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// choose finds the mutants of the files and draws the sample. An accepted mutant that does not exist is an error.
func choose(m *module, files []string, o options, reasons map[string]string) ([]*code, []*mutant, error) {
	byDir := map[string]*listed{}
	for _, p := range m.packages {
		byDir[p.Dir] = p
	}
	codes := map[string]*code{}
	var order []*code
	var chosen []*mutant
	known := map[string]bool{}
	for _, file := range files {
		dir, name := filepath.Split(filepath.Join(m.root, file))
		p := byDir[filepath.Clean(dir)]
		if p == nil || !slices.Contains(p.GoFiles, name) {
			return nil, nil, fmt.Errorf("%s: not a file of a package of the module", file)
		}
		c := codes[p.ImportPath]
		if c == nil {
			var problems []error
			parsed, found, err := m.parse(p, nil)
			if err != nil {
				return nil, nil, err
			}
			for _, f := range found {
				problems = append(problems, f)
			}
			if len(problems) > 0 {
				return nil, nil, errors.Join(problems...)
			}
			c = parsed
			codes[p.ImportPath] = c
			order = append(order, c)
		}
		candidates := m.candidates(c, name)
		for _, mutant := range candidates {
			known[mutant.id()] = true
		}
		chosen = append(chosen, sample(candidates, o)...)
	}
	var stale []error
	for id := range reasons {
		if file, _, _ := strings.Cut(id, " "); slices.Contains(files, file) && !known[id] {
			stale = append(stale, fmt.Errorf("%s: accepted mutant %q does not exist", o.accepted, id))
		}
	}
	return order, chosen, errors.Join(stale...)
}

// sample draws from the mutants of one file, independently of other files. Whether a mutant is drawn depends on its ID
// first of all, so that an edit of one function leaves the sample of the others as it was.
func sample(candidates []*mutant, o options) []*mutant {
	if o.match != "" {
		candidates = slices.DeleteFunc(candidates, func(m *mutant) bool { return !strings.Contains(m.id(), o.match) })
	}
	n := max(int(float64(len(candidates))*o.sample/100), min(o.least, len(candidates)))
	if n >= len(candidates) {
		return candidates
	}
	rank := func(m *mutant) uint64 {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", o.seed, m.id()))
		return binary.BigEndian.Uint64(sum[:])
	}
	drawn := slices.SortedFunc(slices.Values(candidates), func(a, b *mutant) int { return cmp.Compare(rank(a), rank(b)) })[:n]
	slices.SortFunc(drawn, func(a, b *mutant) int { return a.line - b.line })
	return drawn
}

// prepare builds the test programs that can notice a mutant, and surveys their tests.
func prepare(
	ctx context.Context, m *module, codes []*code, overlay, scratch string, o options, w io.Writer,
) (map[string]*program, error) {
	programs := map[string]*program{}
	limit := make(chan struct{}, o.jobs)
	var paths []string
	for _, c := range codes {
		if o.own {
			paths = append(paths, c.ImportPath)
			continue
		}
		paths = append(paths, m.users[c.ImportPath]...)
	}
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		binary, err := m.build(path, overlay, scratch)
		if err != nil {
			return nil, err
		}
		if binary == "" {
			continue
		}
		p := &program{path: path, binary: binary, dir: m.packages[path].Dir}
		failed, err := p.survey(ctx, limit, scratch)
		if err != nil {
			return nil, err
		}
		for _, name := range failed {
			fmt.Fprintf(w, "left out, as it fails without a mutant: %s %s\n", path, name)
		}
		programs[path] = p
	}
	return programs, nil
}

// judge runs the tests against each mutant, and hands over each that survives, one at a time.
func judge(
	ctx context.Context, m *module, mutants []*mutant, programs map[string]*program, o options, survives func(*mutant),
) {
	owners := map[string]string{} // import paths, by directory
	for path, p := range m.packages {
		owners[p.Dir] = path
	}
	work := make(chan *mutant)
	var wait sync.WaitGroup
	var one sync.Mutex
	for range 4 * o.jobs { // most of the time goes to mutants that hang until the limit, and need no processor for that
		wait.Go(func() {
			for mutant := range work {
				own := owners[filepath.Join(m.root, filepath.Dir(mutant.file))]
				order := append([]string{own}, m.users[own]...)
				for i, path := range order {
					p := programs[path]
					if p == nil || i > 0 && path == own {
						continue
					}
					if p.kills(ctx, mutant) {
						mutant.killed = true
						break
					}
				}
				if !mutant.killed && ctx.Err() == nil {
					one.Lock()
					survives(mutant)
					one.Unlock()
				}
			}
		})
	}
	for _, mutant := range mutants {
		work <- mutant
	}
	close(work)
	wait.Wait()
}

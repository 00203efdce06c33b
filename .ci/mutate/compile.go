package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// switchName is the file that each mutated package gets in addition.
const switchName = "mutant_switch.go"

// switchSource decides which mutant acts: the one whose number is in MUTANT_ACTIVE. With MUTANT_REACHED it writes the
// number of each mutant that is reached into that file, once.
const switchSource = `package %s

import (
	mutantos "os"
	mutantconv "strconv"
	mutantatomic "sync/atomic"
)

var mutantNumber, _ = mutantconv.Atoi(mutantos.Getenv("MUTANT_ACTIVE"))

var (
	mutantReached = mutantos.Getenv("MUTANT_REACHED")
	mutantSeen    [%d]mutantatomic.Bool // by number
)

func mutantActive(n int) bool {
	if mutantReached != "" && !mutantSeen[n].Load() {
		if !mutantSeen[n].Swap(true) {
			f, err := mutantos.OpenFile(mutantReached, mutantos.O_APPEND|mutantos.O_CREATE|mutantos.O_WRONLY, 0o600)
			if err == nil {
				_, _ = f.WriteString(mutantconv.Itoa(n) + "\n")
				_ = f.Close()
			}
		}
	}
	return n == mutantNumber
}

func mutantValue[T any](n int, changed, original T) T {
	if mutantActive(n) {
		return changed
	}
	return original
}
`

// overlay writes all mutants into copies of their files and returns those that compile, and the file for "go build
// -overlay". The mutants get their numbers here.
func (m *module) overlay(codes []*code, mutants []*mutant, dir string) ([]*mutant, string, error) {
	for i, mutant := range mutants {
		mutant.number = i + 1
	}
	replace := map[string]string{}
	var compiling []*mutant
	for _, c := range codes {
		sources, kept, err := m.plant(c, mutants)
		if err != nil {
			return nil, "", err
		}
		compiling = append(compiling, kept...)
		for name, source := range sources {
			to := filepath.Join(dir, strconv.Itoa(len(replace))+"_"+name)
			if err := os.WriteFile(to, source, 0o600); err != nil {
				return nil, "", err
			}
			replace[filepath.Join(c.Dir, name)] = to
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, "", err
	}
	file := filepath.Join(dir, "overlay.json")
	return compiling, file, os.WriteFile(file, text, 0o600)
}

// plant returns the sources of a package with its mutants, without those that do not compile.
func (m *module) plant(c *code, mutants []*mutant) (map[string][]byte, []*mutant, error) {
	broken := map[*mutant]bool{}
	for range 10 { // each error may hide others
		sources, places := map[string][]byte{}, map[string][]written{}
		var kept []*mutant
		for i, name := range c.GoFiles {
			rel, err := filepath.Rel(m.root, filepath.Join(c.Dir, name))
			if err != nil {
				return nil, nil, err
			}
			var own []*mutant
			for _, mutant := range mutants {
				if mutant.file == filepath.ToSlash(rel) && !broken[mutant] {
					own = append(own, mutant)
				}
			}
			if len(own) > 0 {
				sources[name], places[name] = rewrite(c.sources[i], own)
				kept = append(kept, own...)
			}
		}
		sources[switchName] = fmt.Appendf(nil, switchSource, c.types.Name(), len(mutants)+1)
		_, problems, err := m.parse(c.listed, sources)
		if err != nil {
			return nil, nil, err
		}
		if len(problems) == 0 {
			return sources, kept, nil
		}
		found := false
		for _, p := range problems {
			at := p.Fset.Position(p.Pos)
			for _, w := range places[at.Filename] {
				if w.start <= at.Offset && at.Offset < w.end {
					broken[w.mutant], found = true, true
				}
			}
		}
		if !found {
			return nil, nil, fmt.Errorf("%s does not compile with mutants: %s", c.ImportPath, problems[0].Error())
		}
	}
	return nil, nil, fmt.Errorf("%s does not compile with mutants", c.ImportPath)
}

// build compiles the test program of a package with the overlay. It returns "" for a package without tests.
func (m *module) build(path, overlay, dir string) (string, error) {
	binary := filepath.Join(dir, strings.NewReplacer("/", "_", ".", "_").Replace(path)+".test")
	command := exec.Command("go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", binary, path)
	command.Dir = m.root
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go test -c %s: %w\n%s", path, err, out)
	}
	if _, err := os.Stat(binary); errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	return binary, nil
}

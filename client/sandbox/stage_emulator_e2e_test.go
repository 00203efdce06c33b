//go:build e2e

package sandbox_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// emulators is a program that runs one official emulator after another; see .ci/e2e/emulators.mjs.
type emulators struct {
	mu  sync.Mutex
	in  io.Writer
	out *bufio.Reader
}

func newEmulators(tb testing.TB) *emulators {
	tb.Helper()
	const directory = "../../.ci/e2e"
	cmd := exec.CommandContext(tb.Context(), "node", "--require", "./loopback.cjs", "emulators.mjs")
	cmd.Dir, cmd.Stderr = directory, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = in.Close() // which ends it
		_ = cmd.Wait()
	})
	return &emulators{in: in, out: bufio.NewReader(out)}
}

// ask sends a line to the program and returns its response.
func (e *emulators) ask(line string) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, err := fmt.Fprintln(e.in, line); err != nil {
		return "", err
	}
	url, err := e.out.ReadString('\n')
	return strings.TrimSpace(url), err
}

var (
	errNotServed = errors.New("not served")
	errNoControl = errors.New("no such control")
)

// emulator is an official emulator. Its clock is that of its process, which can be moved. It has neither an outbox nor
// a seed that a scenario could use once it runs; what it makes by an operation is made so in place of a seed.
type emulator struct {
	*peer

	run  *emulators
	made [][2]string // the IDs of seeds, and those of what was made
}

// seedOperations make the things of seeds, by their type.
var seedOperations = map[string]string{"organization": "/organizations", "connection": "/connections"}

func (e *emulator) send(method, path, body string) (answer, error) {
	var there, back []string
	for _, ids := range e.made {
		there, back = append(there, ids[0], ids[1]), append(back, ids[1], ids[0])
	}
	rename := strings.NewReplacer(there...)
	a, err := e.peer.send(method, rename.Replace(path), rename.Replace(body))
	if err == nil && a.status == http.StatusNotFound && strings.Contains(a.text, `"Not Found"`) {
		return a, errNotServed
	}
	a.text = strings.NewReplacer(back...).Replace(a.text)
	return a, err
}

func (e *emulator) control(word, rest string) (string, error) {
	switch word {
	case "clock":
		_, err := e.run.ask("clock " + rest)
		return "", err
	case "totp":
		return sandbox.TOTP(rest, time.Now()), nil
	case "seed":
		return "", e.seed(rest)
	default:
		return "", fmt.Errorf("%w: %s", errNoControl, word)
	}
}

// seed makes things in place of a seed, if what was made has the fields of the seed, but for its ID.
func (e *emulator) seed(text string) error {
	var things map[string][]fields
	if err := json.Unmarshal([]byte(text), &things); err != nil {
		return err
	}
	for _, typ := range slices.Sorted(maps.Keys(things)) {
		for _, thing := range things[typ] {
			id := str(thing["id"])
			delete(thing, "id")
			body, err := json.Marshal(thing)
			if err != nil {
				return err
			}
			if seedOperations[typ] == "" {
				return fmt.Errorf("%w: seed of %s", errNoControl, typ)
			}
			a, err := e.send(http.MethodPost, seedOperations[typ], string(body))
			if err != nil {
				return err
			}
			made := newAnswer(a.status, a.header, a.text).json
			for _, name := range slices.Sorted(maps.Keys(thing)) {
				if !reflect.DeepEqual(made[name], thing[name]) {
					return fmt.Errorf("%w: seed of %s with %s", errNoControl, typ, name)
				}
			}
			e.made = append(e.made, [2]string{id, str(made["id"])})
		}
	}
	return nil
}

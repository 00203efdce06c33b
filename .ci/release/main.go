// Release makes what people install without Go, and tries it:
//
//	go -C .ci/release run . extras          completions and the man page, in build/extras, and licenses of what is linked
//	go -C .ci/release run . pack            npm packages, .mcpb bundles, bills of materials, the image and what catalogs
//	                                        are given, in build/
//	go -C .ci/release run . try             starts what was packed for this machine, each in an empty directory
//
// pack and try take the binaries and archives that GoReleaser left in dist. All paths are below the repository.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

const (
	program     = "workos-mcp"
	interpreter = "mcp-quickjs"
	scope       = "@seed-f165d83c"
	home        = "https://github.com/seed-f165d83c/workos"
	about       = "Every operation of the WorkOS API as an MCP tool"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return errors.New("want extras, pack or try")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	r := release{root: root, build: filepath.Join(root, "build")}
	switch args[0] {
	case "extras":
		return errors.Join(r.extras(), r.licenses())
	case "pack":
		if err := r.read(); err != nil {
			return err
		}
		return r.pack()
	case "try":
		if err := r.read(); err != nil {
			return err
		}
		return r.try()
	default:
		return fmt.Errorf("unknown command %q: want extras, pack or try", args[0])
	}
}

// release is one version.
type release struct {
	root, build string
	version     string // without "v"
	commit      string
	date        time.Time // of the commit
	artifacts   []artifact
}

// artifact is an entry of GoReleaser's dist/artifacts.json.
type artifact struct {
	Name, Path, Type string
	GoOS             string `json:"goos"`
	GoArch           string `json:"goarch"`
}

// platform is what Node.js calls the system and the processor.
func (a artifact) platform() (system, cpu string) {
	system, cpu = a.GoOS, a.GoArch
	if system == "windows" {
		system = "win32"
	}
	if cpu == "amd64" {
		cpu = "x64"
	}
	return system, cpu
}

func (a artifact) executable() string { return a.named(program) }

// named returns the name of an executable on the platform of an artifact.
func (a artifact) named(name string) string {
	if a.GoOS == "windows" {
		return name + ".exe"
	}
	return name
}

func (r *release) read() error {
	var metadata struct{ Version, Commit string }
	if err := readJSON(filepath.Join(r.root, "dist", "metadata.json"), &metadata); err != nil {
		return err
	}
	r.version, r.commit = metadata.Version, metadata.Commit
	var err error
	if r.date, err = r.commitDate(); err != nil {
		return err
	}
	return readJSON(filepath.Join(r.root, "dist", "artifacts.json"), &r.artifacts)
}

// interpreter returns the interpreter of code mode for the platform of a binary.
func (r *release) interpreter(binary artifact) (artifact, error) {
	for _, a := range r.artifacts {
		if a.Type == "Binary" && a.Name == binary.named(interpreter) && a.GoOS == binary.GoOS && a.GoArch == binary.GoArch {
			return a, nil
		}
	}
	return artifact{}, fmt.Errorf("dist has no %s for %s/%s", interpreter, binary.GoOS, binary.GoArch)
}

// of returns the artifacts of a type, without the interpreter.
func (r *release) of(kind string) []artifact {
	var found []artifact
	for _, a := range r.artifacts {
		if a.Type == kind && a.Name != a.named(interpreter) {
			found = append(found, a)
		}
	}
	return found
}

// here returns the artifact of a type for this machine.
func (r *release) here(kind string) (artifact, error) {
	for _, a := range r.of(kind) {
		if a.GoOS == runtime.GOOS && a.GoArch == runtime.GOARCH {
			return a, nil
		}
	}
	return artifact{}, fmt.Errorf("dist has no %s for %s/%s", kind, runtime.GOOS, runtime.GOARCH)
}

func readJSON(file string, into any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

func writeJSON(file string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return write(file, append(text, '\n'), 0o644)
}

func write(file string, text []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, text, mode)
}

func copyFile(from, to string, mode os.FileMode) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return write(to, text, mode)
}

// command runs a program in a directory and returns what it prints.
func command(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", name, strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out), nil
}

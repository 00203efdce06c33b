// Corpus makes an adapter of each public API description in a directory, as a user of the adapter would: with
// oapi-codegen, tablegen and New, and with package spec. It writes what comes of it as a page of the documentation:
//
//	go -C .ci/corpus run . -root ../.. -corpus ../../../shared/corpus -out ../../docs/matrix.md
//
// With -check it compares the page instead. Times are printed, not compared. With -prism, calls of all tools are
// validated and part of the page.
package main

import (
	"bytes"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed probe/main.go.txt
var probe []byte

//go:embed probe/call.go.txt
var call []byte

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

func run() error {
	root := flag.String("root", "../..", "`directory` of the checkout")
	corpus := flag.String("corpus", "../../../shared/corpus", "`directory` of the descriptions")
	out := flag.String("out", "", "`file` of the matrix to write")
	check := flag.String("check", "", "`file` of the matrix to compare")
	prism := flag.String("prism", "", "`program` of Prism, to validate calls (default not to)")
	work := flag.String("work", "", "`directory` to generate in (default a temporary one)")
	flag.Parse()
	if *work == "" {
		temporary, err := os.MkdirTemp("", "corpus")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary)
		*work = temporary
	}
	b := &builder{}
	for _, p := range []struct {
		to   *string
		from string
	}{{&b.root, *root}, {&b.corpus, *corpus}, {&b.work, *work}} {
		absolute, err := filepath.Abs(p.from)
		if err != nil {
			return err
		}
		*p.to = absolute
	}
	rows, err := b.build()
	if err != nil {
		return err
	}
	page := matrix(rows)
	if *prism != "" {
		if err := b.validate(rows, *prism); err != nil {
			return err
		}
		page += validation(rows)
		if err := validVerdict(rows); err != nil {
			fmt.Print(validation(rows))
			return err
		}
	}
	fmt.Print(times(rows))
	switch {
	case *check != "":
		committed, err := os.ReadFile(*check)
		if err != nil {
			return err
		}
		if *prism == "" { // nothing is known of calls
			committed, _, _ = bytes.Cut(committed, []byte("\n## Calls that"))
		}
		if !bytes.Equal(committed, []byte(page)) {
			written := filepath.Join(b.work, "matrix.md")
			if err := os.WriteFile(written, []byte(page), 0o600); err != nil {
				return err
			}
			difference, _ := exec.Command("diff", *check, written).Output() //nolint:errcheck // its status says that they differ
			return fmt.Errorf("%s is not what the corpus gives:\n%s", *check, difference)
		}
	case *out != "":
		return os.WriteFile(*out, []byte(page), 0o644)
	}
	return exposedVerdict(rows)
}

// builder generates a module with a package for each description.
type builder struct{ root, corpus, work string }

// row is one description.
type row struct {
	name, file string
	pkg        string
	generated  string // "": compiles; otherwise why not
	converted  string // likewise of the table
	warnings   int
	client     bool // whether the code has a client
	measured   measurement

	calls, alone []report // on a mock; alone: without a table
	unvalidated  string   // why it has no mock
	templates    []string // that its mock has as OpenAPI has them
	remote       int      // references to other servers, which its mock does not have
}

func (b *builder) build() ([]*row, error) {
	rows, err := b.descriptions()
	if err != nil {
		return nil, err
	}
	oapiCodegen, tablegen := filepath.Join(b.work, "oapi-codegen"), filepath.Join(b.work, "tablegen")
	for _, args := range [][]string{
		{"-modfile=gen/tools/go.mod", "-o", oapiCodegen, "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"},
		{"-o", tablegen, "./gen/tablegen"},
	} {
		if output, err := b.command(b.root, "go", append([]string{"build"}, args...)...); err != nil {
			return nil, fmt.Errorf("%w: %s", err, output)
		}
	}
	if err := b.module(); err != nil {
		return nil, err
	}
	for _, r := range rows {
		if err := b.generate(r, oapiCodegen, tablegen); err != nil {
			return nil, err
		}
	}
	if output, err := b.command(b.work, "go", "mod", "tidy"); err != nil {
		return nil, fmt.Errorf("%w: %s", err, output)
	}
	b.compile(rows)
	if err := b.program(rows); err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r.client {
			if r.measured, err = b.measure(r); err != nil {
				return nil, fmt.Errorf("%s: %w", r.name, err)
			}
		}
	}
	return rows, nil
}

func (b *builder) descriptions() ([]*row, error) {
	entries, err := os.ReadDir(b.corpus)
	if err != nil {
		return nil, err
	}
	var rows []*row
	for _, entry := range entries {
		extension := filepath.Ext(entry.Name())
		if extension != ".yaml" && extension != ".json" {
			continue
		}
		name := strings.TrimSuffix(entry.Name(), extension)
		pkg := strings.NewReplacer("-", "", "_", "").Replace(name)
		rows = append(rows, &row{name: name, file: filepath.Join(b.corpus, entry.Name()), pkg: pkg})
	}
	if len(rows) == 0 {
		return nil, errors.New("no description in " + b.corpus)
	}
	return rows, nil
}

// module writes the module, which has the versions of dependencies that the checkout has.
func (b *builder) module() error {
	mod, err := os.ReadFile(filepath.Join(b.root, "go.mod"))
	if err != nil {
		return err
	}
	text := "module corpus.example\n\ngo 1.26.0\n\nrequire github.com/seed-f165d83c/workos v0.0.0\n\n" +
		"replace github.com/seed-f165d83c/workos => " + b.root + "\n"
	for line := range strings.Lines(string(mod)) {
		if fields := strings.Fields(line); len(fields) == 2 && strings.Contains(fields[0], "oapi-codegen/") {
			text += "\nrequire " + fields[0] + " " + fields[1] + "\n"
		}
	}
	sum, err := os.ReadFile(filepath.Join(b.root, "go.sum"))
	if err != nil {
		return err
	}
	return errors.Join(b.write("go.mod", text), b.write("go.sum", string(sum)))
}

func (b *builder) write(name, text string) error {
	file := filepath.Join(b.work, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o644)
}

func (b *builder) generate(r *row, oapiCodegen, tablegen string) error {
	s := settings[r.name]
	if err := b.write(r.pkg+"/config.yaml", s.configuration(r.pkg)); err != nil {
		return err
	}
	if output, err := b.command(b.work, oapiCodegen, "-config", r.pkg+"/config.yaml", r.file); err != nil {
		r.generated = "oapi-codegen: " + lastLine(output)
		os.Remove(filepath.Join(b.work, r.pkg, "client.gen.go"))
	} else if s.add != "" {
		if err := b.write(r.pkg+"/add.go", "package "+r.pkg+"\n\n"+s.add); err != nil {
			return err
		}
	}
	output, err := b.command(b.work, tablegen, "-config", r.pkg+"/config.yaml", "-out", r.pkg+"/table.gen.go", r.file)
	if err != nil {
		r.converted = lastLine(output)
	}
	r.warnings = strings.Count(output, "\n")
	return nil
}

// compile builds all packages, and finds out which do not.
func (b *builder) compile(rows []*row) {
	output, err := b.command(b.work, "go", "build", "-trimpath", "./...")
	for _, r := range rows {
		code, missing := os.ReadFile(filepath.Join(b.work, r.pkg, "client.gen.go"))
		if _, broken, found := strings.Cut(output, "# corpus.example/"+r.pkg+"\n"); err != nil && found {
			r.generated, _, _ = strings.Cut(broken, "\n")
		}
		r.client = missing == nil && r.generated == "" && r.converted == "" &&
			bytes.Contains(code, []byte("func NewClientWithResponses("))
	}
}

// program writes the program that has all clients, and builds it.
func (b *builder) program(rows []*row) error {
	imports, entries := "", ""
	for _, r := range rows {
		if r.client {
			imports += "\t\"corpus.example/" + r.pkg + "\"\n"
			entries += fmt.Sprintf("\t%q: {func(server string, doer *http.Client) (any, error) { "+
				"return %[2]s.NewClientWithResponses(server, %[2]s.WithHTTPClient(doer)) }, &%[2]s.Operations},\n", r.name, r.pkg)
		}
	}
	err := errors.Join(b.write("main.go", string(probe)), b.write("call.go", string(call)),
		b.write("clients.go", "package main\n\nimport (\n\t\"net/http\"\n\n"+imports+")\n\nvar clients = map[string]entry{\n"+entries+"}\n"))
	if err != nil {
		return err
	}
	if output, err := b.command(b.work, "go", "build", "-trimpath", "-o", "probe", "."); err != nil {
		return fmt.Errorf("%w: %s", err, output)
	}
	return nil
}

func (b *builder) command(dir, name string, args ...string) (string, error) {
	command := exec.Command(name, args...)
	command.Dir = dir
	command.Env = append(slices.Clip(os.Environ()), "GOWORK=off", "GOFLAGS=-mod=mod")
	if slices.Contains(args, "-modfile=gen/tools/go.mod") || dir == b.root {
		command.Env = append(slices.Clip(os.Environ()), "GOWORK=off")
	}
	output, err := command.CombinedOutput()
	return string(output), err
}

func lastLine(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	return lines[len(lines)-1]
}

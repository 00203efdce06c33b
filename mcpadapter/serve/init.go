package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// maxConfiguration limits the file of a client in bytes.
const maxConfiguration = 16 << 20

// initFlags are those of the command init.
type initFlags struct {
	print, dryRun, writeKeys bool
	file, server, url        string
}

func (p program) initCommand() *cobra.Command {
	var f initFlags
	all := hosts()
	names := make([]string, len(all))
	for i, h := range all {
		names[i] = h.name
	}
	cmd := &cobra.Command{
		Use: "init CLIENT", Short: "Configure an MCP client to start this server",
		Long: "Configure an MCP client to start this server: " + strings.Join(names, ", ") + ".\n\n" +
			"The configuration refers to the environment variables with the credentials where the client can do so. The\n" +
			"other flags, such as --read-only, become arguments of the server. A file that exists is backed up, and only the\n" +
			"entry of the server changes.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("expected one client after init: %s", strings.Join(names, ", "))}
			}
			return nil
		},
		ValidArgs: names,
		RunE: func(cmd *cobra.Command, args []string) error {
			i := slices.Index(names, args[0])
			if i < 0 {
				suggestion := didYouMean(args[0], names)
				if suggestion == "" {
					suggestion = ": want " + strings.Join(names, ", ")
				}
				return usageError{fmt.Errorf("unknown client %.40q%s", args[0], suggestion)}
			}
			if !regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`).MatchString(f.server) {
				return usageError{fmt.Errorf("--name: invalid name %.40q: want 1 to 32 letters, digits, - and _", f.server)}
			}
			if target, err := url.Parse(f.url); f.url != "" && (err != nil || target.Host == "" || target.User != nil ||
				target.Scheme != "https" && target.Scheme != "http") {
				return usageError{fmt.Errorf("--url: invalid URL %.100q: want one such as https://mcp.example.com/mcp", f.url)}
			}
			return p.configure(cmd, all[i], f)
		},
	}
	cmd.Flags().BoolVar(&f.print, "print", false, "print the configuration and write nothing")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "print the file as it would be, and write nothing")
	cmd.Flags().BoolVar(&f.writeKeys, "write-keys", false,
		"write the credentials of the environment into the file, for a client that cannot refer to variables")
	cmd.Flags().StringVar(&f.file, "file", "", "write this `file` instead of the client's")
	cmd.Flags().StringVar(&f.url, "url", "",
		"connect to the server at this `URL` instead of starting it; the first credential is sent "+
			"as a bearer token")
	cmd.Flags().StringVar(&f.server, "name", p.serverName(), "`name` of the server in the configuration")
	return cmd
}

func (p program) configure(cmd *cobra.Command, h host, f initFlags) error {
	out := cmd.OutOrStdout()
	l := p.launch(cmd, h, f)
	fragment, err := h.fragment(f.server, l)
	if err != nil {
		return err
	}
	file := f.file
	if file == "" {
		home, err := p.base(h)
		if err != nil {
			return err
		}
		file = h.file(p.getenv, runtime.GOOS, home)
	}
	if f.print {
		_, err := fmt.Fprintf(out, "%s", fragment)
		return err //nolint:wrapcheck // standard output is gone
	}
	old, err := readConfiguration(file)
	if err != nil {
		return err
	}
	text, err := h.merge(old, f.server, l)
	if err != nil {
		return fmt.Errorf("%s: %w; nothing was written. Add this yourself:\n%s", file, err, fragment)
	}
	switch {
	case bytes.Equal(old, text):
		_, err = fmt.Fprintf(out, "%s has this entry already\n", file)
	case f.dryRun:
		_, err = fmt.Fprintf(out, "%s would be:\n%s", file, text)
	default:
		if err = replaceConfiguration(file, old, text); err == nil {
			_, err = fmt.Fprintf(out, "%s: wrote %s\n", h.title, file)
		}
	}
	if err != nil {
		return err //nolint:wrapcheck // names the file
	}
	p.explain(cmd, h, f, l)
	return nil
}

// explain says what is left to do.
func (p program) explain(cmd *cobra.Command, h host, f initFlags, l launch) {
	note := func(format string, args ...any) {
		_, _ = fmt.Fprintf(cmd.ErrOrStderr(), p.api.Name+": "+format+"\n", args...)
	}
	for _, v := range l.env {
		switch {
		case v.value == placeholder:
			note("replace %s of %s in the file: %s cannot read environment variables", placeholder, v.name, h.title)
		case f.writeKeys && h.project:
			note("the file contains credentials: do not commit it")
		case !f.writeKeys && p.getenv(v.name) == "":
			note("set %s in the environment that starts %s", v.name, h.title)
		}
	}
	if h.after != "" {
		note("%s", h.after)
	}
}

// placeholder stands where a person has to put a credential.
const placeholder = "REPLACE_ME"

// launch returns how the client starts the server: with the flags of this command line, and required credentials and
// those of the environment.
func (p program) launch(cmd *cobra.Command, h host, f initFlags) launch {
	l := launch{command: p.executable(), url: f.url}
	sandboxed := false
	cmd.InheritedFlags().VisitAll(func(flag *pflag.Flag) {
		if source := p.sources[flag.Name]; !flag.Changed || source != "" && source != fromFlag {
			return
		}
		sandboxed = sandboxed || flag.Name == "sandbox"
		if flag.Value.Type() == "bool" && flag.Value.String() == "true" {
			l.args = append(l.args, "--"+flag.Name)
			return
		}
		for _, value := range flagValues(flag) {
			l.args = append(l.args, "--"+flag.Name+"="+value)
		}
	})
	for _, key := range p.api.Setup.Keys {
		value := p.getenv(key.Variable)
		if file := p.getenv(key.Variable + fileSuffix); file != "" && f.url == "" && !sandboxed {
			l.env = append(l.env, variable{key.Variable + fileSuffix, absolute(file)})
			continue
		}
		if sandboxed || !key.Required && value == "" {
			continue
		}
		switch {
		case f.writeKeys && value != "":
		case h.reference != "":
			value = fmt.Sprintf(h.reference, key.Variable)
		default:
			value = placeholder
		}
		l.env = append(l.env, variable{key.Variable, value})
	}
	return l
}

// flagValues returns the values of a flag, of which only repeatable ones have several.
func flagValues(flag *pflag.Flag) []string {
	if values, ok := flag.Value.(pflag.SliceValue); ok {
		return values.GetSlice()
	}
	value := flag.Value.String()
	switch { // the client starts the server in a directory of its own
	case flag.Name == configFlag, flag.Name == auditFlag && value != auditStderr,
		flag.Name == interpreterFlag && filepath.Base(value) != value: // others are looked up in PATH
		value = absolute(value)
	}
	return []string{value}
}

// absolute returns the path of a file from the root.
func absolute(name string) string {
	if path, err := filepath.Abs(name); err == nil {
		return path
	}
	return name
}

// executable returns the name of the program if the shell finds it by that, else its path.
func (p program) executable() string {
	own, err := os.Executable()
	if err != nil {
		return p.api.Name
	}
	if found, err := exec.LookPath(p.api.Name); err == nil {
		a, errA := os.Stat(own)
		b, errB := os.Stat(found)
		if errA == nil && errB == nil && os.SameFile(a, b) {
			return p.api.Name
		}
	}
	return own
}

// base returns the directory that the path of a client's file begins at.
func (p program) base(h host) (string, error) {
	if h.project {
		return ".", nil
	}
	for _, name := range []string{"HOME", "USERPROFILE"} {
		if home := p.getenv(name); home != "" {
			return home, nil
		}
	}
	return "", errors.New("the home directory is unknown: set HOME, or use --file")
}

// fragment is the configuration of this server alone.
func (h host) fragment(server string, l launch) ([]byte, error) {
	if h.toml {
		return []byte(tomlTable(server, l)), nil
	}
	return h.merge(nil, server, l)
}

// merge returns the text of the file with the entry of the server, which replaces an older one. Everything else stays,
// in its order.
func (h host) merge(old []byte, server string, l launch) ([]byte, error) {
	old = bytes.TrimPrefix(old, []byte(byteOrderMark)) // as some editors of Windows begin a file
	if h.toml {
		return mergeTOML(old, server, l)
	}
	root := object{}
	if len(bytes.TrimSpace(old)) > 0 {
		if !json.Valid(old) {
			return nil, errors.New("the file is not plain JSON; it may have comments, which would be lost")
		}
		all, ok := readMembers(old)
		if !ok {
			return nil, errors.New("the file is no JSON object")
		}
		root = object(all)
	}
	servers := object{}
	if present := members(root).get(h.under); present != nil {
		all, ok := readMembers(present)
		if !ok {
			return nil, fmt.Errorf("%q is no object", h.under)
		}
		servers = object(all)
	}
	entry, err := h.definition(l)
	if err != nil {
		return nil, err
	}
	root = root.set(h.under, servers.set(server, entry))
	var b bytes.Buffer
	if err := writeJSON(&b, root); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// set replaces a member, or adds it at the end.
func (o object) set(name string, value any) object {
	made := object{}.with(name, value)
	o = slices.Clone(o)
	for i := range o {
		if o[i].name == name {
			o[i] = made[0]
			return o
		}
	}
	return append(o, made[0])
}

// mergeTOML appends the table. It changes none that is there, because that takes a parser which keeps comments, and
// refuses whatever may be one of that name, in any way of TOML to write it: a second one would make the file invalid.
func mergeTOML(old []byte, server string, l launch) ([]byte, error) {
	table := tomlTable(server, l)
	if bytes.Contains(old, []byte(table)) {
		return old, nil
	}
	key := func(name string) string { return `["']?` + regexp.QuoteMeta(name) + `["']?\s*` }
	servers, own := key("mcp_servers"), key(server)
	// [mcp_servers.name] or one below it, mcp_servers = {…}, mcp_servers.name, and name below [mcp_servers]
	present := regexp.MustCompile(`(?m)^\s*(\[\s*` + servers + `\.\s*` + own + `[.\]]|` +
		servers + `(=|\.\s*` + own + `[.=])|` + own + `[.=])`)
	if present.Match(old) {
		return nil, fmt.Errorf("the file has, or may have, another [mcp_servers.%s]", server)
	}
	if len(bytes.TrimSpace(old)) == 0 {
		return []byte(table), nil
	}
	return []byte(strings.TrimRight(string(old), "\n") + "\n\n" + table), nil
}

func readConfiguration(file string) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err //nolint:wrapcheck // names the file
	case !info.Mode().IsRegular(): // it would be replaced
		return nil, fmt.Errorf("%s is not a regular file", file)
	case info.Mode().Perm()&0o222 == 0:
		return nil, fmt.Errorf("%s is read-only", file)
	case info.Size() > maxConfiguration:
		return nil, fmt.Errorf("%s has more than %d bytes", file, maxConfiguration)
	}
	return os.ReadFile(file) //nolint:gosec,wrapcheck // the user's file; names it
}

// replaceConfiguration writes a file as a whole, after a backup of the old one beside it. Only the user can read a new
// file.
func replaceConfiguration(file string, old, text []byte) error {
	mode := fs.FileMode(0o600)
	file = linked(file) // a link of a dotfiles repository stays
	if info, err := os.Stat(file); err == nil {
		mode = info.Mode().Perm()
		if err := os.WriteFile(file+".bak", old, mode); err != nil {
			return fmt.Errorf("back up: %w", err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err //nolint:wrapcheck // names the directory
	}
	temporary, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return err //nolint:wrapcheck // names the file
	}
	_, err = temporary.Write(text)
	err = errors.Join(err, temporary.Chmod(mode), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), file)
	}
	if err != nil {
		_ = os.Remove(temporary.Name())
	}
	return err //nolint:wrapcheck // names the files
}

// linked returns the file that links lead to, which need not exist.
func linked(file string) string {
	const maxLinks = 40
	for range maxLinks {
		target, err := os.Readlink(file)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(file), target)
		}
		file = target
	}
	return file
}

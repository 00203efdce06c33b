package serve

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// finding is a result of the doctor.
type finding struct {
	Level  string `json:"level"` // ok, warning or failure
	Check  string `json:"check"`
	Detail string `json:"detail"`
	Cure   string `json:"cure,omitempty"`
}

const (
	levelOK      = "ok"
	levelWarning = "warning"
	levelFailure = "failure"

	doctorTimeout = 10 * time.Second // of each request
	maxSkew       = time.Minute
)

// doctor collects findings. None has a credential.
type doctor struct {
	program

	flags    flags
	offline  bool
	findings []finding
}

func (p program) doctorCommand(f *flags) *cobra.Command {
	d := doctor{program: p}
	var form form
	cmd := &cobra.Command{
		Use: "doctor", Short: "Check credentials, settings, network and clients", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d.flags = *f
			d.examine(cmd.Context())
			if err := d.report(cmd, form); err != nil {
				return err
			}
			failures := 0
			for _, found := range d.findings {
				if found.Level == levelFailure {
					failures++
				}
			}
			if failures > 0 {
				return fmt.Errorf("%s found", phrase.Plural(failures, "problem"))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&d.offline, "offline", false, "send nothing")
	addOutputFlags(cmd, &form, formTable)
	return cmd
}

func (d *doctor) examine(ctx context.Context) {
	d.okf("program", "%s %s, %s, %s/%s", d.api.Name, d.api.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for i, key := range d.api.Setup.Keys {
		d.checkKey(key, i == 0)
	}
	d.checkNames()
	d.checkProxy()
	adapter, err := d.shellAdapter(d.flags)
	if err != nil {
		d.fail("settings", err.Error(), "correct the flag or variable")
		return
	}
	d.okf("settings", "%d of %d tools are permitted", len(adapter.Tools()), len(adapter.AllTools()))
	d.checkServer(ctx)
	d.probe(ctx, adapter)
	for _, h := range hosts() {
		d.checkHost(ctx, adapter, h)
	}
}

// checkKey examines a variable, of which it never shows more than a known prefix.
func (d *doctor) checkKey(key Key, usual bool) {
	value, name := d.getenv(key.Variable), key.Variable
	switch advice, mistaken := longestPrefix(value, key.Mistakes); {
	case d.sandboxed() && usual:
		d.okf(name, "not needed: responses come from memory")
	case value == "" && key.Required:
		d.fail(name, "not set", "set it in the environment of the program, or in that of the client's configuration")
	case value == "":
	case strings.ContainsAny(value[:1]+value[len(value)-1:], `"'`):
		d.fail(name, "the value has quotes", "remove the quotes: they are part of the value")
	case strings.HasPrefix(strings.ToLower(value), "bearer "):
		d.fail(name, `the value begins with "Bearer"`, "remove the word: it is added to each request")
	case strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }):
		d.fail(name, "the value has spaces, line breaks or characters beyond ASCII", "copy it again")
	case value == placeholder || strings.Contains(value, "…") || strings.HasPrefix(value, "${"):
		d.fail(name, "the value is a placeholder", "put the credential in its place")
	case mistaken:
		d.fail(name, "the value is of another kind", advice)
	default:
		meaning, known := longestPrefix(value, key.Forms)
		if key.Forms != nil && !known {
			forms := strings.Join(slices.Sorted(maps.Keys(key.Forms)), " or ")
			d.warn(name, "the value begins with none of "+forms, "check that it is a credential of this kind")
			return
		}
		d.okf(name, "set, %s", strings.TrimSuffix(fmt.Sprintf("%d characters, %s", len(value), meaning), ", "))
	}
}

// sandboxed reports whether a flag --sandbox of the API is set.
func (d *doctor) sandboxed() bool {
	flag := d.flags.own.Lookup("sandbox")
	return flag != nil && flag.Value.String() == "true"
}

// checkNames finds variables that may be misspelt ones.
func (d *doctor) checkNames() {
	known := d.variables()
	var unset []string
	for _, key := range d.api.Setup.Keys {
		known = append(known, key.Variable)
		if d.getenv(key.Variable) == "" {
			unset = append(unset, key.Variable)
		}
	}
	known = append(known, d.api.Setup.BaseURLVariable)
	for _, name := range d.secretVariables() {
		known = append(known, name, name+fileSuffix)
	}
	for _, name := range slices.Sorted(maps.Keys(d.environ)) {
		if slices.Contains(known, name) || d.environ[name] == "" {
			continue
		}
		for _, variable := range unset {
			prefix, _, _ := strings.Cut(variable, "_")
			near := phrase.Nearest(fold(name), []string{fold(variable)}, 1)
			if strings.HasPrefix(strings.ToUpper(name), prefix) && len(near) > 0 && len(fold(name))+4 > len(fold(variable)) {
				d.warn(name, "is set and not read", "rename it to "+variable)
				break
			}
		}
	}
}

// checkProxy examines what Go programs read, and finds what they do not.
func (d *doctor) checkProxy() {
	var used string
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
		text := d.getenv(name)
		if text == "" {
			continue
		}
		used = name
		proxy, err := url.Parse(text)
		if err != nil || proxy.Host == "" {
			d.warn(name, "the value is no URL, and requests may be sent without the proxy",
				"want a URL such as http://proxy.example:3128, with special characters of a password escaped, as %2F")
			continue
		}
		exceptions := ""
		if cmp.Or(d.getenv("NO_PROXY"), d.getenv("no_proxy")) != "" {
			exceptions = ", but for the hosts of NO_PROXY"
		}
		d.okf(name, "requests go through %s%s", proxy.Host, exceptions) // without its credentials
	}
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"} {
		if used == "" && d.getenv(name) != "" {
			d.warn(name, "is not used for https requests", "set HTTPS_PROXY to the same value")
			break
		}
	}
	if file := d.getenv("SSL_CERT_FILE"); file != "" {
		if _, err := os.Stat(file); err != nil {
			d.warn("SSL_CERT_FILE", d.redact(err.Error()), "name a file with the certificate of your proxy, or unset it")
		}
	}
}

// checkServer asks the base URL, without a credential, whether it is there and what time it is.
func (d *doctor) checkServer(ctx context.Context) {
	setup := d.api.Setup
	base := cmp.Or(d.getenv(setup.BaseURLVariable), setup.BaseURL)
	if base == "" || d.sandboxed() {
		return
	}
	target, err := url.Parse(base)
	if err != nil || target.Host == "" || target.User != nil {
		d.fail(setup.BaseURLVariable, "the value is no base URL", "want a URL such as "+setup.BaseURL)
		return
	}
	if d.offline {
		d.okf("server", "%s, not asked", target.Host)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, target.String(), nil)
	if err != nil {
		d.fail("server", "no request to "+target.Host+" can be made", "check the base URL")
		return
	}
	asker := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := asker.Do(req)
	if err != nil {
		d.fail("server", d.redact(err.Error()), "check the network, the proxy (HTTPS_PROXY) and the base URL")
		return
	}
	_ = resp.Body.Close()
	d.okf("server", "%s responds", target.Host)
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		if skew := time.Since(date).Round(time.Second); skew.Abs() > maxSkew {
			d.warn("clock", fmt.Sprintf("differs from the server's by %v", skew.Abs()),
				"set the clock: signatures and tokens are checked by it")
		} else {
			d.okf("clock", "agrees with the server's")
		}
	}
}

// probe calls the probing tool with the credentials of the environment.
func (d *doctor) probe(ctx context.Context, adapter *mcpadapter.Adapter) {
	name := d.api.Setup.Probe
	if name == "" || d.offline {
		return
	}
	tool, err := adapter.Tool(name)
	if err != nil || tool.Filtered(ctx) != nil {
		d.okf("credentials", "not tried: %s is not permitted", name)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	result := tool.Invoke(d.local(ctx), nil)
	if result.Failure != nil {
		d.fail("credentials", name+": "+firstLine(result.Text()), cmp.Or(result.Failure.Advice, "see the message"))
		return
	}
	d.okf("credentials", "%s succeeds", name)
}

// checkHost reports what a client is given.
func (d *doctor) checkHost(ctx context.Context, adapter *mcpadapter.Adapter, h host) {
	tools, err := d.given(ctx, d.flags, adapter, h.client)
	if err != nil {
		d.fail(h.title, err.Error(), "")
		return
	}
	style, _ := d.flags.names.styleFor(h.client).MarshalText()
	d.okf(h.title, "%s, names in style %s", phrase.Plural(len(tools), "tool"), style)
}

//go:noinline
func (d *doctor) okf(check, format string, args ...any) {
	d.findings = append(d.findings, finding{Level: levelOK, Check: check, Detail: fmt.Sprintf(format, args...)})
}

//go:noinline
func (d *doctor) warn(check, detail, cure string) {
	d.findings = append(d.findings, finding{levelWarning, check, detail, cure})
}

//go:noinline
func (d *doctor) fail(check, detail, cure string) {
	d.findings = append(d.findings, finding{levelFailure, check, detail, cure})
}

func (d *doctor) redact(text string) string {
	if d.api.Redact == nil {
		return text
	}
	return d.api.Redact(text)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// report writes the findings, and after each that is not ok its cure.
func (d *doctor) report(cmd *cobra.Command, form form) error {
	if form != formTable {
		return d.writeAs(cmd, form, d.findings)
	}
	return writeFindings(cmd.OutOrStdout(), d.displayOf(d.stdout), d.findings)
}

func writeFindings(out io.Writer, on display, findings []finding) error {
	colors := map[string]color{levelOK: green, levelWarning: yellow, levelFailure: red}
	width := 0
	for _, f := range findings {
		width = max(width, len(f.Check))
	}
	for _, f := range findings {
		mark := on.paint(colors[f.Level], fmt.Sprintf("%-7s", f.Level))
		text := fmt.Sprintf("%s  %-*s  %s\n", mark, width, f.Check, f.Detail)
		if f.Cure != "" {
			text += fmt.Sprintf("%-7s  %-*s  → %s\n", "", width, "", f.Cure)
		}
		if _, err := io.WriteString(out, text); err != nil {
			return fmt.Errorf("write the findings: %w", err)
		}
	}
	return nil
}

package serve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/credential"
	"github.com/seed-f165d83c/workos/mcpadapter/untyped"
)

const (
	serverFlag     = "server"
	credentialFlag = "credential-file" //nolint:gosec // the name of a flag
)

// description is an API whose description says how to serve it.
type description struct {
	api       API
	table     *optable.Table // nil: none; the client's methods describe the API
	problems  []mcpadapter.SourceProblem
	schemes   *credential.Schemes
	variables []credential.Variable

	server string         // of the flag
	files  []string       // of the flag
	local  credential.Set // of stdio and the shell
	base   string         // URL, once the adapter is made
}

// described fills in what follows from the description of an API.
func (api API) described() (API, error) {
	api.Title, api.Version = cmp.Or(api.Title, api.Name), cmp.Or(api.Version, buildVersion())
	if api.Adapter != nil {
		return api, nil
	}
	if api.Table == nil && api.Spec == nil && api.Client == nil {
		return api, errors.New("serve: API has none of Adapter, Table, Spec and Client")
	}
	api.EnvPrefix = cmp.Or(api.EnvPrefix, envPrefix(api.Name))
	d := &description{api: api, table: api.Table}
	if d.table == nil && api.Spec != nil {
		var err error
		if d.table, d.problems, err = api.Spec(); err != nil {
			return api, err
		}
	}
	d.schemes = credential.New(cmp.Or(d.table, &optable.Table{}))
	flags := api.Flags
	api.Flags = func(set *pflag.FlagSet) {
		d.addFlags(set)
		if flags != nil {
			flags(set)
		}
	}
	d.variables = d.schemes.Variables(api.EnvPrefix, program{api: api}.reserved()...)
	for _, v := range d.variables {
		api.Secrets = append(slices.Clip(api.Secrets), v.Name)
	}
	api.Long = strings.Trim(api.Long+"\n\n"+d.help(), "\n")
	api.Adapter = d.adapter
	api.Local = func(ctx context.Context, _ func(string) string) context.Context { return credential.With(ctx, d.local) }
	api.Caller = func(ctx context.Context) string { return d.schemes.Caller(ctx) + d.base }
	api.Credentials = Credentials{
		Request: func(ctx context.Context, r *http.Request) context.Context {
			return credential.With(ctx, d.schemes.FromRequest(r.Header))
		},
		Authorized: d.authorized, Headers: d.schemes.Headers(),
	}
	return api, nil
}

// reserved returns the names of environment variables that credentials must not have, because they are those of
// settings, or would be if _FILE followed.
func (p program) reserved() []string {
	p.settings = p.settingNames()
	names := p.variables()
	for _, name := range names {
		if short, ok := strings.CutSuffix(name, fileSuffix); ok {
			names = append(names, short)
		}
	}
	return names
}

// envPrefix returns the name of a program as the beginning of environment variables.
func envPrefix(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(name))
}

// buildVersion returns the version of the main module, or "devel" if the build recorded none: MCP requires one, and
// --version needs something to print.
func buildVersion() string {
	const none = "devel"
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "("+none+")" {
		return none
	}
	return cmp.Or(info.Main.Version, none)
}

func (d *description) addFlags(set *pflag.FlagSet) {
	set.StringVar(&d.server, serverFlag, "", "base `URL` of the API (default "+cmp.Or(d.first(), "none")+")")
	set.StringArrayVar(&d.files, credentialFlag, nil,
		"`SCHEME=FILE` with the credential for a security scheme, for stdio and the shell; repeatable")
}

// first returns the first base URL of the description, or "".
func (d *description) first() string {
	if d.api.Server != "" || d.table == nil || len(d.table.Servers) == 0 {
		return d.api.Server
	}
	return d.table.Servers[0]
}

// help lists the environment variables and headers with credentials.
func (d *description) help() string {
	var b strings.Builder
	b.WriteString("Credentials, for stdio and the shell:\n")
	for _, v := range d.variables {
		fmt.Fprintf(&b, "  %-32s %s\n", v.Name, v.Help)
	}
	b.WriteString("Over HTTP each request brings its own, in a header: " +
		strings.Join(d.schemes.Headers(), ", ") + ".\n" +
		program{api: d.api}.variable(serverFlag) + " sets the base URL of the API.")
	return b.String()
}

// authorized rejects requests without a credential, if every operation needs one.
func (d *description) authorized(r *http.Request) error {
	if !d.schemes.Required() || len(d.schemes.FromRequest(r.Header)) > 0 {
		return nil
	}
	return errors.New("the request has no credential: send it as " + strings.Join(d.schemes.Headers(), ", "))
}

// adapter makes the client and its tools.
func (d *description) adapter(settings Settings, opts ...mcpadapter.Option) (*mcpadapter.Adapter, error) {
	var err error
	if d.base, err = d.baseURL(); err != nil {
		return nil, err
	}
	if settings.HTTP && len(d.files) > 0 {
		return nil, usageError{fmt.Errorf("--%s: over HTTP each request brings its own credentials", credentialFlag)}
	}
	if !settings.HTTP {
		if d.local, err = d.credentials(settings.Getenv); err != nil {
			return nil, usageError{err}
		}
	}
	// A redirect could carry a request, and what authenticates it, to another host.
	doer := &http.Client{
		Transport:     d.schemes.Transport(settings.Transport),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	newClient := d.api.Client
	if newClient == nil {
		newClient = func(server string, doer *http.Client) (any, error) { return untyped.NewClient(server, doer) }
	}
	client, err := newClient(d.base, doer)
	if err != nil {
		return nil, err
	}
	opts = append(opts, mcpadapter.WithFailures(d.missing(settings.HTTP)))
	if d.table == nil {
		opts = append(opts, mcpadapter.WithRequests())
	} else {
		opts = append(opts, mcpadapter.WithSource(func() (*optable.Table, []mcpadapter.SourceProblem, error) {
			return d.table, d.problems, nil
		}))
	}
	return mcpadapter.New(client, nil, append(opts, d.api.Options...)...)
}

// baseURL returns the base URL of the API: that of the setting, or of the description.
func (d *description) baseURL() (string, error) {
	base := cmp.Or(d.server, d.first())
	set := fmt.Sprintf("set --%s or %s", serverFlag, program{api: d.api}.variable(serverFlag))
	if base == "" {
		return "", usageError{errors.New("the description names no server: " + set)}
	}
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", usageError{fmt.Errorf("base URL %q: want an absolute http or https URL: %s", base, set)}
	}
	return base, nil
}

// maxCredential limits the size in bytes of a file with a credential.
const maxCredential = 64 << 10

// credentials returns those of the environment and of files.
func (d *description) credentials(getenv func(string) string) (credential.Set, error) {
	set := credential.FromVariables(d.variables, getenv)
	for _, entry := range d.files {
		scheme, name, ok := strings.Cut(entry, "=")
		if !ok {
			return nil, fmt.Errorf("--%s %q: want SCHEME=FILE", credentialFlag, entry)
		}
		text, err := readSmall(name)
		if err != nil {
			return nil, fmt.Errorf("--%s: %w", credentialFlag, err)
		}
		set[scheme] = credential.Credential{Secret: strings.TrimSpace(text)}
	}
	return set, d.schemes.Check(set)
}

// readSmall returns the text of a small file.
func readSmall(name string) (string, error) {
	info, err := os.Stat(name)
	if err == nil && info.Size() > maxCredential {
		err = fmt.Errorf("%s has more than %d bytes", name, maxCredential)
	}
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(name) //nolint:gosec // a file of a flag
	return string(text), err
}

// missing describes how a caller provides a missing credential.
func (d *description) missing(http bool) func(error) (*mcpadapter.Failure, bool) {
	return func(err error) (*mcpadapter.Failure, bool) {
		var missing *credential.MissingError
		if !errors.As(err, &missing) {
			return nil, false
		}
		advice := "Send it with each request, in " + strings.Join(d.schemes.Headers(), " or ") + "."
		if !http {
			names := make([]string, len(d.variables))
			for i, v := range d.variables {
				names[i] = v.Name
			}
			advice = "Set " + strings.Join(names, " or ") + "."
		}
		return &mcpadapter.Failure{
			Code: "no_credentials", Message: missing.Error() + "; nothing was sent", Advice: advice,
		}, true
	}
}

package serve

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// program is an API with its environment and streams.
type program struct {
	api            API
	environ        map[string]string
	stdin          io.Reader
	stdout, stderr io.Writer
	started        func(gcPercent int) // a server has started
	serving        func()              // a server begins
	setProcessors  func(one bool)      // nil: nothing is set
	after          func(time.Duration) <-chan time.Time
	broken         error             // what is wrong with the API's description
	settings       []string          // names of flags
	sources        map[string]string // of the settings that are not at their defaults, see applySettings

	// terminal opens the terminal of the process, for questions while stdin is a pipe.
	terminal func() (io.ReadCloser, error)
}

func newProgram(api API, p Process) program {
	environ := make(map[string]string, len(p.Environ))
	for _, variable := range p.Environ {
		name, value, _ := strings.Cut(variable, "=")
		if name != "" { // Windows has variables without a name
			environ[name] = value
		}
	}
	started := p.started
	if started == nil {
		started = func(int) {}
	}
	serving := p.serving
	if serving == nil {
		serving = func() {}
	}
	after := p.after
	if after == nil {
		after = time.After
	}
	terminal := p.terminal
	if terminal == nil {
		terminal = noTerminal
	}
	api, err := api.described()
	made := program{
		broken: err, api: api, environ: environ, stdin: p.Stdin, stdout: p.Stdout, stderr: p.Stderr,
		started: started, serving: serving, setProcessors: p.setProcessors, after: after,
		terminal: terminal, sources: map[string]string{},
	}
	made.settings = made.settingNames()
	return made
}

func (p program) getenv(name string) string { return p.environ[name] }

// shellAdapter makes the tools for stdio and the shell.
func (p program) shellAdapter(f flags) (*mcpadapter.Adapter, error) {
	return p.adapter(f, Settings{Getenv: p.getenv}, p.logger(f), NewMetrics())
}

// local returns the context of the calls of stdio and the shell.
func (p program) local(ctx context.Context) context.Context {
	if p.api.Local == nil {
		return ctx
	}
	return p.api.Local(ctx, p.getenv)
}

// adapter makes the tools with the settings of flags and environment.
func (p program) adapter(
	f flags, settings Settings, logger *slog.Logger, m *Metrics,
) (*mcpadapter.Adapter, error) {
	if p.broken != nil {
		return nil, p.broken
	}
	if p.api.Request != nil && p.api.Caller == nil {
		return nil, errors.New("serve: API.Caller is required with API.Request")
	}
	filters, err := p.filters(f)
	if err != nil {
		return nil, err
	}
	if err := f.limits.check(); err != nil {
		return nil, err
	}
	confirmation, err := p.confirmation(f.confirm)
	if err != nil {
		return nil, err
	}
	confirmation.Used = f.used
	audit, err := p.openAudit(f.audit, auditFailure(logger, m))
	if err != nil {
		return nil, err
	}
	protected, err := p.protection(f, logger, m)
	if err != nil {
		return nil, err
	}
	settings.Transport = newTransport(m, logger, protected)
	observe := observer{metrics: m, audit: audit}
	opts := append([]mcpadapter.Option{
		mcpadapter.WithLogger(logger), mcpadapter.WithProfile(f.profile), mcpadapter.WithTerseSchemas(),
		mcpadapter.WithConfirmation(confirmation), mcpadapter.WithObserver(observe.call),
		mcpadapter.WithResourceScheme(resourceScheme(p.serverName())),
	}, f.limits.options()...)
	if f.outputs {
		opts = append(opts, mcpadapter.WithOutputSchemas())
	}
	for _, filter := range filters {
		opts = append(opts, mcpadapter.WithFilter(filter))
	}
	adapter, err := p.api.Adapter(settings, opts...)
	if wrong := (*mcpadapter.FilterError)(nil); errors.As(err, &wrong) {
		return nil, usageError{wrong}
	}
	return adapter, err
}

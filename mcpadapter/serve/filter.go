package serve

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// What sets the filters. Those of flags, of the environment and of a request all apply, so that each can only narrow.
const (
	toolsetsFlag, allowFlag, denyFlag, readOnlyFlag = "toolsets", "allow", "deny", "read-only"

	toolsetsHeader, allowHeader, denyHeader = "X-MCP-Toolsets", "X-MCP-Allow", "X-MCP-Deny"
	readOnlyHeader                          = "X-MCP-Readonly"
)

func filterFlags(set *pflag.FlagSet, f *mcpadapter.Filter) {
	set.Var((*list)(&f.Toolsets), toolsetsFlag, "permit only the operations of these `toolsets`, comma-separated")
	set.Var((*list)(&f.Allow), allowFlag,
		"permit only the operations that one of these comma-separated `globs` matches, such as organizations.*")
	set.Var((*list)(&f.Deny), denyFlag,
		"forbid the operations that one of these comma-separated `globs` matches, such as *.delete")
	set.BoolVar(&f.ReadOnly, readOnlyFlag, false, "permit only operations that change nothing, whatever else permits them")
	f.Sources = mcpadapter.FilterSources{
		Toolsets: "--" + toolsetsFlag, Allow: "--" + allowFlag, Deny: "--" + denyFlag, ReadOnly: "--" + readOnlyFlag,
	}
}

// filters are those of the flags and of the environment.
func (p program) filters(f flags) ([]mcpadapter.Filter, error) {
	env, err := readFilter(mcpadapter.FilterSources{
		Toolsets: p.variable(toolsetsFlag), Allow: p.variable(allowFlag), Deny: p.variable(denyFlag),
		ReadOnly: p.variable(readOnlyFlag),
	}, func(name string) (string, bool, error) {
		value := p.getenv(name)
		return value, value != "", nil // an empty variable is how an environment leaves one out
	})
	if err != nil {
		return nil, usageError{err}
	}
	return []mcpadapter.Filter{f.filter, env}, nil
}

// readFilter reads the parts of a filter as text, each by its name.
func readFilter(
	sources mcpadapter.FilterSources, value func(name string) (text string, given bool, err error),
) (mcpadapter.Filter, error) {
	f := mcpadapter.Filter{Sources: sources}
	for _, part := range []struct {
		name string
		set  func(string) error
	}{
		{sources.Toolsets, (*list)(&f.Toolsets).Set},
		{sources.Allow, (*list)(&f.Allow).Set},
		{sources.Deny, (*list)(&f.Deny).Set},
		{sources.ReadOnly, func(text string) (err error) {
			if f.ReadOnly, err = strconv.ParseBool(text); err != nil {
				return fmt.Errorf("%.40q is neither true nor false", text)
			}
			return nil
		}},
	} {
		text, given, err := value(part.name)
		if err == nil && given {
			err = part.set(strings.TrimSpace(text))
		}
		if err != nil {
			return f, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return f, nil
}

// withFilterHeaders applies the headers by which a request limits its own calls. It rejects a wrong header, because
// without it the request could do more than was meant.
func withFilterHeaders(next http.Handler, adapter *mcpadapter.Adapter) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := checkHeaders(r.Header)
		var f mcpadapter.Filter
		if err == nil {
			f, err = requestFilter(r.Header)
		}
		if err == nil {
			ctx, narrowErr := adapter.Narrow(r.Context(), f)
			if err = narrowErr; err == nil {
				r = r.WithContext(ctx)
			}
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func requestFilter(header http.Header) (mcpadapter.Filter, error) {
	return readFilter(mcpadapter.FilterSources{
		Toolsets: toolsetsHeader, Allow: allowHeader, Deny: denyHeader, ReadOnly: readOnlyHeader,
	}, func(name string) (string, bool, error) {
		switch values := header.Values(name); len(values) {
		case 0:
			return "", false, nil
		case 1:
			return values[0], true, nil
		}
		// Joined, two lists would permit more than each of them.
		return "", false, errors.New("the header is given twice")
	})
}

// list is a comma-separated list, as a flag that may be repeated.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (*list) Type() string { return "list" }

// Set adds the entries. An empty one is a mistake, and a list of none would not narrow at all.
func (l *list) Set(text string) error {
	for entry := range strings.SplitSeq(text, ",") {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			return errors.New("an entry of the list is empty")
		}
		*l = append(*l, entry)
	}
	return nil
}

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

// Sources of the parts of filters. The filters of flags, environment, file and request all apply, so that each can only
// narrow.
const (
	toolsetsFlag, allowFlag, denyFlag, readOnlyFlag = "toolsets", "allow", "deny", "read-only"

	toolsetsHeader, allowHeader, denyHeader = "X-MCP-Toolsets", "X-MCP-Allow", "X-MCP-Deny"
	readOnlyHeader                          = "X-MCP-Readonly"
)

// partFlag returns the name of the flag of a part, without dashes.
func partFlag(part mcpadapter.FilterPart) string {
	switch part {
	case mcpadapter.FilterToolsets:
		return toolsetsFlag
	case mcpadapter.FilterAllow:
		return allowFlag
	case mcpadapter.FilterDeny:
		return denyFlag
	case mcpadapter.FilterReadOnly:
		return readOnlyFlag
	}
	return ""
}

// partHeader returns the name of the header of a part.
func partHeader(part mcpadapter.FilterPart) string {
	switch part {
	case mcpadapter.FilterToolsets:
		return toolsetsHeader
	case mcpadapter.FilterAllow:
		return allowHeader
	case mcpadapter.FilterDeny:
		return denyHeader
	case mcpadapter.FilterReadOnly:
		return readOnlyHeader
	}
	return ""
}

func filterFlags(set *pflag.FlagSet, f *mcpadapter.Filter) {
	set.Var((*list)(&f.Toolsets), toolsetsFlag, "permit only the operations of these `toolsets`, comma-separated")
	set.Var((*list)(&f.Allow), allowFlag,
		"permit only the operations that one of these comma-separated `globs` matches, such as organizations.*")
	set.Var((*list)(&f.Deny), denyFlag,
		"forbid the operations that one of these comma-separated `globs` matches, such as *.delete")
	set.BoolVar(&f.ReadOnly, readOnlyFlag, false, "permit only operations that change nothing")
	f.Name = func(part mcpadapter.FilterPart) string { return "--" + partFlag(part) }
}

// filters returns the filters of the flags, of the environment and of the file of --config.
func (p program) filters(f flags) ([]mcpadapter.Filter, error) {
	variable := func(part mcpadapter.FilterPart) string { return p.variable(partFlag(part)) }
	env, err := readFilter(variable, func(name string) (string, bool, error) {
		value := p.getenv(name)
		return value, value != "", nil // an empty variable counts as unset
	})
	if err != nil {
		return nil, usageError{err}
	}
	names := map[string]string{} // of settings, by place
	file, err := readFilter(func(part mcpadapter.FilterPart) string {
		place := f.config.place(partFlag(part))
		names[place] = partFlag(part)
		return place
	}, func(place string) (string, bool, error) {
		entry, set := f.config.entries[names[place]]
		return strings.Join(entry.values, ","), set, nil
	})
	if err != nil {
		return nil, usageError{err}
	}
	return []mcpadapter.Filter{f.filter, env, file}, nil
}

// readFilter parses the parts of a filter, each from the text of its source.
func readFilter(
	nameOf func(mcpadapter.FilterPart) string, value func(name string) (text string, given bool, err error),
) (mcpadapter.Filter, error) {
	f := mcpadapter.Filter{Name: nameOf}
	for _, p := range []struct {
		part mcpadapter.FilterPart
		set  func(string) error
	}{
		{mcpadapter.FilterToolsets, (*list)(&f.Toolsets).Set},
		{mcpadapter.FilterAllow, (*list)(&f.Allow).Set},
		{mcpadapter.FilterDeny, (*list)(&f.Deny).Set},
		{mcpadapter.FilterReadOnly, func(text string) (err error) {
			if f.ReadOnly, err = strconv.ParseBool(text); err != nil {
				return fmt.Errorf("invalid value %.40q: want true or false", text)
			}
			return nil
		}},
	} {
		name := nameOf(p.part)
		text, given, err := value(name)
		if err == nil && given {
			err = p.set(strings.TrimSpace(text))
		}
		if err != nil {
			return f, fmt.Errorf("%s: %w", name, err)
		}
	}
	return f, nil
}

// withFilterHeaders applies the headers with which a request narrows its own calls. It rejects an invalid header,
// because ignoring it would permit more than the caller wants.
func (opts HTTPOptions) withFilterHeaders(next http.Handler, adapter *mcpadapter.Adapter) http.Handler {
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
			opts.refuseHeader(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func requestFilter(header http.Header) (mcpadapter.Filter, error) {
	return readFilter(partHeader, func(name string) (string, bool, error) {
		switch values := header.Values(name); len(values) {
		case 0:
			return "", false, nil
		case 1:
			return values[0], true, nil
		}
		// Joined, two lists would permit more than each of them.
		return "", false, errors.New("the header occurs twice")
	})
}

// list is the value of a repeatable flag with comma-separated entries.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (*list) Type() string { return "list" }

// Set adds the entries. It rejects an empty entry, because an empty list would not narrow at all.
func (l *list) Set(text string) error {
	for entry := range strings.SplitSeq(text, ",") {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			return errors.New("the list has an empty entry")
		}
		*l = append(*l, entry)
	}
	return nil
}

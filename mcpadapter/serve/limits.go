package serve

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Sources of the limits of results. A flag overrides the environment; a request can only require less.
const (
	maxResultFlag   = "max-result-bytes"
	maxElementsFlag = "max-elements"
	hideFlag        = "hide-secrets"
	noArgumentsFlag = "no-answer-arguments"

	maxResultHeader = "X-MCP-Max-Result-Bytes"
	hideHeader      = "X-MCP-Hide-Secrets"
)

// limits are the limits of results that the flags set.
type limits struct {
	maxResult   int // bytes; 0: no limit
	maxElements int // that all_pages gathers; 0: the default
	hideSecrets bool
	noArguments bool
}

func limitFlags(set *pflag.FlagSet, l *limits) {
	set.IntVar(&l.maxResult, maxResultFlag, mcpadapter.DefaultMaxResultBytes,
		"limit each result to this many `bytes`; lists are cut after the last item that fits (0: no limit, the default\n"+
			"for \"tool call\")")
	set.IntVar(&l.maxElements, maxElementsFlag, mcpadapter.DefaultMaxElements,
		"limit all_pages to this many `items` of a list (0: the default)")
	set.BoolVar(&l.hideSecrets, hideFlag, false,
		"replace the keys, tokens, codes and links in responses by "+mcpadapter.Hidden)
	set.BoolVar(&l.noArguments, noArgumentsFlag, false,
		"leave out the arguments fields, jq, format and all_pages, which cost tokens")
}

// options are those of the adapter.
func (l limits) options() []mcpadapter.Option {
	var opts []mcpadapter.Option
	if l.maxResult != 0 {
		opts = append(opts, mcpadapter.WithMaxResultBytes(l.maxResult))
	}
	if l.maxElements != 0 {
		opts = append(opts, mcpadapter.WithMaxElements(l.maxElements))
	}
	if l.hideSecrets {
		opts = append(opts, mcpadapter.WithHiddenSecrets())
	}
	if !l.noArguments {
		opts = append(opts, mcpadapter.WithShapingArguments())
	}
	return opts
}

// check rejects limits that no result can meet.
func (l limits) check() error {
	if l.maxResult != 0 && l.maxResult < minResult {
		return usageError{fmt.Errorf("--%s: invalid limit %d: want 0 or at least %d", maxResultFlag, l.maxResult,
			minResult)}
	}
	if l.maxElements < 0 {
		return usageError{fmt.Errorf("--%s: invalid limit %d: want at least 0", maxElementsFlag, l.maxElements)}
	}
	return nil
}

// minResult is the smallest limit in bytes.
const minResult = 1 << 10

// withLimitHeaders applies the headers with which a request requires smaller results and hidden secrets. It rejects an
// invalid header, because ignoring it would return more than the caller wants.
func (opts HTTPOptions) withLimitHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		hide, err := oneHeader(r.Header, hideHeader, strconv.ParseBool)
		if err == nil && hide {
			ctx = mcpadapter.HideSecrets(ctx)
		}
		most := 0
		if err == nil {
			most, err = oneHeader(r.Header, maxResultHeader, byteLimit)
		}
		if err != nil {
			opts.refuseHeader(w, r, err)
			return
		}
		if most > 0 {
			ctx = mcpadapter.LimitResultBytes(ctx, most)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func byteLimit(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err == nil && n < minResult {
		err = fmt.Errorf("invalid limit %d: want at least %d", n, minResult)
	}
	return n, err
}

// oneHeader parses a header that occurs at most once; the value is zero without it.
func oneHeader[T any](header http.Header, name string, read func(string) (T, error)) (value T, err error) {
	switch values := header.Values(name); len(values) {
	case 0:
		return value, nil
	case 1:
		if value, err = read(strings.TrimSpace(values[0])); err != nil {
			return value, fmt.Errorf("%s: %w", name, err)
		}
		return value, nil
	default:
		return value, fmt.Errorf("%s: the header occurs %d times", name, len(values))
	}
}

package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// What says how large an answer may be and what it may hold. A flag goes before the environment; a request can only ask
// for less.
const (
	maxResultFlag   = "max-result-bytes"
	maxElementsFlag = "max-elements"
	hideFlag        = "hide-secrets"
	noArgumentsFlag = "no-answer-arguments"

	maxResultHeader = "X-MCP-Max-Result-Bytes"
	hideHeader      = "X-MCP-Hide-Secrets"
)

// answers is what the flags say of answers.
type answers struct {
	maxResult   int // bytes; 0: as large as they come
	maxElements int // that all_pages gathers; 0: the default
	hideSecrets bool
	noArguments bool
}

func answerFlags(set *pflag.FlagSet, a *answers) {
	set.IntVar(&a.maxResult, maxResultFlag, mcpadapter.DefaultMaxResultBytes,
		"cut answers to so many `bytes`, lists behind a whole element; 0 for no bound, as tool call has if it is not given")
	set.IntVar(&a.maxElements, maxElementsFlag, mcpadapter.DefaultMaxElements,
		"gather at most so many `elements` of a list with all_pages; 0 for the default")
	set.BoolVar(&a.hideSecrets, hideFlag, false,
		"replace keys, tokens, codes and links that answers hold on purpose by "+mcpadapter.Hidden)
	set.BoolVar(&a.noArguments, noArgumentsFlag, false,
		"leave out the arguments fields, jq and all_pages, which cost tokens")
}

// envOf is the environment variable for a flag.
func envOf(flag string) string {
	return "WORKOS_MCP_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// answersFromEnv sets from the environment what the command line leaves out.
func (p process) answersFromEnv(cmd *cobra.Command, _ []string) error {
	for _, name := range []string{maxResultFlag, maxElementsFlag, hideFlag, noArgumentsFlag} {
		text := p.getenv(envOf(name))
		if text == "" || cmd.Flags().Changed(name) {
			continue
		}
		if err := cmd.Flags().Set(name, text); err != nil {
			return usageError{fmt.Errorf("%s: %w", envOf(name), err)}
		}
	}
	return nil
}

// options are those of the adapter.
func (a answers) options() []mcpadapter.Option {
	var opts []mcpadapter.Option
	if a.maxResult != 0 {
		opts = append(opts, mcpadapter.WithMaxResultBytes(a.maxResult))
	}
	if a.maxElements != 0 {
		opts = append(opts, mcpadapter.WithMaxElements(a.maxElements))
	}
	if a.hideSecrets {
		opts = append(opts, mcpadapter.WithHiddenSecrets())
	}
	if !a.noArguments {
		opts = append(opts, mcpadapter.WithShapingArguments())
	}
	return opts
}

// check finds what no server could keep to.
func (a answers) check() error {
	if a.maxResult != 0 && a.maxResult < leastResult {
		return usageError{fmt.Errorf("--%s: %d is less than %d, which every answer needs", maxResultFlag, a.maxResult,
			leastResult)}
	}
	if a.maxElements < 0 {
		return usageError{fmt.Errorf("--%s: %d is less than nothing", maxElementsFlag, a.maxElements)}
	}
	return nil
}

// leastResult is the smallest bound in bytes.
const leastResult = 1 << 10

// lessen lets a request ask for smaller answers and for hidden secrets. A header that is wrong is refused, as without
// it the answer would hold more than was meant.
func lessen(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		hide, err := oneHeader(r.Header, hideHeader, strconv.ParseBool)
		if err == nil && hide {
			ctx = mcpadapter.HideSecrets(ctx)
		}
		most := 0
		if err == nil {
			most, err = oneHeader(r.Header, maxResultHeader, boundOfBytes)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if most > 0 {
			ctx = mcpadapter.LimitResultBytes(ctx, most)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func boundOfBytes(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err == nil && n < leastResult {
		err = fmt.Errorf("%d is less than %d", n, leastResult)
	}
	return n, err
}

// oneHeader reads a header that is given at most once; without it the value is zero.
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
		return value, fmt.Errorf("%s: the header is given %d times", name, len(values))
	}
}

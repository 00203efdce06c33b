package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// exitCodesHelp is part of the help.
const exitCodesHelp = "Exit codes: 0 success; 1 the call or the server failed, a person declined, or a signal came\n" +
	"before the end; 2 the command line, an environment variable or a filter is wrong, and nothing was done."

// callError is the failure of a call.
type callError struct{ failure *mcpadapter.Failure }

func (e callError) Error() string { return e.failure.String() }

// MissingCredential returns a function for [mcpadapter.WithFailures] that describes the errors that are missing, by
// [errors.Is], as calls without a credential. The advice says how a caller provides one.
func MissingCredential(missing error, advice string) func(error) (*mcpadapter.Failure, bool) {
	return func(err error) (*mcpadapter.Failure, bool) {
		if !errors.Is(err, missing) {
			return nil, false
		}
		return &mcpadapter.Failure{
			Code: "no_credentials", Advice: advice,
			Message: "the operation needs a credential and the call came without it; nothing was sent",
		}, true
	}
}

// withAdvice adds what a person at the shell may have meant: JSON whose quotes the shell has removed, or arguments on
// stdin, which is only read if a word says so.
func (p program) withAdvice(failure *mcpadapter.Failure, words []string) *mcpadapter.Failure {
	if failure.Code != mcpadapter.CodeInvalidArguments || failure.Advice != "" {
		return failure
	}
	var advice string
	switch {
	case len(words) > 0 && strings.HasPrefix(words[0], "{") && !json.Valid([]byte(words[0])):
		advice = "Shells remove quotes, and name=value needs none."
	case len(words) == 0 && p.piped():
		advice = "stdin was not read: give - behind the name to read the arguments from it."
	default:
		return failure
	}
	advised := *failure
	advised.Advice = advice
	return &advised
}

// piped reports whether stdin is a pipe or a file.
func (p program) piped() bool {
	file, ok := p.stdin.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && (info.Mode().IsRegular() || info.Mode()&os.ModeNamedPipe != 0)
}

// reportError writes the error of a command to standard error: as text, or as a JSON object if the command line has
// --json, also where it is wrong in another place.
func (p program) reportError(cmd *cobra.Command, args []string, err error) {
	code := ExitCode(err)
	if code == ExitUsage {
		err = withLostValue(cmd, args, err)
	}
	if !wantsJSON(args) {
		prefix := p.displayOf(p.stderr).paint(red, p.api.Name+":")
		_, _ = fmt.Fprintf(p.stderr, "%s %v\n", prefix, err)
		if code == ExitUsage {
			_, _ = fmt.Fprintf(p.stderr, "Run '%s --help' for usage.\n", cmd.CommandPath())
		}
		return
	}
	var report struct {
		Error    any `json:"error"`
		ExitCode int `json:"exit_code"`
	}
	report.ExitCode = code
	call := callError{}
	if errors.As(err, &call) {
		report.Error = call.failure
	} else {
		kind := "failed"
		if code == ExitUsage {
			kind = "invalid_usage"
		}
		report.Error = struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		}{kind, err.Error()}
	}
	if text, err := json.Marshal(report); err == nil {
		_ = writeJSON(p.stderr, json.RawMessage(text))
	}
}

// wantsJSON reports whether --json is among the flags.
func wantsJSON(args []string) bool {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	return slices.Contains(args, "--"+jsonFlag) || slices.Contains(args, "--"+jsonFlag+"=true")
}

package mcpadapter

import "strings"

// declines is a client that declines questions by itself when nobody attends it.
type declines struct {
	part string // of its name in clientInfo, in lower case
	run  string // how it is run unattended
}

// unattended lists such clients: they declare elicitation and decline at once in these runs. .ci/agents runs each.
func unattended() []declines {
	return []declines{
		{"codex", "codex exec"},
		{"copilot", "copilot -p"},
		{"claude-code", "claude -p"},
	}
}

// Declined returns the result of a call whose confirmation the client was asked for, as it gets it. If the call was not
// confirmed and the client, by its name in clientInfo or its User-Agent, is known to decline by itself when nobody
// attends it, the advice says so. Every other result is returned as it is.
func (r Result) Declined(client string) Result {
	if r.Failure == nil || r.Failure.Code != CodeNotConfirmed {
		return r
	}
	for _, d := range unattended() {
		if !strings.Contains(strings.ToLower(client), d.part) {
			continue
		}
		f := *r.Failure
		f.Advice = strings.TrimSpace(f.Advice + " If this is " + d.run + ", the client declined by itself, because nobody " +
			"attends it: tell the person which call is left for them. The server's documentation has how to run it unattended.")
		told := f.Result()
		told.Repaired, told.Renamed = r.Repaired, r.Renamed
		return told
	}
	return r
}

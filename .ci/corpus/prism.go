package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// report is a call as the program prints it.
type report struct {
	Tool, Variant, Arguments string
	Sent                     bool
	Refused, Failure         string
}

func (r *report) accepted() bool { return r.Sent && r.Refused == "" }

// alone are the descriptions whose clients are also called without a table.
var alone = []string{"museum", "swagger-petstore", "resend"}

// validate calls the tools of all clients on mocks of their descriptions, which validate requests.
func (b *builder) validate(rows []*row, prism string) error {
	for _, r := range rows {
		if !r.client || r.measured.Exposed == 0 {
			continue
		}
		url, stop, err := mock(prism, r.file)
		if errors.Is(err, errUnreadable) {
			r.unvalidated = err.Error()
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		r.calls, err = b.call("call", r.name, url)
		if err == nil && slices.Contains(alone, r.name) {
			r.alone, err = b.call("alone", r.name, url)
		}
		stop()
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	return nil
}

// mockTime limits how long a mock takes to start; a large description takes a minute of a busy machine.
const mockTime = 5 * time.Minute

// errUnreadable is a mock that ended instead of starting.
var errUnreadable = errors.New("Prism ends while it reads the description")

// mock starts a mock of a description that answers invalid requests with errors.
func mock(prism, description string) (url string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	listener.Close()
	command := exec.Command(prism, "mock", "--errors", "--port", port, description)
	output, err := command.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	command.Stderr = command.Stdout
	if err := command.Start(); err != nil {
		return "", nil, err
	}
	timer := time.AfterFunc(mockTime, func() { _ = command.Process.Kill() })
	stop = func() {
		timer.Stop()
		_ = command.Process.Kill()
		_ = command.Wait()
	}
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadString('\n')
		if strings.Contains(line, "is listening on") {
			timer.Stop()
			go io.Copy(io.Discard, lines)
			return "http://127.0.0.1:" + port, stop, nil
		}
		if err != nil {
			late := !timer.Stop()
			stop()
			if late {
				return "", nil, fmt.Errorf("the mock did not start within %s", mockTime)
			}
			return "", nil, errUnreadable
		}
	}
}

func (b *builder) call(mode, name, url string) ([]report, error) {
	output, err := b.command(b.work, filepath.Join(b.work, "probe"), mode, name, url)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, output)
	}
	var list []report
	for decoder := json.NewDecoder(bytes.NewReader([]byte(output))); decoder.More(); {
		var r report
		if err := decoder.Decode(&r); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// judged says of calls that are not accepted why the adapter is right, by the description and the start of the tool's
// name.
var judged = []struct{ description, tool, why string }{
	{"oc-aggregates-anyof", "getParamTest", "the sample matches two forms of a oneOf; the adapter accepts it as an anyOf"},
	{"oc-bodies-content_types", "PostPet1234", "Prism reads every text/plain body as a string"},
	{"oc-parameters-nilcheck", "", "Prism ends at a cookie or header that is an array"},
	{"oc-parameters-roundtrip-parameters", "", "Prism matches no path with RFC 6570 expressions such as {.param} and {;id}, and no exploded one"},
	{"oc-schemas-security", "getHello", "the description requires a security scheme that it does not define"},
	{"twilio-verify", "CreateWebhook", "Prism reads a property of a form that occurs once as no array"},
	{"twilio-verify", "UpdateWebhook", "Prism reads a property of a form that occurs once as no array"},
	{"twilio-verify", "CreateChallenge", "Prism reads a property of a form that occurs once as no array"},
	{"xero_accounting", "getContactByContactNumber", "the paths /Contacts/{ContactID} and /Contacts/{ContactNumber} are the same to Prism"},
}

func judgement(description, tool string) string {
	for _, j := range judged {
		if j.description == description && strings.HasPrefix(tool, j.tool) {
			return j.why
		}
	}
	return ""
}

// validation is the part of the page about calls.
func validation(rows []*row) string {
	var b strings.Builder
	b.WriteString("\n## Calls that a validator accepts\n\n" +
		"`@stoplight/prism-cli` 5.16.0 serves each description as a mock that answers invalid requests with errors " +
		"(`prism mock --errors`). Each tool is called twice: with the arguments that it requires, and with all of them. " +
		"Of descriptions with more than 150 operations, 40 are called, at equal distances. Reflection alone calls the same " +
		"client without its table, and so without enum members and limits. The command is that of the matrix with `-prism node_modules/.bin/prism`.\n\n" +
		"| description | calls | accepted | by reflection alone | accepted |\n|---|---:|---:|---:|---:|\n")
	calls, accepted := 0, 0
	for _, r := range rows {
		if len(r.calls) == 0 {
			continue
		}
		n := count(r.calls)
		calls, accepted = calls+len(r.calls), accepted+n
		fmt.Fprintf(&b, "| %s | %d | %d | ", r.name, len(r.calls), n)
		if len(r.alone) == 0 {
			b.WriteString("| |\n")
		} else {
			fmt.Fprintf(&b, "%d | %d |\n", len(r.alone), count(r.alone))
		}
	}
	fmt.Fprintf(&b, "\nOf %d calls, %d are accepted (%.1f %%); of the others, %d are explained below.\n\n", calls, accepted,
		share(accepted, calls), explained(rows))
	for _, r := range rows {
		if r.unvalidated != "" {
			fmt.Fprintf(&b, "- %s: %s\n", r.name, r.unvalidated)
		}
		seen := map[string]int{}
		var reasons []string
		for i := range r.calls {
			c := &r.calls[i]
			if c.accepted() {
				continue
			}
			reason := judgement(r.name, c.Tool)
			if reason == "" {
				reason = fmt.Sprintf("not explained, `%s` (%s): %s", c.Tool, c.Variant, firstLine(c.Refused+c.Failure))
			}
			if seen[reason]++; seen[reason] == 1 {
				reasons = append(reasons, reason)
			}
		}
		for _, reason := range reasons {
			fmt.Fprintf(&b, "- %s, %d calls: %s\n", r.name, seen[reason], reason)
		}
	}
	return b.String()
}

func count(calls []report) int {
	n := 0
	for i := range calls {
		if calls[i].accepted() {
			n++
		}
	}
	return n
}

func explained(rows []*row) int {
	n := 0
	for _, r := range rows {
		for i := range r.calls {
			if !r.calls[i].accepted() && judgement(r.name, r.calls[i].Tool) != "" {
				n++
			}
		}
	}
	return n
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line[:min(len(line), 200)]
}

// validVerdict holds the calls to what the project promises.
func validVerdict(rows []*row) error {
	calls, good := 0, explained(rows)
	for _, r := range rows {
		calls, good = calls+len(r.calls), good+count(r.calls)
		if len(r.alone) > 0 && share(count(r.alone), len(r.alone)) < 80 {
			return fmt.Errorf("%s: by reflection alone %d of %d calls are accepted", r.name, count(r.alone), len(r.alone))
		}
	}
	if share(good, calls) < 99 {
		return fmt.Errorf("%d of %d calls are accepted or explained, want at least 99 %%", good, calls)
	}
	return nil
}

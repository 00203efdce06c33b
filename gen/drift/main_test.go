package main

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// files are the arguments that name the files of this repository.
func files(upstream string) []string {
	return []string{
		"-upstream", upstream, "-ours", "../../api.yaml", "-allow", "allow.txt", "-tree", "../../client/services.gen.go",
	}
}

// drift runs the program.
func drift(t *testing.T, args []string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(args, &out, &errs)
	return code, out.String(), errs.String()
}

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const snapshotFile = "../testdata/official.facts"

// TestDescriptionHoldsToTheOfficialFacts compares api.yaml with the snapshot, so that it needs no official file.
func TestDescriptionHoldsToTheOfficialFacts(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := drift(t, files(snapshotFile))
	want := regexp.MustCompile(`^261 of 261 operations, 127 of 127 event types, \d+ facts compared: ` +
		`0 differ, \d+ allowed\n$`)
	if code != exitOK || !want.MatchString(stdout) || stderr != "" {
		t.Errorf("got code %d: %s%s", code, stdout, stderr)
	}
}

func TestSnapshotIsSortedAndHasNoSentences(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(snapshotFile)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if lines[0] != snapshotHeader {
		t.Errorf("first line: got %q, want %q", lines[0], snapshotHeader)
	}
	if lines = lines[1:]; !slices.IsSorted(lines) || len(slices.Compact(slices.Clone(lines))) != len(lines) {
		t.Error("the facts are not sorted, or one stands twice")
	}
	sentence := regexp.MustCompile(`[A-Za-z]+ [a-z]+ [a-z]+ [a-z]+ [a-z]+`)
	for _, line := range lines {
		fact := strings.Split(line, "\t")[2]
		if fact != "variants" && fact != "type" && sentence.MatchString(line) { // which are lists of names
			t.Errorf("got a sentence: %s", line)
		}
	}
}

func TestSnapshotReadsAsItWasWritten(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := parsed(t, string(text))
	written, err := writeSnapshot(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := readSnapshot(written)
	if err != nil {
		t.Fatal(err)
	}
	for key, op := range want.operations {
		if read := got.operations[key]; read == nil || read.path != op.path || len(read.facts) != len(op.facts) {
			t.Fatalf("%s: got %v, want %v", key, read, op)
		}
	}
	if !reflect.DeepEqual(got.events, want.events) {
		t.Errorf("events: got %d, want %d", len(got.events), len(want.events))
	}
	if again, err := writeSnapshot(got); err != nil || !bytes.Equal(again, written) {
		t.Errorf("written again: got other bytes (%v)", err)
	}
	if differences, _ := compare(got, want); len(differences) > 0 {
		t.Errorf("got %d differences, want none: %v", len(differences), differences[0])
	}
}

func TestSnapshotThatIsDamagedIsRejected(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"columns": "GET /things\tquery:limit\ttype", "no path": "GET\t-\tpresent\t\"true\"",
		"values": "GET /things\tquery:limit\ttype\tstring",
	} {
		if _, err := readSnapshot([]byte(snapshotHeader + "\n" + line + "\n")); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// changed writes the official facts with one line changed, or without it.
func changed(t *testing.T, line func(string) string) string {
	t.Helper()
	text, err := os.ReadFile(snapshotFile)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for one := range strings.Lines(string(text)) {
		b.WriteString(line(one))
	}
	return write(t, b.String())
}

func TestDifferencesNameToolAndGoAPI(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, added, want string }{
		{"operation", "POST /audit_logs/streams\t201\tpresent\t\"true\"",
			"added   POST /audit_logs/streams  missing-operation  " +
				"[tool audit_logs.streams.create; Go c.AuditLogs.Streams.Create]"},
		{"parameter", "GET /organizations\tquery:region\ttype\t\"string\"",
			"added   GET /organizations  missing-param  query:region  official: string; ours: none  " +
				"[tool organizations.list (argument region); Go client.OrganizationsService.List]"},
		{"field of a request", "POST /organizations\trequest.region\ttype\t\"string\"",
			"added   POST /organizations  missing-field  request.region  official: string; ours: none  " +
				"[tool organizations.create (argument region); Go client.OrganizationsService.Create, " +
				"gen.CreateOrganization.Region]"},
		{"field of a response", "GET /organizations\t200.data[].domains[].region_id\ttype\t\"string\"",
			"added   GET /organizations  missing-field  200.data[].domains[].region_id  official: string; ours: none  " +
				"[tool organizations.list (response data[].domains[].region_id); Go client.OrganizationsService.List, " +
				"gen.OrganizationDomain.RegionID]"},
		{"required field", "POST /organizations\trequest.external_id\trequired\t\"true\"",
			"changed BREAKING POST /organizations  required  request.external_id  official: true; ours: false  " +
				"[tool organizations.create (argument external_id); Go client.OrganizationsService.Create, " +
				"gen.CreateOrganization.ExternalID]"},
		{"event", "EVENT user.merged\t-\tpresent\t\"true\"",
			"added   EVENT user.merged  missing-event  [tool none; Go events.UserMerged]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, err := os.ReadFile(snapshotFile)
			if err != nil {
				t.Fatal(err)
			}
			code, stdout, _ := drift(t, files(write(t, string(text)+test.added+"\n")))
			if code != exitDiffers || !strings.HasPrefix(stdout, test.want+"\n") {
				t.Errorf("got code %d and %s, want %s", code, stdout, test.want)
			}
		})
	}
}

func TestAMemberThatIsNewIsNotAllowedWithThoseThatAreGone(t *testing.T) {
	t.Parallel()
	upstream := changed(t, func(line string) string {
		if strings.HasPrefix(line, "GET /connections/{id}\t200.connection_type\tenum\t") {
			return strings.Replace(line, `"\"ADFSSAML\""`, `"\"ADFSSAML\"","\"BrandNewSAML\""`, 1)
		}
		return line
	})
	code, stdout, _ := drift(t, files(upstream))
	if code != exitDiffers || !strings.Contains(stdout, "missing-member  200.connection_type") ||
		!strings.Contains(stdout, "BrandNewSAML") {
		t.Errorf("got code %d and %s, want the new member", code, stdout)
	}
}

func TestRulesAreChecked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rules string
		code  int
		want  string
	}{
		"no reason":    {"type GET /x y\n", exitUnreadable, "want KIND METHOD PATH FIELD # REASON"},
		"columns":      {"type GET /x # why\n", exitUnreadable, "want KIND METHOD PATH FIELD # REASON"},
		"unknown kind": {"typo GET /x y # why\n", exitUnreadable, `unknown kind "typo"`},
		"unused":       {"type GET /nowhere y # why\n", exitDiffers, "allows nothing: type GET /nowhere y"},
	} {
		rules, err := os.ReadFile("allow.txt")
		if err != nil {
			t.Fatal(err)
		}
		args := append(files(snapshotFile), "-allow", write(t, string(rules)+test.rules))
		code, stdout, stderr := drift(t, args)
		if code != test.code || !strings.Contains(stderr, test.want) {
			t.Errorf("%s: got code %d, %s%s; want %d and %q", name, code, stdout, stderr, test.code, test.want)
		}
	}
}

func TestReasonsOfAllowedDifferencesArePrintedOnRequest(t *testing.T) {
	t.Parallel()
	code, stdout, _ := drift(t, append(files(snapshotFile), "-all"))
	if code != exitOK || !strings.Contains(stdout, "POST /passwordless/sessions  extra-operation") ||
		!strings.Contains(stdout, "  allowed: legacy operations") {
		t.Errorf("got code %d and %.300s, want the allowed differences with reasons", code, stdout)
	}
}

func TestSnapshotIsWrittenOnRequest(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "facts")
	if code, stdout, stderr := drift(t, append(files(snapshotFile), "-snapshot", out)); code != exitOK {
		t.Fatalf("got code %d: %s%s", code, stdout, stderr)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(snapshotFile)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("got other facts than those that were read (%v)", err)
	}
}

func TestFilesThatCannotBeReadEndTheRun(t *testing.T) {
	t.Parallel()
	none := filepath.Join(t.TempDir(), "none")
	for name, args := range map[string][]string{
		"upstream": files(none), "ours": append(files(snapshotFile), "-ours", none),
		"rules": append(files(snapshotFile), "-allow", none), "tree": append(files(snapshotFile), "-tree", none),
		"snapshot":   append(files(snapshotFile), "-snapshot", filepath.Join(none, "x")),
		"no OpenAPI": append(files(snapshotFile), "-ours", write(t, "a: 1")), "flag": {"-nonsense"},
	} {
		if code, stdout, stderr := drift(t, args); code != exitUnreadable || stdout != "" || stderr == "" {
			t.Errorf("%s: got code %d, %q and %q, want %d and an error alone", name, code, stdout, stderr, exitUnreadable)
		}
	}
}

package optest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// refusing is a server that returns its status for every request.
type refusing struct{ status int }

func (r *refusing) Do(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: r.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(""))}, nil
}

// adviceFor calls every operation with valid arguments and returns the advice for each status, by operation.
func adviceFor(t *testing.T, statuses ...int) map[int]map[string]string {
	t.Helper()
	server := &refusing{}
	c, err := gen.NewClientWithResponses("https://api.example", gen.WithHTTPClient(server))
	if err != nil {
		t.Fatal(err)
	}
	a, err := mcpadapter.New(c, &gen.Operations)
	if err != nil {
		t.Fatal(err)
	}
	advice := map[int]map[string]string{}
	for _, tool := range a.Tools() {
		arguments := json.RawMessage(`{}`)
		for _, status := range statuses {
			server.status = status
			r := tool.Invoke(t.Context(), arguments)
			if r.Failure.Status != status {
				arguments = r.Failure.Example
				if r = tool.Invoke(t.Context(), arguments); r.Failure.Status != status {
					t.Fatalf("%s: got %s, want %d", tool.Name(), r.Text(), status)
				}
			}
			if advice[status] == nil {
				advice[status] = map[string]string{}
			}
			advice[status][tool.Name()] = r.Failure.Advice
		}
	}
	return advice
}

func TestWhatIsNotFoundLeadsToAList(t *testing.T) {
	t.Parallel()
	advice := adviceFor(t, http.StatusNotFound)[http.StatusNotFound]
	for name, parts := range map[string][]string{
		"organizations.get":            {"id is found with organizations.list."},
		"user_management.users.delete": {"id is found with user_management.users.list.", "deleted before"},
		"user_management.organization_memberships.create": {
			"organization_id is found with organizations.list.", "user_id is found with user_management.users.list.",
		},
	} {
		for _, part := range parts {
			if !strings.Contains(advice[name], part) {
				t.Errorf("%s: got %q, want %q", name, advice[name], part)
			}
		}
	}
	var without []string
	for _, op := range gen.Operations.Operations {
		if strings.Contains(op.Path, "{") && !strings.Contains(advice[op.ID], "is found with") {
			without = append(without, op.ID)
		}
	}
	slices.Sort(without)
	want := []string{ // nothing lists what they are about
		"agents.registrations.get", "audit_logs.exports.get", "auth.challenges.verify.create",
		"auth.factors.challenge.create", "auth.factors.delete", "auth.factors.get", "organization_domains.delete",
		"organization_domains.get", "organization_domains.verify.create", "passwordless.sessions.send.create",
		"platform.teams.get", "radar.attempts.update", "radar.lists.create", "radar.lists.delete",
		"sso.jwks.get", "user_management.email_verification.get", "user_management.invitations.by_token.get",
		"user_management.magic_auth.get", "user_management.password_reset.get", "user_management.radar_challenges.get",
		"user_management.waitlist_entries.approve.create", "user_management.waitlist_entries.delete",
		"user_management.waitlist_entries.deny.create", // the list needs the waitlist
	}
	if !slices.Equal(without, want) {
		t.Errorf("got no list for %q, want none for %q", without, want)
	}
}

func TestEveryAdviceNamesToolsThatExist(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, op := range gen.Operations.Operations {
		names[op.ID] = true
	}
	statuses := []int{400, 401, 403, 404, 409, 422, 429, 500}
	advice := adviceFor(t, statuses...)
	for _, status := range statuses {
		if len(advice[status]) != len(names) {
			t.Errorf("%d: got advice for %d operations, want %d", status, len(advice[status]), len(names))
		}
		for operation, advice := range advice[status] {
			if advice == "" {
				t.Errorf("%d of %s: got no advice", status, operation)
			}
			for word := range strings.FieldsSeq(advice) {
				word = strings.Trim(word, ",.()")
				if strings.Contains(word, ".") && !names[word] {
					t.Errorf("%d of %s: %q is no tool, in %q", status, operation, word, advice)
				}
			}
		}
	}
}

package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

func addFault(t *testing.T, sb *sandbox.Sandbox, f sandbox.Fault) string {
	t.Helper()
	id, err := sb.AddFault(f)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestFaultsApplyToWhatTheyName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault sandbox.Fault
		want  string // statuses of three creations of organizations, a list of them, and a list of users
	}{
		{sandbox.Fault{Status: 503}, "503 503 503 503 503"},
		{sandbox.Fault{Status: 503, Operation: "organizations.create"}, "503 503 503 200 200"},
		{sandbox.Fault{Status: 503, Operation: "organizations.*"}, "503 503 503 503 200"},
		{sandbox.Fault{Status: 503, Operation: "*.list"}, "201 201 201 503 503"},
		{sandbox.Fault{Status: 503, Method: "get"}, "201 201 201 503 503"},
		{sandbox.Fault{Status: 503, Path: "/user_management/*"}, "201 201 201 200 503"},
		{sandbox.Fault{Status: 503, Path: "/organizations", Method: "GET"}, "201 201 201 503 200"},
		{sandbox.Fault{Status: 503, Nth: 2}, "201 503 201 200 200"},
		{sandbox.Fault{Status: 503, Times: 2}, "503 503 201 200 200"},
		{sandbox.Fault{Status: 503, Nth: 1, Operation: "users.list"}, "201 201 201 200 200"},
		{sandbox.Fault{Limit: 2}, "201 201 429 429 429"},
		{sandbox.Fault{Limit: 1, Status: 503, Operation: "organizations.create"}, "201 503 503 200 200"},
		{sandbox.Fault{Status: 503, Probability: 1}, "503 503 503 503 503"},
	} {
		sb := fixed()
		addFault(t, sb, c.fault)
		made := 0
		var got []string
		for i := range 3 {
			a := send(t, sb, "POST", "/organizations", fields{"name": strconv.Itoa(i)})
			if a.status == 201 {
				made++
			}
			got = append(got, strconv.Itoa(a.status))
		}
		for _, path := range []string{"/organizations", "/user_management/users"} {
			got = append(got, strconv.Itoa(send(t, sb, "GET", path, nil).status))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%+v: got %s, want %s", c.fault, s, c.want)
		}
		sb.ClearFaults()
		if n := len(list(get(t, sb, "/organizations")["data"])); n != made {
			t.Errorf("%+v: got %d organizations, want the %d that were responded to", c.fault, n, made)
		}
	}
}

func TestFaultsSayWhatTheyAreToldTo(t *testing.T) {
	t.Parallel()
	sb := fixed()
	id := addFault(t, sb, sandbox.Fault{Status: 429, RetryAfter: 7, Message: "Slow."})
	a := send(t, sb, "GET", "/organizations", nil)
	if a.header.Get("Retry-After") != "7" || a.json["code"] != "too_many_requests" || a.json["message"] != "Slow." ||
		a.header.Get("X-Request-Id") == "" {
		t.Errorf("got %v %s", a.header, a.text)
	}
	if !sb.RemoveFault(id) || sb.RemoveFault(id) || len(sb.Faults()) > 0 {
		t.Errorf("got %v, want the rule removed once", sb.Faults())
	}
	addFault(t, sb, sandbox.Fault{Limit: 1, WindowMS: 2500})
	get(t, sb, "/organizations")
	if a := send(t, sb, "GET", "/organizations", nil); a.header.Get("Retry-After") != "3" || a.status != 429 {
		t.Errorf("got %d %v, want 429 and the rest of the window", a.status, a.header)
	}
	if err := sb.Advance(2500 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	get(t, sb, "/organizations")
}

func TestChanceFollowsTheSeed(t *testing.T) {
	t.Parallel()
	play := func(seed uint64) (statuses []int, failed int) {
		sb := sandbox.New(sandbox.WithSeed(seed))
		addFault(t, sb, sandbox.Fault{Status: 500, Probability: 0.3})
		for range 200 {
			status := send(t, sb, "GET", "/organizations", nil).status
			statuses = append(statuses, status)
			if status == 500 {
				failed++
			}
		}
		return statuses, failed
	}
	one, failed := play(1)
	if again, _ := play(1); !slices.Equal(one, again) {
		t.Error("one seed gives two series")
	}
	if other, _ := play(2); slices.Equal(one, other) {
		t.Error("two seeds give one series")
	}
	if failed < 30 || failed > 90 {
		t.Errorf("got %d of 200 failed, want about 60", failed)
	}
}

// TestBrokenResponses has each way to break one, in memory and over a network.
func TestBrokenResponses(t *testing.T) {
	t.Parallel()
	for how, c := range map[string]struct {
		made, doFails, readFails, badJSON bool
	}{
		"reset":     {doFails: true},
		"lost":      {made: true, doFails: true},
		"truncate":  {made: true, readFails: true, badJSON: true},
		"malformed": {made: true, badJSON: true},
	} {
		for _, network := range []bool{false, true} {
			sb := fixed()
			client, base := &http.Client{Transport: sb}, "https://api.workos.com"
			if network {
				s := httptest.NewServer(sb)
				defer s.Close()
				client, base = s.Client(), s.URL
			}
			addFault(t, sb, sandbox.Fault{Break: how})
			req, err := http.NewRequestWithContext(t.Context(), "POST", base+"/organizations", strings.NewReader(`{"name":"A"}`))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer sk_test")
			res, err := client.Do(req)
			if (err != nil) != c.doFails || err != nil && !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("%s, network %t: got %v", how, network, err)
			}
			if err == nil {
				text, err := io.ReadAll(res.Body)
				_ = res.Body.Close()
				if (err != nil) != c.readFails || strings.HasSuffix(string(text), `"}`) == c.badJSON || len(text) == 0 {
					t.Errorf("%s, network %t: got %q %v", how, network, text, err)
				}
			}
			sb.ClearFaults()
			if made := len(list(get(t, sb, "/organizations")["data"])) == 1; made != c.made {
				t.Errorf("%s, network %t: made %t, want %t", how, network, made, c.made)
			}
		}
	}
}

func TestDelaysEndWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sb := sandbox.New()
		addFault(t, sb, sandbox.Fault{DelayMS: 3000})
		start := time.Now()
		get(t, sb, "/organizations")
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("took %v, want 3s", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, "POST", "https://api.workos.com/organizations", strings.NewReader(`{"name":"A"}`))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sb.RoundTrip(req); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the context's error", err)
		}
		if got := list(get(t, sb, "/organizations")["data"]); len(got) > 0 {
			t.Errorf("got %v, want nothing made", got)
		}
	})
}

func TestWrongFaultsAreRefused(t *testing.T) {
	t.Parallel()
	sb := fixed()
	for want, f := range map[string]sandbox.Fault{
		"status 200: want 400 to 599":              {Status: 200},
		"probability 2: want 0 to 1":               {Status: 500, Probability: 2},
		"must not be negative":                     {Status: 500, Nth: -1},
		"delay_ms 600001: want 0 to 600000":        {DelayMS: 600_001},
		`break "x": want reset, lost, truncate or`: {Break: "x"},
		"it does nothing":                          {Operation: "*"},
	} {
		if _, err := sb.AddFault(f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want %s", f, err, want)
		}
	}
	if got := sb.Faults(); len(got) > 0 {
		t.Errorf("got %v, want none", got)
	}
	for range 1000 {
		addFault(t, sb, sandbox.Fault{Status: 500})
	}
	if _, err := sb.AddFault(sandbox.Fault{Status: 500}); err == nil {
		t.Error("got no error for rule 1001")
	}
}

func TestRequestsAreLoggedWithoutSecrets(t *testing.T) {
	t.Parallel()
	sb := fixed()
	create(t, sb, "/user_management/users", fields{
		"email": "ada@example.com", "email_verified": true, "password": "correct horse",
	})
	tokens := must(t, sb, http.StatusOK, "POST", "/user_management/authenticate", fields{
		"grant_type": "password", "client_id": "c", "client_secret": "sk_test", "email": "ada@example.com",
		"password": "correct horse",
	})
	invitation := must(t, sb, http.StatusCreated, "POST", "/user_management/invitations", fields{"email": "b@example.com"})
	get(t, sb, "/user_management/invitations/by_token/"+str(invitation["token"]))
	create(t, sb, "/vault/v1/kv", fields{"key_context": fields{"o": "1"}, "name": "card", "value": "4242-4242"})
	send(t, sb, "GET", "/nowhere?token=t0ken", nil)
	send(t, sb, "POST", "/organizations", strings.Repeat("x", 20<<10))
	var b strings.Builder
	for _, r := range sb.Requests() {
		fmt.Fprintf(&b, "%+v %s %s\n", r, r.Body, r.Response)
	}
	text := b.String()
	for _, secret := range []string{
		"correct horse", str(tokens["access_token"]), str(tokens["refresh_token"]), str(invitation["token"]), "sk_test",
		"4242-4242", "t0ken",
	} {
		if secret == "" || strings.Contains(text, secret) {
			t.Errorf("the log has %q: %s", secret, text)
		}
	}
	var got []string
	for _, r := range sb.Requests("user_management.*", "organizations.create") {
		got = append(got, fmt.Sprint(r.Operation, " ", r.Status, " ", r.Key))
	}
	want := []string{
		"user_management.users.create 201 …test", "user_management.authenticate.create 200 …test",
		"user_management.invitations.create 201 …test", "user_management.invitations.by_token.get 200 …test",
		"organizations.create 400 …test",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLogKeepsTheNewestRequests(t *testing.T) {
	t.Parallel()
	sb := fixed()
	for i := range 1003 {
		send(t, sb, "GET", fmt.Sprint("/organizations/org_", i), nil)
	}
	got := sb.Requests()
	if len(got) != 1000 || got[0].Path != "/organizations/org_3" || got[999].Path != "/organizations/org_1002" {
		t.Errorf("got %d from %s to %s, want the newest 1000", len(got), got[0].Path, got[len(got)-1].Path)
	}
}

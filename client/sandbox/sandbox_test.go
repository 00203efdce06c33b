package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
)

func jsonText(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestGeneratedClientWorksOnTheRoundTripper(t *testing.T) {
	t.Parallel()
	api := newAPI(t, "https://api.workos.com", &http.Client{Transport: sandbox.New()})
	useAPI(t, api)
}

func TestGeneratedClientWorksOnTheHandler(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(sandbox.New())
	t.Cleanup(server.Close)
	useAPI(t, newAPI(t, server.URL, server.Client()))
}

func newAPI(t *testing.T, base string, client *http.Client) *gen.ClientWithResponses {
	t.Helper()
	api, err := gen.NewClientWithResponses(base, gen.WithHTTPClient(client),
		gen.WithRequestEditorFn(func(_ context.Context, req *http.Request) error {
			req.Header.Set("Authorization", "Bearer sk_test")
			return nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	return api
}

func useAPI(t *testing.T, api *gen.ClientWithResponses) {
	t.Helper()
	made, err := api.OrganizationsCreateWithResponse(t.Context(), gen.CreateOrganization{Name: "Acme"})
	if err != nil || made.JSON201 == nil {
		t.Fatalf("create: %v", err)
	}
	got, err := api.OrganizationsGetWithResponse(t.Context(), made.JSON201.ID)
	if err != nil || got.JSON200 == nil || got.JSON200.Name != "Acme" {
		t.Fatalf("get: %v, %s", err, got.Body)
	}
	deleted, err := api.OrganizationsDeleteWithResponse(t.Context(), made.JSON201.ID)
	if err != nil || deleted.StatusCode() != http.StatusAccepted {
		t.Fatalf("delete: %v", err)
	}
	got, err = api.OrganizationsGetWithResponse(t.Context(), made.JSON201.ID)
	if err != nil || got.StatusCode() != http.StatusNotFound || got.JSONDefault == nil {
		t.Fatalf("get again: %v", err)
	}
}

func TestNilOptionsAreIgnored(t *testing.T) {
	sb := sandbox.New(nil, sandbox.WithClock(nil), sandbox.WithOutgoing(nil))
	if got := get(t, sb, "/organizations/"+create(t, sb, "/organizations", fields{"name": "Acme"}))["name"]; got != "Acme" {
		t.Errorf("got %v", got)
	}
}

func TestSandboxesAreApart(t *testing.T) {
	t.Parallel()
	a, b := sandbox.New(), sandbox.New()
	id := create(t, a, "/organizations", fields{"name": "Acme"})
	refused(t, b, http.StatusNotFound, "GET", "/organizations/"+id, nil)
}

func TestSeedAndClockMakeAnswersReproducible(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		at := time.Date(2026, 1, 2, 3, 4, 5, 678_900_000, time.FixedZone("", 3600))
		sb := sandbox.New(sandbox.WithSeed(seed), sandbox.WithClock(func() time.Time { return at }))
		return send(t, sb, "POST", "/user_management/invitations", fields{"email": "a@example.com"}).text
	}
	first := run(7)
	if again := run(7); again != first {
		t.Errorf("same seed: got %s, want %s", again, first)
	}
	if other := run(8); other == first {
		t.Error("another seed gives the same")
	}
	if !strings.Contains(first, `"created_at":"2026-01-02T02:04:05.678Z"`) {
		t.Errorf("created_at is not in UTC with milliseconds: %s", first)
	}
}

func TestPropertiesComeInTheOrderOfTheDescription(t *testing.T) {
	t.Parallel()
	a := send(t, sandbox.New(), "POST", "/organizations", fields{"name": "A & B", "metadata": fields{"b": "2", "a": "1"}})
	before := -1
	for _, part := range []string{
		`"object"`, `"id"`, `"name":"A & B"`, `"domains"`, `"metadata":{"a":"1","b":"2"}`, `"external_id"`, `"created_at"`,
	} {
		i := strings.Index(a.text, part)
		if i <= before {
			t.Errorf("%s stands at %d of %s", part, i, a.text)
		}
		before = i
	}
}

func TestRoundTripLeavesTheRequestAlone(t *testing.T) {
	t.Parallel()
	body := &closeWatcher{Reader: strings.NewReader(`{"name":"Acme"}`)}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.workos.com/organizations", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer sk_secret_value")
	want := req.Header.Clone()
	res, err := sandbox.New().RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		t.Fatal(err)
	}
	if !body.closed {
		t.Error("the body is not closed")
	}
	if fmt.Sprint(req.Header) != fmt.Sprint(want) {
		t.Errorf("header: got %v, want %v", req.Header, want)
	}
	if strings.Contains(string(data)+fmt.Sprint(res.Header), "sk_secret_value") {
		t.Error("the answer shows the credential")
	}
	if res.ContentLength != int64(len(data)) || res.Request != req {
		t.Errorf("ContentLength: got %d, want %d", res.ContentLength, len(data))
	}
}

type closeWatcher struct {
	io.Reader

	closed bool
}

func (c *closeWatcher) Close() error {
	c.closed = true
	return nil
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	sb := sandbox.New()
	const workers, each = 8, 25
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := range each {
				name := fmt.Sprintf("%d-%d", w, i)
				res := record(t.Context(), sb, http.MethodPost, "/organizations", `{"name":"x","external_id":"`+name+`"}`)
				var org struct{ ID string }
				if err := json.Unmarshal(res.Body.Bytes(), &org); err != nil || org.ID == "" {
					t.Errorf("create %s: %s", name, res.Body)
					return
				}
				record(t.Context(), sb, http.MethodGet, "/organizations?limit=5", "")
				record(t.Context(), sb, http.MethodPut, "/organizations/"+org.ID, `{"metadata":{"a":"b"}}`)
				if i%2 == 0 {
					record(t.Context(), sb, http.MethodDelete, "/organizations/"+org.ID, "")
				}
			}
		})
	}
	wait.Wait()
	left := 0
	for after := ""; ; {
		page := get(t, sb, "/organizations?limit=100"+after)
		left += len(pageIDs(page))
		next, more := page["list_metadata"].(map[string]any)["after"].(string)
		if !more {
			break
		}
		after = "&after=" + next
	}
	if want := workers * (each / 2); left != want {
		t.Errorf("organizations left: got %d, want %d", left, want)
	}
}

// record serves a request from a sandbox.
func record(ctx context.Context, sb *sandbox.Sandbox, method, target, body string) *httptest.ResponseRecorder {
	res := httptest.NewRecorder()
	req := httptest.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer sk_test")
	sb.ServeHTTP(res, req)
	return res
}

// BenchmarkNew shows that a sandbox for each test is cheap.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		sandbox.New()
	}
}

// BenchmarkFirstRequest reads the operations table.
func BenchmarkFirstRequest(b *testing.B) {
	for b.Loop() {
		record(b.Context(), sandbox.New(), http.MethodGet, "/organizations", "")
	}
}

func BenchmarkGet(b *testing.B) {
	sb := sandbox.New()
	id := create(b, sb, "/organizations", fields{"name": "Acme"})
	for b.Loop() {
		record(b.Context(), sb, http.MethodGet, "/organizations/"+id, "")
	}
}

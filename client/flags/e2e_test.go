//go:build e2e

package flags_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/flags"
	"github.com/seed-f165d83c/workos/client/internal/nodesdk"
)

// TestE2EDecisionsAreTheNodeSDKs has both SDKs poll one snapshot and decide the same cases.
func TestE2EDecisionsAreTheNodeSDKs(t *testing.T) {
	polls := make(chan string, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		polls <- r.Method + " " + r.URL.Path
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(aSnapshot))
	}))
	defer server.Close()
	var cases []any
	for _, d := range decisions() {
		resources := map[string]any{}
		if d.target.User != "" {
			resources["user"] = map[string]string{"id": d.target.User}
		}
		if d.target.Organization != "" {
			resources["organization"] = map[string]string{"id": d.target.Organization}
		}
		for kind, id := range d.target.Custom {
			resources[kind] = map[string]string{"id": id}
		}
		cases = append(cases, []any{d.flag, resources})
	}
	var theirs []any
	if err := nodesdk.StartWithAPI(t, server.URL).Call(t, "flags.decide", &theirs, cases); err != nil {
		t.Fatal(err)
	}

	c, err := client.New("sk_test", client.WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	ours, err := flags.New(c)
	if err != nil {
		t.Fatal(err)
	}
	defer run(t, ours)()
	if err := ours.WaitUntilReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(theirs) != len(cases) {
		t.Fatalf("Node decided %d of %d cases", len(theirs), len(cases))
	}
	differ := 0
	for i, d := range decisions() {
		got := ours.IsEnabled(t.Context(), d.flag, d.target)
		if got != theirs[i] {
			differ++
			t.Errorf("%q for %+v: got %v, Node %v", d.flag, d.target, got, theirs[i])
		}
	}
	if theirs, ours := <-polls, <-polls; theirs != ours {
		t.Errorf("polls: Node sent %s, we %s", theirs, ours)
	}
	t.Logf("%d decisions compared, %d differ", len(cases), differ)
}

package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
)

// BenchmarkUsers makes 100,000 users, with -short 1,000, and takes pages of them. The time is that of the sandbox: the
// responses are not decoded. Each part can run alone, and for any time.
//
//	go test ./client/sandbox -run '^$' -bench Users
func BenchmarkUsers(b *testing.B) {
	const path = "/user_management/users"
	users := 100_000
	if testing.Short() {
		users = 1000
	}
	fill := func(b *testing.B) *sandbox.Sandbox {
		b.Helper()
		sb := sandbox.New()
		for i := range users {
			res := record(b.Context(), sb, http.MethodPost, path, fmt.Sprintf(`{"email":"u%d@example.com"}`, i))
			if res.Code != http.StatusCreated {
				b.Fatalf("got %d %s", res.Code, res.Body)
			}
		}
		return sb
	}
	b.Run("make "+strconv.Itoa(users), func(b *testing.B) {
		var filled []*sandbox.Sandbox // one, and while it is filled none, or two would be in memory at once
		for b.Loop() {
			filled = nil
			filled = append(filled, fill(b))
		}
		var memory runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&memory)
		b.ReportMetric(float64(memory.HeapAlloc)/(1<<20), "MiB")
		runtime.KeepAlive(filled)
	})
	filled := sync.OnceValue(func() *sandbox.Sandbox { return fill(b) })
	b.Run("list "+strconv.Itoa(users), func(b *testing.B) {
		sb := filled()
		for b.Loop() {
			listed, after := 0, ""
			for range users / 100 {
				page := record(b.Context(), sb, http.MethodGet, path+"?limit=100"+after, "").Body.String()
				listed += strings.Count(page, `"object":"user"`)
				_, after, _ = strings.Cut(page, `"after":"`)
				after, _, _ = strings.Cut("&after="+after, `"`)
			}
			if listed != users {
				b.Fatalf("listed: got %d users, want %d", listed, users)
			}
		}
	})
	b.Run("page", func(b *testing.B) {
		sb := filled()
		for b.Loop() {
			page := record(b.Context(), sb, http.MethodGet, path, "").Body.String()
			if n := strings.Count(page, `"object":"user"`); n != 10 {
				b.Fatalf("got a page of %d users, want 10", n)
			}
		}
	})
}

// TestSameRequestsGetSameResponses plays one sign-in in two sandboxes of one seed.
func TestSameRequestsGetSameResponses(t *testing.T) {
	t.Parallel()
	play := func() string {
		sb := newReproducible()
		create(t, sb, "/user_management/users", fields{
			"email": "ada@example.com", "email_verified": true, "password": "correct horse",
		})
		a := send(t, sb, "POST", "/user_management/authenticate", fields{
			"grant_type": "password", "client_id": "c", "client_secret": "sk_test", "email": "ada@example.com",
			"password": "correct horse",
		})
		return a.text + a.header.Get("X-Request-Id") + send(t, sb, "GET", "/events?events=session.created", nil).text +
			send(t, sb, "GET", "/sso/jwks/c", nil).text
	}
	if one, other := play(), play(); one != other {
		t.Errorf("got %s\nand %s, want the same", one, other)
	}
}

// BenchmarkStart is the time of a program's first request, to a sandbox that is empty or has a seed of 1,000 things.
//
//	go test ./client/sandbox -run '^$' -bench Start
func BenchmarkStart(b *testing.B) {
	users := make([]fields, 1000)
	for i := range users {
		users[i] = fields{"email": fmt.Sprintf("u%d@example.com", i)}
	}
	seed, err := json.Marshal(fields{"user": users})
	if err != nil {
		b.Fatal(err)
	}
	for _, start := range []struct {
		name string
		seed []byte
	}{{"empty", []byte("{}")}, {"with 1000 things", seed}} {
		b.Run(start.name, func(b *testing.B) {
			for b.Loop() {
				sb := sandbox.NewOf(&gen.Operations, gen.Routes) // which reads the table, as the first request of a program does
				if err := sb.Seed(start.seed); err != nil {
					b.Fatal(err)
				}
				must(b, sb, http.StatusOK, "GET", "/user_management/users?limit=1", nil)
			}
		})
	}
}

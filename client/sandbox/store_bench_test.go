package sandbox_test

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// BenchmarkUsers makes 100,000 users, with -short 1,000, and takes pages of them.
//
//	go test ./client/sandbox -run '^$' -bench Users -benchtime 1x
func BenchmarkUsers(b *testing.B) {
	const path = "/user_management/users"
	users := 100_000
	if testing.Short() {
		users = 1000
	}
	var sb *sandbox.Sandbox
	b.Run("make "+strconv.Itoa(users), func(b *testing.B) {
		for b.Loop() {
			sb = sandbox.New()
			for i := range users {
				must(b, sb, http.StatusCreated, "POST", path, fmt.Sprintf(`{"email":"u%d@example.com"}`, i))
			}
		}
	})
	b.Run("list "+strconv.Itoa(users), func(b *testing.B) {
		for b.Loop() {
			after := ""
			for range users / 100 {
				page := must(b, sb, http.StatusOK, "GET", path+"?limit=100"+after, nil)
				after = "&after=" + str(obj(page["list_metadata"])["after"])
			}
		}
	})
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			send(b, sb, "GET", path, nil)
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

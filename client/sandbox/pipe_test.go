package sandbox_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

func TestAccountIsConnectedAtThePageOfTheProvider(t *testing.T) {
	t.Parallel()
	sb := sandbox.New()
	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	create(t, sb, "/data-integrations", fields{"provider": "github"})
	page := str(must(t, sb, http.StatusOK, "POST", "/data-integrations/github/authorize",
		fields{"user_id": user, "return_to": "https://app.example.com/done"})["url"])
	u, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	token := func() fields {
		return obj(must(t, sb, http.StatusOK, "POST", "/data-integrations/github/token", fields{"user_id": user})["access_token"])
	}
	a := send(t, sb, "GET", u.RequestURI(), nil)
	if a.status != http.StatusFound || a.header.Get("Location") != "https://app.example.com/done" {
		t.Fatalf("got %d %s, want a redirect back", a.status, a.text)
	}
	refused(t, sb, http.StatusBadRequest, "GET", u.RequestURI(), nil) // a state is good for one use
	first := str(token()["access_token"])
	if first == "" || str(token()["access_token"]) != first {
		t.Errorf("got %q and another token, want one until it expires", first)
	}
	if err := sb.Advance(2 * time.Hour); err != nil {
		t.Fatal(err)
	}
	if again := str(token()["access_token"]); again == first {
		t.Error("got the expired token, want another one")
	}
	account := get(t, sb, "/user_management/users/"+user+"/connected_accounts/github")
	wantFields(t, account, fields{"state": "connected", "auth_method": "oauth"})
	if account["credential"] != nil {
		t.Error("the account shows its credential")
	}
}

package sandbox_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// TestIDBeginsWithTheTime compares with values that were worked out by hand: ten characters of five bits each.
func TestIDBeginsWithTheTime(t *testing.T) {
	t.Parallel()
	for ms, want := range map[int64]string{
		0: "0000000000", 1: "0000000001", 31: "000000000Z", 32: "0000000010", 1 << 40: "0100000000",
		1<<48 - 1: "7ZZZZZZZZZ", 0x123456789ABC: "0J6HB7H6NW", -1: "0000000000",
	} {
		sb := sandbox.New(sandbox.WithClock(func() time.Time { return time.UnixMilli(ms) }))
		id := create(t, sb, "/organizations", fields{"name": "Acme"})
		if !regexp.MustCompile(`^org_` + want + `[0-9A-HJKMNP-TV-Z]{16}$`).MatchString(id) {
			t.Errorf("ID at %d ms: got %s, want org_%s and 16 random characters", ms, id, want)
		}
		a := send(t, sb, "GET", "/organizations", nil)
		if got := a.header.Get("X-Request-Id"); !strings.HasPrefix(got, "req_"+want) || len(got) != len("req_")+26 {
			t.Errorf("request ID at %d ms: got %s, want req_%s and 16 random characters", ms, got, want)
		}
	}
}

// TestIDsNeverRepeat makes things at one moment, so that only the random part tells them apart.
func TestIDsNeverRepeat(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_700_000_000_000)
	seen, used := map[string]bool{}, make([]map[byte]bool, 16)
	for range 2 { // two sandboxes without a seed do not share IDs either
		sb := sandbox.New(sandbox.WithClock(func() time.Time { return now }))
		for range 200 {
			a := send(t, sb, "POST", "/organizations", fields{"name": "Acme"})
			for _, id := range []string{str(a.json["id"]), a.header.Get("X-Request-Id")} {
				if id == "" || seen[id] {
					t.Fatalf("got the ID %q again", id)
				}
				seen[id] = true
				for i := range used {
					if used[i] == nil {
						used[i] = map[byte]bool{}
					}
					used[i][id[len(id)-16+i]] = true
				}
			}
		}
	}
	for i, chars := range used {
		if len(chars) != 32 {
			t.Errorf("random character %d: got %d different ones, want 32", i, len(chars))
		}
	}
}

// TestDataKeysAreRandom looks at each digit of the IDs, which are version 4 UUIDs, and at each byte of the keys.
func TestDataKeysAreRandom(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	digits, parts := make([]map[byte]bool, 36), map[string]bool{}
	for range 300 {
		key := must(t, sb, http.StatusOK, "POST", "/vault/v1/keys/data-key", fields{"context": fields{}})
		id, data := str(key["id"]), decoded(t, key["data_key"])
		if len(id) != len(digits) || len(data) != 32 {
			t.Fatalf("got the ID %q and a key of %d bytes, want a UUID and 32", id, len(data))
		}
		encrypted, found := strings.CutPrefix(decoded(t, key["encrypted_keys"]), "WOS.EKM.v1\x00"+id)
		if !found || len(encrypted) != 60 {
			t.Errorf("encrypted keys: got %q, want the version, the ID and 60 bytes", encrypted)
		}
		for _, part := range []string{id, data[:16], data[16:], encrypted[:32], encrypted[32:]} {
			if parts[part] {
				t.Fatalf("got %q again", part)
			}
			parts[part] = true
		}
		for i := range digits {
			if digits[i] == nil {
				digits[i] = map[byte]bool{}
			}
			digits[i][id[i]] = true
		}
	}
	for i, got := range digits {
		want := map[int]string{8: "-", 13: "-", 14: "4", 18: "-", 19: "89ab", 23: "-"}[i]
		if want == "" {
			want = "0123456789abcdef"
		}
		for c := range got {
			if !strings.ContainsRune(want, rune(c)) {
				t.Errorf("digit %d of the UUIDs: got %c, want one of %s", i, c, want)
			}
		}
		if len(got) != len(want) {
			t.Errorf("digit %d of the UUIDs: got %d different ones, want %s", i, len(got), want)
		}
	}
}

func decoded(t *testing.T, v any) string {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(str(v))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestDeletionTakesAllThatBelongs deletes each of three organizations that have one of each thing, and looks at what is
// left in the store.
func TestDeletionTakesAllThatBelongs(t *testing.T) {
	t.Parallel()
	for n := range 3 {
		sb := sandbox.New(sandbox.WithExamples())
		user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
		create(t, sb, "/authorization/roles", fields{"slug": "r", "name": "R"})
		create(t, sb, "/authorization/roles", fields{"slug": "d", "name": "D", "resource_type_slug": "doc"})
		orgs := make([]string, 3)
		for i := range orgs {
			orgs[i] = create(t, sb, "/organizations", fields{
				"name": fmt.Sprintf("Org %d", i), "domains": []string{fmt.Sprintf("%d.com", i)},
			})
			populate(t, sb, orgs[i], user)
		}
		gone := orgs[n]
		before := sandbox.Content(sb)
		must(t, sb, http.StatusAccepted, "DELETE", "/organizations/"+gone, nil)
		left := sandbox.Content(sb)
		for name, value := range left {
			if strings.Contains(name+value, gone) && !strings.HasPrefix(name, "event ") { // which tell of it
				t.Errorf("organization %d is deleted, but there is %s %s", n, name, value)
			}
		}
		for _, other := range orgs {
			if other != gone {
				if got := belongings(left, other); got != belongings(before, other) {
					t.Errorf("organization %d is deleted: another has %d things, want %d", n, got, belongings(before, other))
				}
			}
		}
		refused(t, sb, http.StatusNotFound, "DELETE", "/organizations/"+gone, nil)
		get(t, sb, "/user_management/users/"+user)
	}
}

// belongings counts the things whose name or fields have the ID.
func belongings(content map[string]string, id string) int {
	n := 0
	for name, value := range content {
		if strings.Contains(name+value, id) && !strings.HasPrefix(name, "event ") {
			n++
		}
	}
	return n
}

// populate gives an organization one of each thing, some of them by way of another, and relations in both directions.
func populate(t *testing.T, sb *sandbox.Sandbox, org, user string) {
	t.Helper()
	om := create(t, sb, "/user_management/organization_memberships", fields{"user_id": user, "organization_id": org})
	group := create(t, sb, "/organizations/"+org+"/groups", fields{"name": "G " + org})
	must(t, sb, http.StatusOK, "POST", "/organizations/"+org+"/groups/"+group+"/organization-memberships",
		fields{"organization_membership_id": om})
	create(t, sb, "/organizations/"+org+"/api_keys", fields{"name": "K"})
	create(t, sb, "/user_management/users/"+user+"/api_keys", fields{"name": "U", "organization_id": org})
	create(t, sb, "/authorization/organizations/"+org+"/roles", fields{"slug": "org-r", "name": "R"})
	parent := create(t, sb, "/authorization/resources",
		fields{"external_id": org + "1", "name": "P", "resource_type_slug": "doc", "organization_id": org})
	create(t, sb, "/authorization/resources", fields{
		"external_id": org + "2", "name": "C", "resource_type_slug": "doc", "organization_id": org,
		"parent_resource_id": parent,
	})
	create(t, sb, "/authorization/groups/"+group+"/role_assignments", fields{"role_slug": "r"})
	create(t, sb, "/authorization/organization_memberships/"+om+"/role_assignments",
		fields{"role_slug": "d", "resource_id": parent})
	create(t, sb, "/user_management/invitations", fields{"email": "b@example.com", "organization_id": org})
	must(t, sb, http.StatusNoContent, "POST", "/feature-flags/example/targets/"+org, nil)
}

// TestResourcesGoWithTheirParent nests resources three deep and deletes at each depth.
func TestResourcesGoWithTheirParent(t *testing.T) {
	t.Parallel()
	for depth := range 3 {
		sb := sandbox.New(sandbox.WithExamples())
		org := create(t, sb, "/organizations", fields{"name": "Acme"})
		var ids []string
		for i := range 3 {
			body := fields{
				"external_id": strconv.Itoa(i), "name": "R", "resource_type_slug": "doc", "organization_id": org,
			}
			if i > 0 {
				body["parent_resource_id"] = ids[i-1]
			}
			ids = append(ids, create(t, sb, "/authorization/resources", body))
		}
		path := "/authorization/resources/" + ids[depth]
		if depth < 2 {
			for _, query := range []string{"", "?cascade_delete=false"} {
				a := refused(t, sb, http.StatusConflict, "DELETE", path+query, nil)
				wantFields(t, a.json, fields{"code": "resource_has_dependents"})
			}
			path += "?cascade_delete=true"
		}
		must(t, sb, http.StatusNoContent, "DELETE", path, nil)
		left := pageIDs(get(t, sb, "/authorization/resources?organization_id="+org))
		slices.Reverse(left)
		if !slices.Equal(left, ids[:depth]) {
			t.Errorf("resources after the deletion at depth %d: got %v, want %v", depth, left, ids[:depth])
		}
	}
}

// TestRelationEndsWithEitherSide deletes a group or a membership of it, and looks for what relates them.
func TestRelationEndsWithEitherSide(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	for _, deleted := range []string{"group", "membership"} {
		user := create(t, sb, "/user_management/users", fields{"email": deleted + "@example.com"})
		om := create(t, sb, "/user_management/organization_memberships", fields{"user_id": user, "organization_id": org})
		group := create(t, sb, "/organizations/"+org+"/groups", fields{"name": "G"})
		other := create(t, sb, "/organizations/"+org+"/groups", fields{"name": "H"})
		for _, g := range []string{group, other} {
			must(t, sb, http.StatusOK, "POST", "/organizations/"+org+"/groups/"+g+"/organization-memberships",
				fields{"organization_membership_id": om})
		}
		related := func(a, b string) bool { return sandbox.Content(sb)["link "+a+" "+b] != "" }
		if !related(group, om) || !related(other, om) {
			t.Fatalf("got %v, want both groups to have the membership", sandbox.Content(sb))
		}
		if deleted == "group" {
			must(t, sb, http.StatusNoContent, "DELETE", "/organizations/"+org+"/groups/"+group, nil)
		} else {
			must(t, sb, http.StatusOK, "DELETE", "/user_management/organization_memberships/"+om, nil)
		}
		if related(group, om) || related(other, om) != (deleted == "group") {
			t.Errorf("%s deleted: got related %t and %t, want the deleted one's relations to end alone", deleted,
				related(group, om), related(other, om))
		}
	}
}

// TestResourcesThatHoldEachOtherCanBeDeleted ends where each of two resources is the parent of the other.
func TestResourcesThatHoldEachOtherCanBeDeleted(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	resource := func(external string) string {
		return create(t, sb, "/authorization/resources", fields{
			"external_id": external, "name": "R", "resource_type_slug": "doc", "organization_id": org,
		})
	}
	a, b := resource("a"), resource("b")
	for child, parent := range map[string]string{a: b, b: a} {
		must(t, sb, http.StatusOK, "PATCH", "/authorization/resources/"+child, fields{"parent_resource_id": parent})
	}
	must(t, sb, http.StatusNoContent, "DELETE", "/authorization/resources/"+a+"?cascade_delete=true", nil)
	wantIDs(t, get(t, sb, "/authorization/resources?organization_id="+org))
}

// TestUsersAreListedByTheirMemberships has users in one, both and none of two organizations.
func TestUsersAreListedByTheirMemberships(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	var users, orgs []string
	for i := range 4 {
		users = append(users, create(t, sb, "/user_management/users", fields{"email": fmt.Sprintf("u%d@example.com", i)}))
	}
	for i := range 3 {
		orgs = append(orgs, create(t, sb, "/organizations", fields{"name": strconv.Itoa(i)}))
	}
	members := map[int][]int{0: {0, 1}, 1: {1, 2}}
	for org, list := range members {
		for _, user := range list {
			create(t, sb, "/user_management/organization_memberships",
				fields{"user_id": users[user], "organization_id": orgs[org]})
		}
	}
	for org, want := range [][]string{{users[1], users[0]}, {users[2], users[1]}, {}} {
		wantIDs(t, get(t, sb, "/user_management/users?organization_id="+orgs[org]), want...)
	}
}

// TestConcurrentCreationsGetTheirOwnIDs makes things at one moment from many goroutines.
func TestConcurrentCreationsGetTheirOwnIDs(t *testing.T) {
	t.Parallel()
	sb := newReproducible()
	const workers, each = 8, 10
	ids := make([][]string, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for range each {
				res := record(t.Context(), sb, http.MethodPost, "/organizations", `{"name":"x"}`)
				_, id, _ := strings.Cut(res.Body.String(), `"id":"`)
				id, _, _ = strings.Cut(id, `"`)
				ids[w] = append(ids[w], id)
			}
		})
	}
	wait.Wait()
	made := slices.Sorted(slices.Values(slices.Concat(ids...)))
	if got := len(slices.Compact(slices.Clone(made))); got != workers*each {
		t.Errorf("IDs: got %d different ones, want %d", got, workers*each)
	}
	listed := pageIDs(get(t, sb, "/organizations?limit=100"))
	if slices.Sort(listed); !slices.Equal(listed, made) {
		t.Errorf("listed: got %v, want %v", listed, made)
	}
}

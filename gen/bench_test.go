package gen_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// BenchmarkMatchRoute is what recognizing a request costs.
func BenchmarkMatchRoute(b *testing.B) {
	router := optable.NewRouter(gen.Routes)
	for b.Loop() {
		if router.Match("DELETE", "/authorization/organizations/org_1/roles/admin/permissions/users:read") == nil {
			b.Fatal("got no route")
		}
	}
}

// Command deprecated uses a deprecated field of a request, of a response and of query parameters: a check runs
// staticcheck on it, which must report each.
package main

import (
	"fmt"

	"github.com/seed-f165d83c/workos/gen"
)

func main() {
	fmt.Println(gen.CreateOrganization{Name: "Acme", Domains: []string{"acme.example"}})
	fmt.Println(gen.Connection{}.Status)
	fmt.Println(gen.DirectoriesListParams{}.Domain)
}

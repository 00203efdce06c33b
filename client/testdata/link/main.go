// Command link is what a small program with the SDK links.
package main

import (
	"context"
	"fmt"

	workos "github.com/seed-f165d83c/workos/client"
)

func main() {
	c, err := workos.New("sk_test")
	if err != nil {
		fmt.Println(err)
		return
	}
	organization, err := c.Organizations.Get(context.Background(), "org_01")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(organization.Name)
}

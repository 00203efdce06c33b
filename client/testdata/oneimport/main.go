// Command oneimport needs one package of the SDK to set, clear and read fields.
package main

import (
	"context"
	"fmt"
	"os"

	workos "github.com/seed-f165d83c/workos/client"
)

func main() {
	c, err := workos.New("sk_test", workos.WithBaseURL(os.Args[1]))
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	created, err := c.UserManagement.Users.Create(ctx, workos.CreateUser{
		Email: "ada@example.com", FirstName: workos.Value("Ada"), LastName: workos.Null[string](),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	greet(&created.User)
	_, err = c.UserManagement.Invitations.List(ctx, &workos.UserManagementInvitationsListParams{
		Email: workos.Ptr(created.Email), Order: workos.Ptr(workos.SortOrderAsc),
	})
	fmt.Println(err)
}

func greet(user *workos.User) { fmt.Println("hello", user.ID) }

package main

import (
	"embed"
	"strings"

	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

//go:embed prompts
var promptTexts embed.FS

// prompts returns tasks that people start from their MCP client. The text of each is the template of its name.
func prompts() []serve.Prompt {
	organization := serve.PromptArgument{
		Name: "organization", Title: "Organization", Description: "Name or ID of the organization.",
		Operation: "organizations.get", Argument: "id",
	}
	name := organization
	name.Description, name.Operation, name.Required = "Name of the customer's organization.", "", true
	list := []serve.Prompt{
		{
			Name: "onboard_customer", Title: "Onboard a customer",
			Description: "Create an organization, invite its first admin and hand over the Admin Portal.",
			Arguments: []serve.PromptArgument{
				name,
				{Name: "domain", Title: "Email domain", Description: "Email domain of the customer, such as acme.com."},
				{Name: "admin_email", Title: "Admin", Description: "Email address of the first admin."},
				{
					Name: "setup", Title: "What the admin sets up",
					Description: "Task of the Admin Portal link, such as sso.",
					Operation:   "portal.generate_link.create", Argument: "intent",
				},
			},
		},
		{
			Name: "offboard_user", Title: "Offboard a user",
			Description: "End the access of a person who leaves: memberships and sessions, without deleting the user.",
			Arguments: []serve.PromptArgument{
				{
					Name: "user", Title: "User", Description: "Email address or ID of the user.", Required: true,
					Operation: "user_management.users.get", Argument: "id",
				},
				organization,
			},
		},
		{
			Name: "debug_sign_in", Title: "Debug a sign-in",
			Description: "Find out why a person cannot sign in, without changing anything.",
			Arguments: []serve.PromptArgument{
				{Name: "email", Title: "Email", Description: "Email address that cannot sign in.", Required: true},
				organization,
				{Name: "error", Title: "Error", Description: "What the person sees, as text."},
			},
		},
	}
	for i := range list {
		text, _ := promptTexts.ReadFile("prompts/" + list[i].Name + ".tmpl") // a prompt without a text is refused
		list[i].Text = strings.TrimSpace(string(text))
	}
	return list
}

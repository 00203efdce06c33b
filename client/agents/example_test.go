package agents_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/seed-f165d83c/workos/client/agents"
)

func ExampleBlueprint_Source() {
	blueprint := newBlueprint(&testing.T{}, &api{}) // agents.New(workos, "agent_blueprint_…")
	source := blueprint.Source(agents.Autonomous("org_01"), "nightly report")
	api := &http.Client{Transport: source.Transport(http.DefaultTransport)} // sends the token with each request
	_ = api

	token, err := source.Token(context.Background())
	fmt.Println(token.InstanceID, token.Permissions, err)
	// Output: agent_01 [posts:read] <nil>
}

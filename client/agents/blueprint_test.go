package agents_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/agents"
)

func TestEachGrantIsMinted(t *testing.T) {
	for name, tt := range map[string]struct {
		grant agents.Grant
		want  map[string]any
	}{
		"autonomous": {agents.Autonomous("org_01"),
			map[string]any{"type": "autonomous", "organization_id": "org_01", "intent": "report"}},
		"for a user": {agents.ForUser(userToken),
			map[string]any{"type": "user_delegated", "user_access_token": "user-token", "intent": "report"}},
		"for an agent": {agents.ForAgent(userToken),
			map[string]any{"type": "agent_delegated", "agent_access_token": "user-token", "intent": "report"}},
	} {
		server := &api{}
		token, err := newBlueprint(t, server).Mint(t.Context(), tt.grant, "report")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(server.bodies[0], tt.want) || server.paths[0] != "POST /agents/blueprints/agent_blueprint_01/tokens" {
			t.Errorf("%s: sent %v to %s, want %v", name, server.bodies[0], server.paths[0], tt.want)
		}
		if token.AccessToken != "access-1" || token.RefreshToken != "refresh-1" || token.InstanceID != "agent_01" ||
			token.SessionID != "agent_session_01" || len(token.Permissions) != 1 || time.Until(token.ExpiresAt) > time.Minute {
			t.Errorf("%s: got %#v", name, token)
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
			if text := fmt.Sprintf(verb, token); strings.Contains(text, "access-1") || strings.Contains(text, "refresh-1") {
				t.Errorf("%s: %s prints %s", name, verb, text)
			}
		}
	}
}

func TestImpossibleGrantSendsNothing(t *testing.T) {
	server := &api{}
	blueprint := newBlueprint(t, server)
	cause := errors.New("no session")
	for want, grant := range map[string]agents.Grant{
		"mint: grant must come from Autonomous, ForUser or ForAgent": {},
		"mint: organization ID is empty":                             agents.Autonomous(""),
		"mint: function that returns the token is nil":               agents.ForUser(nil),
		"mint: no session":                                           agents.ForAgent(func(context.Context) (string, error) { return "", cause }),
		"mint: token is empty":                                       agents.ForUser(func(context.Context) (string, error) { return "", nil }),
	} {
		if token, err := blueprint.Mint(t.Context(), grant, ""); token != nil || err == nil || err.Error() != "workos/agents: "+want {
			t.Errorf("got %v and %v, want %s", token, err, want)
		}
	}
	for _, token := range []*agents.Token{nil, {AccessToken: "a"}} {
		if _, err := blueprint.Refresh(t.Context(), token); !errors.Is(err, agents.ErrSessionEnded) {
			t.Errorf("refresh of %v: got %v, want ErrSessionEnded", token, err)
		}
	}
	if server.count() != 0 {
		t.Errorf("sent %v, want nothing", server.bodies)
	}
	if _, err := agents.New(nil, "x"); err == nil {
		t.Error("a nil client was accepted")
	}
	if _, err := agents.New(&client.Client{}, ""); err == nil {
		t.Error("an empty ID was accepted")
	}
}

// Who ended a session decides whether another may follow.
func TestEndedSessionIsFollowedOnlyIfNobodyEndedIt(t *testing.T) {
	for _, tt := range []struct {
		code    string
		grant   agents.Grant
		follows bool
	}{
		{"session_expired", agents.Autonomous("org_01"), true}, {"max_age_exceeded", agents.Autonomous("org_01"), true},
		{"invalid_refresh_token", agents.Autonomous("org_01"), true}, {"session_revoked", agents.Autonomous("org_01"), false},
		{"session_expired", agents.ForUser(userToken), false}, {"user_session_ended", agents.ForUser(userToken), false},
		{"session_revoked", agents.ForAgent(userToken), false},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := &api{}
			source := newBlueprint(t, server).Source(tt.grant, "")
			if _, err := source.Token(t.Context()); err != nil {
				t.Fatal(err)
			}
			server.set(map[string]any{"code": tt.code, "message": "x"}, false)
			time.Sleep(time.Minute)
			token, err := source.Token(t.Context())
			if tt.follows {
				if err != nil || token.AccessToken != "access-3" {
					t.Errorf("%s: got %v and %v, want a token of another session", tt.code, token, err)
				}
				return
			}
			if token != nil || !errors.Is(err, agents.ErrSessionEnded) {
				t.Errorf("%s: got %v and %v, want ErrSessionEnded", tt.code, token, err)
			}
			before := server.count()
			time.Sleep(time.Hour)
			if _, err := source.Token(t.Context()); !errors.Is(err, agents.ErrSessionEnded) || server.count() != before {
				t.Errorf("%s, later: got %v after %d calls, want ErrSessionEnded and none", tt.code, err, server.count()-before)
			}
		})
	}
}

func TestSessionIsRevoked(t *testing.T) {
	server := &api{}
	if err := newBlueprint(t, server).Revoke(t.Context(), "agent_session_01"); err != nil ||
		server.paths[0] != "POST /agents/sessions/agent_session_01/revoke" {
		t.Errorf("got %v after %v", err, server.paths)
	}
	server.set(nil, true)
	if err := newBlueprint(t, server).Revoke(t.Context(), "agent_session_01"); err == nil {
		t.Error("a failure was not reported")
	}
}

package agents

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/client/authkit"
)

// ErrNotAgent means that a token is authentic, but no agent presents it.
var ErrNotAgent = errors.New("token is of no agent")

const agentPrefix = "agent_"

// Identity says which agent presents a token, and for whom.
type Identity struct {
	// AgentID, "agent_…", is the agent that acts.
	AgentID string
	// UserID, "user_…", is the user that it acts for; "" if it acts on its own.
	UserID string
	// Via are the agents that passed the task on, the latest first. They are history: decide by AgentID.
	Via []string
	// Claims are all claims: organization, session, permissions, time.
	Claims *authkit.Claims
}

// HasPermission reports whether the agent has the permission with that slug.
func (i *Identity) HasPermission(slug string) bool { return i.Claims.HasPermission(slug) }

// Verify returns who presents an access token. The verifier decides by signature, issuer, audience and time, without a
// call (see [authkit.Verifier.Verify], whose errors it returns); the agent is the actor of the token ("act", RFC 8693
// section 4.1), or its subject if there is no actor. The error wraps [ErrNotAgent] if that is not an agent.
func Verify(ctx context.Context, verifier *authkit.Verifier, accessToken string) (*Identity, error) {
	claims, err := verifier.Verify(ctx, accessToken)
	if err != nil {
		return nil, fmt.Errorf("workos/agents: verify: %w", err)
	}
	chain := claims.Actor.Chain()
	if len(chain) == 0 {
		chain = []string{claims.UserID}
	}
	if slices.ContainsFunc(chain, func(subject string) bool { return !strings.HasPrefix(subject, agentPrefix) }) {
		return nil, fmt.Errorf("workos/agents: verify: %w: it is %.200q", ErrNotAgent, chain)
	}
	identity := &Identity{AgentID: chain[0], Via: chain[1:], Claims: claims}
	if !strings.HasPrefix(claims.UserID, agentPrefix) {
		identity.UserID = claims.UserID
	}
	return identity, nil
}

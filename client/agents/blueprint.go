package agents

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-f165d83c/workos/client"
)

// ErrSessionEnded means that an agent's session was revoked or has expired, or that the session of its user has ended.
var ErrSessionEnded = errors.New("session of the agent has ended")

// Blueprint mints tokens of the agents of one blueprint. It is immutable and safe for concurrent use.
type Blueprint struct {
	workos *client.Client
	id     string
}

// New returns the blueprint with that ID, "agent_blueprint_…". It sends nothing.
func New(workos *client.Client, blueprintID string) (*Blueprint, error) {
	switch {
	case workos == nil:
		return nil, errors.New("workos/agents: client is nil")
	case blueprintID == "":
		return nil, errors.New("workos/agents: blueprint ID is empty")
	}
	return &Blueprint{workos, blueprintID}, nil
}

// Grant says for whom an agent acts. Create it with [Autonomous], [ForUser] or [ForAgent].
type Grant struct {
	body func(ctx context.Context, intent *string) (client.CreateAgentToken, error)
	// renewable reports whether a new session may replace one that expired, without asking anybody.
	renewable bool
}

// Autonomous lets the agent act on its own in an organization, "org_…".
func Autonomous(organizationID string) Grant {
	return Grant{func(_ context.Context, intent *string) (client.CreateAgentToken, error) {
		if organizationID == "" {
			return client.CreateAgentToken{}, errors.New("organization ID is empty")
		}
		return client.CreateAgentTokenFrom(client.CreateAutonomousAgentToken{
			OrganizationID: organizationID, Intent: intent,
		}), nil
	}, true}
}

// ForUser lets the agent act for a user. userToken returns a valid access token of the user's session, such as that of
// authkit.SessionFrom; it is called when a token is minted, not when it is refreshed.
func ForUser(userToken func(context.Context) (string, error)) Grant {
	return Grant{func(ctx context.Context, intent *string) (client.CreateAgentToken, error) {
		token, err := present(ctx, userToken)
		return client.CreateAgentTokenFrom(client.CreateUserDelegatedAgentToken{UserAccessToken: token, Intent: intent}), err
	}, false}
}

// ForAgent lets the agent act for another agent, whose valid access token agentToken returns.
func ForAgent(agentToken func(context.Context) (string, error)) Grant {
	return Grant{func(ctx context.Context, intent *string) (client.CreateAgentToken, error) {
		token, err := present(ctx, agentToken)
		body := client.CreateAgentDelegatedAgentToken{AgentAccessToken: token, Intent: intent}
		return client.CreateAgentTokenFrom(body), err
	}, false}
}

func present(ctx context.Context, from func(context.Context) (string, error)) (string, error) {
	if from == nil {
		return "", errors.New("function that returns the token is nil")
	}
	token, err := from(ctx)
	if err == nil && token == "" {
		err = errors.New("token is empty")
	}
	return token, err
}

// Mint returns a token of a new session. intent is the reason for the audit log, up to 255 characters; "" for none.
func (b *Blueprint) Mint(ctx context.Context, grant Grant, intent string) (*Token, error) {
	if grant.body == nil {
		return nil, errors.New("workos/agents: mint: grant must come from Autonomous, ForUser or ForAgent")
	}
	body, err := grant.body(ctx, optional(intent))
	if err != nil {
		return nil, fmt.Errorf("workos/agents: mint: %w", err)
	}
	token, err := b.create(ctx, body)
	if err != nil {
		return nil, fmt.Errorf("workos/agents: mint: %w", err)
	}
	return token, nil
}

// Refresh returns the next token of a session. It spends the refresh token: use a [Source] where several goroutines
// share one. [ErrSessionEnded] means that the session cannot continue.
func (b *Blueprint) Refresh(ctx context.Context, token *Token) (*Token, error) {
	if token == nil || token.RefreshToken == "" {
		return nil, fmt.Errorf("workos/agents: refresh: %w: no refresh token", ErrSessionEnded)
	}
	next, err := b.create(ctx, client.CreateAgentTokenFrom(client.RefreshAgentToken{RefreshToken: token.RefreshToken}))
	var failure *client.Error
	if errors.As(err, &failure) && endsSession(failure.Code) {
		err = fmt.Errorf("%w: %w", ErrSessionEnded, err)
	}
	if err != nil {
		return nil, fmt.Errorf("workos/agents: refresh: %w", err)
	}
	next.RefreshToken = cmp.Or(next.RefreshToken, token.RefreshToken)
	return next, nil
}

const codeRevoked = "session_revoked"

func endsSession(code string) bool {
	return slices.Contains([]string{
		codeRevoked, "session_expired", "user_session_ended", "max_age_exceeded", "invalid_refresh_token",
	}, code)
}

func (b *Blueprint) create(ctx context.Context, body client.CreateAgentToken) (*Token, error) {
	sent := time.Now() // so that a slow response makes no token appear longer-lived
	got, err := b.workos.Agents.Blueprints.Tokens.Create(ctx, b.id, body)
	if err != nil {
		return nil, err
	}
	if got.AccessToken == "" || got.ExpiresIn <= 0 {
		return nil, errors.New("response has no access token, or one without a lifetime")
	}
	return newToken(Token{
		AccessToken: got.AccessToken, RefreshToken: got.RefreshToken, InstanceID: got.AgentInstanceID,
		SessionID: got.AgentInstanceSessionID, Permissions: got.Permissions,
	}, time.Duration(got.ExpiresIn)*time.Second, sent), nil
}

// Source returns a source of tokens of one session, which the first call of [Source.Token] mints. If an autonomous
// session expires, the source mints another one. A session that was revoked, or one for a user or another agent, is not
// followed by another, because somebody ended it or must consent again: then each call returns [ErrSessionEnded].
func (b *Blueprint) Source(grant Grant, intent string) *Source {
	revoked := error(nil) // read and written by one exchange at a time
	return &Source{fetch: func(ctx context.Context, old *Token) (*Token, error) {
		if revoked != nil {
			return nil, revoked
		}
		if old == nil {
			return b.Mint(ctx, grant, intent)
		}
		next, err := b.Refresh(ctx, old)
		if !errors.Is(err, ErrSessionEnded) {
			return next, err
		}
		var failure *client.Error
		if grant.renewable && errors.As(err, &failure) && failure.Code != codeRevoked {
			return b.Mint(ctx, grant, intent)
		}
		revoked = err
		return nil, err
	}}
}

// Validate asks WorkOS about a token: whether it is of this blueprint and its session goes on. [Verify] makes no call,
// but notices a revocation only when the token has expired.
func (b *Blueprint) Validate(ctx context.Context, accessToken string) (*client.AgentTokenValidation, error) {
	found, err := b.workos.Agents.Blueprints.Tokens.Validate(ctx, b.id, client.ValidateAgentToken{
		AgentAccessToken: accessToken,
	})
	if err != nil {
		return nil, fmt.Errorf("workos/agents: validate: %w", err)
	}
	return found, nil
}

// Revoke ends a session, [Token.SessionID]. Its access tokens remain valid for those who verify them without a call,
// until they expire.
func (b *Blueprint) Revoke(ctx context.Context, sessionID string) error {
	if _, err := b.workos.Agents.Sessions.Revoke(ctx, sessionID); err != nil {
		return fmt.Errorf("workos/agents: revoke: %w", err)
	}
	return nil
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen"
)

// ErrMalformedAction means that a verified body is not an action request.
var ErrMalformedAction = errors.New("malformed action")

// ActionVerifier verifies action requests and signs the responses. It is safe for concurrent use and prints no secret.
// Create it with [NewActionVerifier]; the zero value rejects every request.
type ActionVerifier struct{ verifier Verifier }

// NewActionVerifier returns a verifier for the secret of an action endpoint. It is like [NewVerifier], with a default
// tolerance of 30 seconds.
func NewActionVerifier(secret string, opts ...Option) (*ActionVerifier, error) {
	v, err := newVerifier(secret, actionTolerance, opts)
	if err != nil {
		return nil, fmt.Errorf("workos/webhook: %w", err)
	}
	return &ActionVerifier{*v}, nil
}

// Verify checks the signature of a body without decoding it, like [Verifier.Verify].
func (v *ActionVerifier) Verify(body []byte, header string) error {
	if _, err := v.verifier.verify(body, header); err != nil {
		return fmt.Errorf("workos/webhook: %w", err)
	}
	return nil
}

// Action verifies a request and decodes it. The error wraps [ErrMalformedAction] if the body is not an action request.
func (v *ActionVerifier) Action(body []byte, header string) (*Action, error) {
	a, _, err := v.action(body, header)
	return a, err
}

func (v *ActionVerifier) action(body []byte, header string) (*Action, accepted, error) {
	request, err := v.verifier.verify(body, header)
	if err != nil {
		return nil, accepted{}, fmt.Errorf("workos/webhook: %w", err)
	}
	a := &Action{signer: request.signer, now: v.verifier.now}
	if err := a.decode(body); err != nil {
		return nil, accepted{}, fmt.Errorf("workos/webhook: %w: %w", ErrMalformedAction, err)
	}
	return a, request, nil
}

// Action asks whether a user may sign in or register. [Action.Allow] and [Action.Deny] return the response.
type Action struct { //nolint:recvcheck // a copy must not log its content either
	// ID identifies the request.
	ID string
	// Object is the type of action: "authentication_action_context", "user_registration_action_context", or a type that
	// this version does not know.
	Object string
	// Authentication is set if the user signs in.
	Authentication *AuthenticationAction
	// UserRegistration is set if the user registers.
	UserRegistration *UserRegistrationAction
	// Raw is the request as received.
	Raw json.RawMessage

	signer key
	now    func() time.Time
}

// LogValue returns ID and object as a group, without the rest, which has personal data and the token of an invitation.
func (a Action) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", a.ID), slog.String("object", a.Object))
}

// AuthenticationAction describes a user who signs in.
type AuthenticationAction struct {
	ActionClient

	User gen.User `json:"user"`
	// Organization and OrganizationMembership are nil if the user signs in without an organization.
	Organization           *gen.Organization           `json:"organization"`
	OrganizationMembership *gen.OrganizationMembership `json:"organization_membership"`
	// Issuer is the identity provider; nil if the request has none.
	Issuer *string `json:"issuer"`
}

// UserRegistrationAction describes a user who registers.
type UserRegistrationAction struct {
	ActionClient

	UserData ActionUserData `json:"user_data"`
	// Invitation is the invitation that the user accepts; nil if there is none.
	Invitation *gen.Invitation `json:"invitation"`
}

// ActionUserData is the data of a registration, from the user or an identity provider.
type ActionUserData struct {
	Email     string  `json:"email"`
	Name      *string `json:"name"`
	FirstName *string `json:"first_name"`
	LastName  *string `json:"last_name"`
}

// ActionClient describes the user's client. Unknown values are nil.
type ActionClient struct {
	// AuthenticationMethod is a method such as "Password" or "GoogleOAuth".
	AuthenticationMethod *string `json:"authentication_method"`
	IPAddress            *string `json:"ip_address"`
	UserAgent            *string `json:"user_agent"`
	DeviceFingerprint    *string `json:"device_fingerprint"`
}

const (
	contextSuffix        = "_action_context"
	responseSuffix       = "_action_response"
	authenticationObject = "authentication" + contextSuffix
	registrationObject   = "user_registration" + contextSuffix
)

func (a *Action) decode(body []byte) error {
	var head struct {
		ID     string `json:"id"`
		Object string `json:"object"`
	}
	if err := json.Unmarshal(body, &head); err != nil {
		return err //nolint:wrapcheck // Action names the operation
	}
	if !strings.HasSuffix(head.Object, contextSuffix) {
		return errors.New("object is not the context of an action")
	}
	a.ID, a.Object, a.Raw = head.ID, head.Object, append(json.RawMessage(nil), body...)
	var into any
	switch head.Object {
	case authenticationObject:
		a.Authentication = new(AuthenticationAction)
		into = a.Authentication
	case registrationObject:
		a.UserRegistration = new(UserRegistrationAction)
		into = a.UserRegistration
	default:
		return nil
	}
	return json.Unmarshal(body, into) //nolint:wrapcheck // Action names the operation
}

package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen"
)

// ErrMalformedAction is what errors.Is finds where a verified body is no action request.
var ErrMalformedAction = errors.New("malformed action")

// ActionVerifier tells action requests of WorkOS from forgeries, and signs the answers. It is safe for concurrent use,
// and prints no secret. [NewActionVerifier] makes it: the zero value refuses everything.
type ActionVerifier struct{ verifier Verifier }

// NewActionVerifier returns a verifier for the secret of an action endpoint. It is as [NewVerifier], with a tolerance
// of 30 seconds unless [WithTolerance] sets another.
func NewActionVerifier(secret string, opts ...Option) (*ActionVerifier, error) {
	v, err := newVerifier(secret, actionTolerance, opts)
	if err != nil {
		return nil, fmt.Errorf("workos action: %w", err)
	}
	return &ActionVerifier{*v}, nil
}

// Verify checks the header for a body without looking into it, as [Verifier.Verify] does.
func (v *ActionVerifier) Verify(body []byte, header string) error {
	if _, err := v.verifier.verify(body, header); err != nil {
		return fmt.Errorf("workos action: %w", err)
	}
	return nil
}

// Action verifies a request and decodes it. A body that is no action request has an error that wraps
// [ErrMalformedAction].
func (v *ActionVerifier) Action(body []byte, header string) (*Action, error) {
	signer, err := v.verifier.verify(body, header)
	if err != nil {
		return nil, fmt.Errorf("workos action: %w", err)
	}
	a := &Action{signer: signer, now: v.verifier.now}
	if err := a.decode(body); err != nil {
		return nil, fmt.Errorf("workos action: %w: %w", ErrMalformedAction, err)
	}
	return a, nil
}

// Action is a question of WorkOS that waits for an answer: may this user sign in, or register? [Action.Allow] and
// [Action.Deny] make the answer.
type Action struct {
	// ID is the request's own.
	ID string
	// Object tells which action it is: "authentication_action_context", "user_registration_action_context", or one
	// that this version does not know.
	Object string
	// Authentication is set if the action is a sign-in.
	Authentication *AuthenticationAction
	// UserRegistration is set if the action is a registration.
	UserRegistration *UserRegistrationAction
	// Raw is the request as it came.
	Raw json.RawMessage

	signer key
	now    func() time.Time
}

// AuthenticationAction is what is known of a user who is about to sign in.
type AuthenticationAction struct {
	ActionClient

	User gen.User `json:"user"`
	// Organization and OrganizationMembership are nil if the user signs in to none.
	Organization           *gen.Organization           `json:"organization"`
	OrganizationMembership *gen.OrganizationMembership `json:"organization_membership"`
	// Issuer is who vouches for the user; nil if the request has none.
	Issuer *string `json:"issuer"`
}

// UserRegistrationAction is what is known of a user who is about to be created.
type UserRegistrationAction struct {
	ActionClient

	UserData ActionUserData `json:"user_data"`
	// Invitation is the one that the user follows, nil if none.
	Invitation *gen.Invitation `json:"invitation"`
}

// ActionUserData is what a user has entered, or a provider told, for registration.
type ActionUserData struct {
	Email     string  `json:"email"`
	Name      *string `json:"name"`
	FirstName *string `json:"first_name"`
	LastName  *string `json:"last_name"`
}

// ActionClient is how and from where the user comes; what is not known is nil.
type ActionClient struct {
	// AuthenticationMethod is such as "Password" or "GoogleOAuth".
	AuthenticationMethod *string `json:"authentication_method"`
	IPAddress            *string `json:"ip_address"`
	UserAgent            *string `json:"user_agent"`
	DeviceFingerprint    *string `json:"device_fingerprint"`
}

const (
	contextSuffix        = "_action_context"
	answerSuffix         = "_action_response"
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
		return errors.New("its object is not the context of an action")
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

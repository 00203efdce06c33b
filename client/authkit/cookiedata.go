package authkit

import (
	"cmp"
	"encoding/json"
	"errors"
	"time"

	"github.com/seed-f165d83c/workos/gen"
)

// cookieSession is the session in a cookie, with the camel-case names of the other AuthKit SDKs. It also reads the
// names of the official Go SDK.
type cookieSession struct {
	OrganizationID       string                   `json:"organizationId,omitempty"`
	User                 *cookieUser              `json:"user,omitempty"`
	AccessToken          string                   `json:"accessToken,omitempty"`
	RefreshToken         string                   `json:"refreshToken,omitempty"`
	AuthenticationMethod gen.AuthenticationMethod `json:"authenticationMethod,omitempty"`
	Impersonator         *gen.Impersonator        `json:"impersonator,omitempty"`

	GoAccessToken  string `json:"access_token,omitempty"`
	GoRefreshToken string `json:"refresh_token,omitempty"`
}

// cookieUser is gen.User under other names. Both are read.
type cookieUser struct {
	Object            string            `json:"object"`
	ID                string            `json:"id"`
	Email             string            `json:"email"`
	EmailVerified     bool              `json:"emailVerified"`
	Name              *string           `json:"name"`
	FirstName         *string           `json:"firstName"`
	ProfilePictureURL *string           `json:"profilePictureUrl"`
	LastName          *string           `json:"lastName"`
	LastSignInAt      *millis           `json:"lastSignInAt"`
	Locale            *string           `json:"locale,omitempty"`
	CreatedAt         millis            `json:"createdAt"`
	UpdatedAt         millis            `json:"updatedAt"`
	ExternalID        *string           `json:"externalId"`
	Metadata          map[string]string `json:"metadata"`
}

// millis is a time in the API's form: UTC with three decimals.
type millis time.Time

// MarshalText writes the time.
func (m millis) MarshalText() ([]byte, error) {
	at := time.Time(m).UTC()
	return at.AppendFormat(nil, "2006-01-02T15:04:05.000Z"), checkYear(at)
}

// checkYear rejects years that RFC 3339 cannot express.
func checkYear(at time.Time) error {
	if at.Year() < 0 || at.Year() > 9999 {
		return errors.New("year is not one of four digits")
	}
	return nil
}

// UnmarshalText reads the time with any number of decimals. An empty text is the zero time.
func (m *millis) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = millis{}
		return nil
	}
	if err := (*time.Time)(m).UnmarshalText(text); err != nil {
		return err //nolint:wrapcheck // encoding/json adds where it stands
	}
	return checkYear(time.Time(*m).UTC())
}

// UnmarshalJSON reads the user under the names of either SDK.
func (u *cookieUser) UnmarshalJSON(data []byte) error {
	type plain cookieUser // without this method
	if err := json.Unmarshal(data, (*plain)(u)); err != nil {
		return err //nolint:wrapcheck // it is already what encoding/json says
	}
	var snake struct {
		EmailVerified     bool    `json:"email_verified"`
		FirstName         *string `json:"first_name"`
		LastName          *string `json:"last_name"`
		ProfilePictureURL *string `json:"profile_picture_url"`
		LastSignInAt      *millis `json:"last_sign_in_at"`
		CreatedAt         millis  `json:"created_at"`
		UpdatedAt         millis  `json:"updated_at"`
		ExternalID        *string `json:"external_id"`
	}
	if err := json.Unmarshal(data, &snake); err != nil {
		return err //nolint:wrapcheck // it is already what encoding/json says
	}
	u.EmailVerified = u.EmailVerified || snake.EmailVerified
	u.FirstName = cmp.Or(u.FirstName, snake.FirstName)
	u.LastName = cmp.Or(u.LastName, snake.LastName)
	u.ProfilePictureURL = cmp.Or(u.ProfilePictureURL, snake.ProfilePictureURL)
	u.LastSignInAt = cmp.Or(u.LastSignInAt, snake.LastSignInAt)
	u.ExternalID = cmp.Or(u.ExternalID, snake.ExternalID)
	if time.Time(u.CreatedAt).IsZero() {
		u.CreatedAt = snake.CreatedAt
	}
	if time.Time(u.UpdatedAt).IsZero() {
		u.UpdatedAt = snake.UpdatedAt
	}
	return nil
}

func toCookie(s *Session) *cookieSession {
	c := &cookieSession{
		OrganizationID: s.OrganizationID, AccessToken: s.AccessToken, RefreshToken: s.RefreshToken,
		AuthenticationMethod: s.AuthenticationMethod, Impersonator: s.Impersonator,
	}
	if u := s.User; u != nil {
		c.User = &cookieUser{
			Object: u.Object, ID: u.ID, Email: u.Email, EmailVerified: u.EmailVerified, Name: u.Name,
			FirstName: u.FirstName, ProfilePictureURL: u.ProfilePictureURL, LastName: u.LastName,
			LastSignInAt: (*millis)(u.LastSignInAt), Locale: u.Locale, CreatedAt: millis(u.CreatedAt),
			UpdatedAt: millis(u.UpdatedAt), ExternalID: u.ExternalID, Metadata: u.Metadata,
		}
		if c.User.Metadata == nil {
			c.User.Metadata = map[string]string{}
		}
	}
	return c
}

func (c *cookieSession) session() *Session {
	s := &Session{
		OrganizationID: c.OrganizationID, AccessToken: cmp.Or(c.AccessToken, c.GoAccessToken),
		RefreshToken:         cmp.Or(c.RefreshToken, c.GoRefreshToken),
		AuthenticationMethod: c.AuthenticationMethod, Impersonator: c.Impersonator,
	}
	if u := c.User; u != nil {
		s.User = &gen.User{
			Object: u.Object, ID: u.ID, Email: u.Email, EmailVerified: u.EmailVerified, Name: u.Name,
			FirstName: u.FirstName, ProfilePictureURL: u.ProfilePictureURL, LastName: u.LastName,
			LastSignInAt: (*time.Time)(u.LastSignInAt), Locale: u.Locale, CreatedAt: time.Time(u.CreatedAt),
			UpdatedAt: time.Time(u.UpdatedAt), ExternalID: u.ExternalID, Metadata: u.Metadata,
		}
	}
	return s
}

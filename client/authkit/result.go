package authkit

import (
	"encoding/json"
	"errors"
	"fmt"
)

// result is the result of an exchange as processes share it. Unlike a cookie it has everything that a session has.
type result struct {
	Session *cookieSession `json:"session,omitempty"`
	OAuth   *resultOAuth   `json:"oauth,omitempty"`
	Code    string         `json:"code,omitempty"`
	Ended   string         `json:"ended,omitempty"` // why the session has ended
}

// resultOAuth is OAuthTokens with its secrets.
type resultOAuth struct {
	OAuthTokens

	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
}

func encodeResult(session *Session, ended error) ([]byte, error) {
	var r result
	if ended != nil {
		r.Ended = ended.Error()
	} else {
		r.Session, r.Code = toCookie(session), session.AuthKitAuthorizationCode
		if t := session.OAuthTokens; t != nil {
			r.OAuth = &resultOAuth{*t, t.AccessToken, t.RefreshToken}
		}
	}
	data, err := json.Marshal(r) // the tokens are what is to be sealed
	if err != nil {
		return nil, errors.New("result of an exchange does not encode") // the cause could quote a token
	}
	return data, nil
}

func decodeResult(data []byte) (*Session, error) {
	var r result
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("%w: result of an exchange: %s", ErrStateUnavailable, jsonFault(err))
	}
	if r.Session == nil {
		return nil, &endedError{r.Ended}
	}
	session := r.Session.session()
	session.AuthKitAuthorizationCode = r.Code
	if t := r.OAuth; t != nil {
		session.OAuthTokens = &t.OAuthTokens
		session.OAuthTokens.AccessToken, session.OAuthTokens.RefreshToken = t.AccessToken, t.RefreshToken
	}
	return session, nil
}

// endedError is an [ErrSessionEnded] of another call, whose text it has.
type endedError struct{ text string }

func (e *endedError) Error() string { return e.text }
func (*endedError) Unwrap() error   { return ErrSessionEnded }

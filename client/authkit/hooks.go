package authkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// signInHook is the application's part of a sign-in.
type signInHook struct {
	begin func(*http.Request) (json.RawMessage, error)
	done  func(http.ResponseWriter, *http.Request, *Session, json.RawMessage) error
}

func noHook() signInHook {
	return signInHook{
		begin: func(*http.Request) (json.RawMessage, error) { return nil, nil },
		done:  func(http.ResponseWriter, *http.Request, *Session, json.RawMessage) error { return nil },
	}
}

// WithOnSignIn calls signedIn when [Sessions.Callback] has a verified session, before it sets the cookie, for example
// to create the user's account or to store [Session.OAuthTokens], which the cookie omits. An error ends the sign-in:
// [WithErrorHandler] handles it. If the browser loses the response and loads the callback again, signedIn is called
// again.
//
// begin, unless nil, returns a value of the application when a sign-in begins, such as a plan that the visitor chose.
// signedIn gets it back; the sign-in's cookie contains it meanwhile, sealed, as JSON: some hundred bytes, because what
// does not fit into one cookie is an [ErrCookieSize]. Without begin it is the zero value.
func WithOnSignIn[T any](begin func(*http.Request) (T, error),
	signedIn func(w http.ResponseWriter, r *http.Request, session *Session, state T) error,
) SessionsOption {
	return func(s *Sessions) error {
		if signedIn == nil {
			return errors.New("WithOnSignIn: function is nil")
		}
		if begin != nil {
			s.hook.begin = func(r *http.Request) (json.RawMessage, error) {
				state, err := begin(r)
				if err != nil {
					return nil, err
				}
				return json.Marshal(state) // the caller says what it is
			}
		}
		s.hook.done = func(w http.ResponseWriter, r *http.Request, session *Session, data json.RawMessage) error {
			var state T
			if data != nil {
				if err := json.Unmarshal(data, &state); err != nil {
					return fmt.Errorf("state: %w", err)
				}
			}
			return signedIn(w, r, session, state)
		}
		return nil
	}
}

// WithOnRefresh calls refreshed for each request that refreshed its session, after the cookie is set and the new access
// token is verified. Other requests that share the refresh do not call it. An error fails the request (see
// [WithErrorHandler]); the session remains.
func WithOnRefresh(refreshed func(w http.ResponseWriter, r *http.Request, session *Session) error) SessionsOption {
	return func(s *Sessions) error {
		if refreshed == nil {
			return errors.New("WithOnRefresh: function is nil")
		}
		s.onRefresh = refreshed
		return nil
	}
}

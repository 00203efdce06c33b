package authkit_test

import (
	"encoding/base64"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
)

// verifyWith verifies a token of a key ID, and returns how long that took.
func verifyWith(t *testing.T, kit *authkit.Client, id string) (time.Duration, error) {
	t.Helper()
	start := time.Now()
	got, err := kit.VerifyAccessToken(t.Context(), signingKey{id, newKeys()[0].private}.sign(t, claims(nil)))
	if (got == nil) != (err != nil) {
		t.Errorf("got %v and %v, want claims or an error", got, err)
	}
	return time.Since(start), err
}

func TestAgeOfTheKeysDecidesWhoWaits(t *testing.T) {
	for _, tt := range []struct {
		age    time.Duration
		fail   error
		waits  bool
		counts int32 // fetches, with the first
		want   error
	}{
		{0, nil, false, 1, nil},
		{time.Hour - 1, nil, false, 1, nil},
		{time.Hour, nil, false, 2, nil},
		{time.Hour + 1, nil, false, 2, nil},
		{2*time.Hour - 1, nil, false, 2, nil},
		{2 * time.Hour, nil, true, 2, nil},
		{2*time.Hour + 1, nil, true, 2, nil},
		{24 * time.Hour, nil, true, 2, nil},
		{time.Hour, errors.New("down"), false, 2, nil},
		{2 * time.Hour, errors.New("down"), true, 2, nil},
		{24*time.Hour - 1, errors.New("down"), true, 2, nil},
		{24 * time.Hour, errors.New("down"), true, 2, authkit.ErrKeysUnavailable},
		{24*time.Hour + 1, errors.New("down"), true, 2, authkit.ErrKeysUnavailable},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := &jwks{keys: jwkSet(newKeys()[0]), delay: time.Second}
			kit := newClient(t, server)
			if took, err := verifyWith(t, kit, "key_1"); err != nil || took != time.Second {
				t.Fatalf("first: took %v with %v, want the fetch's second", took, err)
			}
			time.Sleep(tt.age)
			server.setFailure(tt.fail)
			took, err := verifyWith(t, kit, "key_1")
			if took != 0 != tt.waits || !errors.Is(err, tt.want) || tt.want == nil && err != nil {
				t.Errorf("after %v (%v): took %v with %v, want to wait: %t, %v", tt.age, tt.fail, took, err, tt.waits, tt.want)
			}
			time.Sleep(2 * time.Second) // until a fetch in the background is over
			synctest.Wait()
			if got := server.count.Load(); got != tt.counts {
				t.Errorf("after %v (%v): fetched %d times, want %d", tt.age, tt.fail, got, tt.counts)
			}
		})
	}
}

func TestFetchesOfTheKeysPause(t *testing.T) {
	for _, tt := range []struct {
		name  string
		first bool          // whether the keys were fetched before
		age   time.Duration // until the next fetch
		fail  error         // of the next fetch
		pause time.Duration
		want  error // within the pause
	}{
		{"after a success", false, 0, nil, 30 * time.Second, authkit.ErrKeysUnavailable},
		{"after a failure without keys", false, 0, errors.New("down"), time.Second, authkit.ErrKeysUnavailable},
		{"after a failure with keys", true, 31 * time.Second, errors.New("down"), 30 * time.Second,
			authkit.ErrKeysUnavailable},
		{"after a failure with keys too old", true, 25 * time.Hour, errors.New("down"), 30 * time.Second,
			authkit.ErrKeysUnavailable},
	} {
		for _, offset := range []time.Duration{0, 1, tt.pause - 1, tt.pause, tt.pause + 1} {
			synctest.Test(t, func(t *testing.T) {
				server := &jwks{keys: jwkSet(newKeys()[0]), delay: time.Millisecond}
				kit := newClient(t, server)
				if tt.first {
					if _, err := verifyWith(t, kit, "key_1"); err != nil {
						t.Fatalf("%s: first: %v", tt.name, err)
					}
				}
				time.Sleep(tt.age)
				server.setFailure(tt.fail)
				fetched := tt.want // by a fetch
				if tt.fail == nil {
					fetched = authkit.ErrTokenKey
				}
				if _, err := verifyWith(t, kit, "unknown"); !errors.Is(err, fetched) {
					t.Errorf("%s: got %v, want %v", tt.name, err, fetched)
				}
				before := server.count.Load()
				time.Sleep(offset)
				took, err := verifyWith(t, kit, "unknown")
				fetches, want := offset >= tt.pause, tt.want
				if fetches {
					want = fetched
				}
				if !errors.Is(err, want) || took != 0 != fetches || server.count.Load() != before+1 && fetches ||
					server.count.Load() != before && !fetches {
					t.Errorf("%s, %v later: took %v with %v and %d fetches, want a fetch: %t, %v", tt.name, offset, took, err,
						server.count.Load()-before, fetches, want)
				}
			})
		}
	}
}

// A fetch in the background is not begun again while keys are good and the API is down.
func TestFailedFetchInTheBackgroundPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &jwks{keys: jwkSet(newKeys()[0])}
		kit := newClient(t, server)
		verify := func(after time.Duration, fetches int32) {
			t.Helper()
			time.Sleep(after)
			if took, err := verifyWith(t, kit, "key_1"); err != nil || took != 0 {
				t.Errorf("took %v with %v, want success at once", took, err)
			}
			synctest.Wait()
			if got := server.count.Load(); got != fetches {
				t.Errorf("fetched %d times, want %d", got, fetches)
			}
		}
		verify(0, 1)
		server.setFailure(errors.New("down"))
		verify(time.Hour, 2)
		verify(30*time.Second-1, 2)
		verify(1, 3)
		server.setFailure(nil)
		verify(30*time.Second, 4)
		verify(time.Hour-1, 4)
		verify(1, 5)
	})
}

func TestFetchEndsAfterTenSeconds(t *testing.T) {
	for delay, want := range map[time.Duration]error{
		10*time.Second - 1: nil, 10*time.Second + 1: authkit.ErrKeysUnavailable,
	} {
		synctest.Test(t, func(t *testing.T) {
			kit := newClient(t, &jwks{keys: jwkSet(newKeys()[0]), delay: delay})
			took, err := verifyWith(t, kit, "key_1")
			if !errors.Is(err, want) || want == nil && err != nil || took != min(delay, 10*time.Second) {
				t.Errorf("a fetch of %v: took %v with %v, want %v", delay, took, err, want)
			}
		})
	}
}

// Others can have every fetch happen for key IDs that they make up. Who has the token of a key that is gone must still
// learn to sign in again, and who has one of a new key must not.
func TestTokenOfAKeyThatIsGoneIsRefusedWhateverOthersSend(t *testing.T) {
	for _, tt := range []struct {
		issued any // seconds before the last fetch
		want   error
	}{
		{61, authkit.ErrTokenKey}, {3600, authkit.ErrTokenKey}, {60, authkit.ErrKeysUnavailable},
		{0, authkit.ErrKeysUnavailable}, {-20, authkit.ErrKeysUnavailable}, {nil, authkit.ErrKeysUnavailable},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := &jwks{keys: jwkSet(newKeys()[0])}
			kit := newClient(t, server)
			changes := map[string]any{"iat": nil, "exp": time.Now().Add(time.Hour).Unix()}
			if seconds, ok := tt.issued.(int); ok {
				changes["iat"] = time.Now().Unix() - int64(seconds)
			}
			token := signingKey{"gone", newKeys()[1].private}.sign(t, claims(changes))
			if _, err := verifyWith(t, kit, "made up"); !errors.Is(err, authkit.ErrTokenKey) {
				t.Fatalf("the first: got %v, want ErrTokenKey after a fetch", err)
			}
			time.Sleep(10 * time.Second)
			if got, err := kit.VerifyAccessToken(t.Context(), token); got != nil || !errors.Is(err, tt.want) {
				t.Errorf("issued %v s before the fetch: got %v and %v, want %v", tt.issued, got, err, tt.want)
			}
			server.setFailure(errors.New("down"))
			time.Sleep(time.Minute)
			if _, err := kit.VerifyAccessToken(t.Context(), token); !errors.Is(err, authkit.ErrKeysUnavailable) {
				t.Errorf("issued %v s before the fetch, and then the API is down: got %v, want ErrKeysUnavailable", tt.issued, err)
			}
			if n := server.count.Load(); n != 2 {
				t.Errorf("fetched %d times, want twice", n)
			}
		})
	}
}

// What no key can make a token is refused at once.
func TestTextThatIsNoTokenIsRefusedWhateverItsKey(t *testing.T) {
	kit := newClient(t, &jwks{keys: jwkSet(newKeys()[0])})
	if _, err := verifyWith(t, kit, "made up"); !errors.Is(err, authkit.ErrTokenKey) {
		t.Fatalf("the first: got %v, want ErrTokenKey after a fetch", err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	header, long := encode([]byte(`{"alg":"RS256","kid":"new"}`)), encode(make([]byte, 256))
	for _, tt := range []struct {
		payload, signature string
		want               error
	}{
		{`{"sub":"a"}`, long, authkit.ErrKeysUnavailable}, {`{"sub":"a"}`, encode(make([]byte, 512)), authkit.ErrKeysUnavailable},
		{`{"sub":"a"}`, "", authkit.ErrTokenFormat}, {`{"sub":"a"}`, encode(make([]byte, 255)), authkit.ErrTokenFormat},
		{`{"sub":1}`, long, authkit.ErrTokenClaims}, {``, long, authkit.ErrTokenClaims}, {`{`, long, authkit.ErrTokenClaims},
	} {
		got, err := kit.VerifyAccessToken(t.Context(), header+"."+encode([]byte(tt.payload))+"."+tt.signature)
		if got != nil || !errors.Is(err, tt.want) {
			t.Errorf("%s with a signature of %d characters: got %v and %v, want %v", tt.payload, len(tt.signature), got, err, tt.want)
		}
	}
}

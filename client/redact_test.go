package client_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
)

// messageOf is what an error shows of a message that the server sends.
func messageOf(t *testing.T, message string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"message": message})
	if err != nil {
		t.Fatal(err)
	}
	return failWith(t, http.StatusBadRequest, string(body)).Message
}

// causeOf is what the error of a call shows of the error of its transport.
func causeOf(t *testing.T, cause string) string {
	t.Helper()
	w := newWire(httpmock.NewErrorResponder(errors.New(cause)))
	_, err := newClient(t, testKey, w.option(), once()).Organizations.Get(t.Context(), "org_01")
	text, ok := strings.CutPrefix(fmt.Sprint(err), `organizations.get: Get "https://api.workos.com/organizations/{id}":`)
	if !ok {
		t.Fatalf("got %v, want it to begin with operation, method and URL", err)
	}
	return strings.TrimPrefix(text, " ")
}

// ascii are the printable characters of ASCII but the space.
func ascii() []string {
	var all []string
	for c := '!'; c <= '~'; c++ {
		all = append(all, string(c))
	}
	return all
}

func isLetter(c string) bool { return c >= "a" && c <= "z" || c >= "A" && c <= "Z" }

func TestTokenEndsWhereItsCharactersEnd(t *testing.T) {
	const inToken = "_-.~+/=%*0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for _, c := range append(ascii(), " ", "é", "ı", "K", "０", "…") {
		for _, token := range []string{"sk_1", "eyJ1.1", "sk_live_1"} {
			want := "a [redacted]"
			if !strings.Contains(inToken, c) {
				want += c + "9 b"
			} else {
				want += " b"
			}
			if got := messageOf(t, "a "+token+c+"9 b"); got != want {
				t.Errorf("%s before %q: got %q, want %q", token, c, got, want)
			}
		}
	}
}

func TestLetterBeforeATokenMakesItAWord(t *testing.T) {
	for _, c := range append(ascii(), " ", "é", "ı", "K", "…") {
		for token, inWord := range map[string]bool{
			"sk_9": false, "sk_test": false, "sk_live": false, "sk_prod_9": false, "eyJ9.9": false,
			"sk_test_": true, "sk_live_": true, "sk_test_9": true, "sk_live_9": true,
		} {
			want := "a " + strings.TrimSpace(c) + "[redacted]"
			if c == " " {
				want = "a [redacted]"
			}
			if isLetter(c) && !inWord {
				want = "a " + c + token
			}
			if got := messageOf(t, "a "+c+token); got != want {
				t.Errorf("%q: got %q, want %q", c+token, got, want)
			}
		}
	}
}

func TestTokensAreRecognized(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "",
		"sk_":                        "sk_",
		"sk_ a":                      "sk_ a",
		"sk":                         "sk",
		"Sk_a":                       "Sk_a",
		"sk-a":                       "sk-a",
		"sk_a":                       "[redacted]",
		"eyJ":                        "eyJ",
		"eyJa":                       "eyJa",
		"eyJ.":                       "[redacted]",
		"eyj.a":                      "eyj.a",
		"a.eyJb":                     "a.eyJb",
		"a.eyJb.":                    "a.[redacted]",
		"eyJ a.b":                    "eyJ a.b",
		"sk_a,sk_b;eyJa.b":           "[redacted],[redacted];[redacted]",
		"sk_a é sk_b":                "[redacted] é [redacted]",
		"sk_a\u200b\u00adb":          "[redacted]",
		"sk\u200b_\u2060a":           "[redacted]",
		"tail: eyJhbGciOiJ9.e30.":    "tail: [redacted]",
		"x=sk_a&y=z":                 "x=[redacted]&y=z",
		`{"api_key":"sk_a","b":1}`:   `{"api_key":"[redacted]","b":1}`,
		"Authorization: Bearer sk_a": "Authorization: Bearer [redacted]",
		"https://sk_a:@h/p":          "https://[redacted]:@h/p",
		"https://u:sk_a@h/p":         "https://u:[redacted]@h/p",
		"https://h/p?code=sk_a":      "https://h/p?code=[redacted]",
	} {
		if got := messageOf(t, text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestCredentialsOfACallShowInNoShape has credentials that nothing but the call tells to be some.
func TestCredentialsOfACallShowInNoShape(t *testing.T) {
	const key, token, byHand = "key+1/2=", "token+3/4=", "hand+5/6="
	for name, secret := range map[string]string{"API key": key, "access token": token, "by hand": byHand} {
		for text, want := range map[string]string{
			"%s":                       "[redacted]",
			"a %s, %s b":               "a [redacted], [redacted] b",
			"https://h/p?code=%s":      "https://h/p?code=[redacted]",
			"https://h/p?a=%s&b=c#d":   "https://h/p?a=[redacted]&b=c#d",
			`{"k":"%s"}`:               `{"k":"[redacted]"}`,
			"Authorization: Bearer %s": "Authorization: Bearer [redacted]",
			"https://u:%s@h/":          "https://u:[redacted]@h/",
			"https://%s:p@h/":          "https://[redacted]:p@h/",
			"x%sy":                     "x[redacted]y",
		} {
			for _, shape := range []string{secret, url.QueryEscape(secret), secret[:3] + "\u200b" + secret[3:]} {
				body, err := json.Marshal(map[string]any{
					"message": strings.ReplaceAll(text, "%s", shape), "code": shape, "errors": []any{shape, map[string]any{
						"field": shape, "code": shape, "message": shape,
					}},
				})
				if err != nil {
					t.Fatal(err)
				}
				w := newWire(httpmock.NewStringResponder(http.StatusForbidden, string(body)).HeaderSet(http.Header{
					"X-Request-Id": {shape},
				}))
				ctx := client.WithCredentials(t.Context(), client.Credentials{APIKey: key, AccessToken: token})
				req := handBuilt(t, http.MethodGet, "https://api.workos.com/new/thing", "").WithContext(ctx)
				req.Header.Set("Authorization", "Bearer "+byHand)
				_, err = handMade(newClient(t, testKey, w.option()), req)
				var failed *client.Error
				if !errors.As(err, &failed) {
					t.Fatalf("got %v, want an *Error", err)
				}
				if failed.Message != want {
					t.Errorf("%s as %q: got %q, want %q", name, shape, failed.Message, want)
				}
				const mark = "[redacted]"
				wantErrors := fmt.Sprint([]client.FieldError{{Message: mark}, {mark, mark, mark}})
				if failed.Code != mark || failed.RequestID != mark || fmt.Sprint(failed.Errors) != wantErrors {
					t.Errorf("%s as %q: got %q, %q and %v; want %s", name, shape, failed.Code, failed.RequestID, failed.Errors, mark)
				}
			}
		}
	}
}

// TestOneCredentialIsNoneOfTheOthers leaves credentials out, of which nothing must be replaced then.
func TestOneCredentialIsNoneOfTheOthers(t *testing.T) {
	for _, credentials := range []client.Credentials{{APIKey: "key+1"}, {AccessToken: "key+1"}} {
		w := newWire(respondJSON(http.StatusForbidden, `{"message":"no key+1, key%2B1 or key"}`))
		ctx := client.WithCredentials(t.Context(), credentials)
		_, err := handMade(newClient(t, testKey, w.option()),
			handBuilt(t, http.MethodGet, "https://elsewhere.example/", "").WithContext(ctx))
		if want := "GET request: 403: no [redacted], [redacted] or key"; fmt.Sprint(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestAuthorizationByHandShowsNowhere has requests that leave the base URL, and so keep what they carry.
func TestAuthorizationByHandShowsNowhere(t *testing.T) {
	for _, authorization := range []string{"Bearer s3cret", "Basic s3cret", "s3cret", "Digest s3cret"} {
		w := newWire(respondJSON(http.StatusForbidden, `{"message":"no s3cret"}`))
		req := handBuilt(t, http.MethodGet, "https://elsewhere.example/", "")
		req.Header.Set("Authorization", authorization)
		_, err := handMade(newClient(t, testKey, w.option()), req)
		if want := "GET request: 403: no [redacted]"; fmt.Sprint(err) != want {
			t.Errorf("%s: got %v, want %s", authorization, err, want)
		}
		if got := w.sent[0].Header["Authorization"]; len(got) != 1 || got[0] != authorization {
			t.Errorf("%s: sent %q, want it", authorization, got)
		}
		var failed *client.Error
		if !errors.As(err, &failed) || len(failed.Response.Request.Header["Authorization"]) > 0 {
			t.Errorf("%s: the request of the error carries it", authorization)
		}
	}
}

func TestQueriesOfTransportErrorsAreCut(t *testing.T) {
	for cause, want := range map[string]string{
		"plain":                             "plain",
		"https://h/p?code=c0de":             "https://h/p",
		"https://h/p#code=c0de":             "https://h/p",
		"https://h/p?":                      "https://h/p",
		"?code=c0de":                        "",
		"#c0de":                             "",
		"https://h/p?a=b#code=c0de":         "https://h/p",
		"https://h/p#a?code=c0de":           "https://h/p",
		"https://h/p?code=c0de failed":      "https://h/p failed",
		`Get "https://h/p?code=c0de": EOF`:  `Get "https://h/p": EOF`,
		`Get 'https://h/p?code=c0de': EOF`:  `Get 'https://h/p': EOF`,
		`Get "https://h/p#code=c0de": EOF`:  `Get "https://h/p": EOF`,
		"a?b c?d e#f g?":                    "a c e g",
		"a?code=c0de\nc0de b":               "a b",
		"a ?c0de, b":                        "a b",
		`a "?c0de" b`:                       `a "" b`,
		"https://h/sk_a?b":                  "https://h/[redacted]", // both
		testKey + " " + testKey + "?":       "[redacted] [redacted]",
		"no\r\nline\tend\x00\x1b\u200b":     "no line end",
		"https://u:p4ss@h:1/p":              "https://[redacted]@h:1/p",
		"https://p4ss@h":                    "https://[redacted]@h",
		"proxy http://u:p@ss@h/?a@b failed": "proxy http://[redacted]@h/ failed",
		`Get "http://u:p4ss@h": EOF`:        `Get "http://[redacted]@h": EOF`,
		"http://a, http://u:p@b, c@d":       "http://a, http://[redacted]@b, c@d",
		"http://h/a@b":                      "http://h/a@b",
		"://@":                              "://[redacted]@",
		"a? b":                              "a b",
		`Get "https://h/p?": EOF`:           `Get "https://h/p": EOF`,
		"file:///a@b":                       "file:///a@b",
		"ada@example.com":                   "ada@example.com",
	} {
		if got := causeOf(t, cause); got != want {
			t.Errorf("%q: got %q, want %q", cause, got, want)
		}
	}
}

func TestTextsOfOthersAreOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"a\nb": "a b", "a\r\n\r\nb": "a b", "\n a \t b \v\f": "a b", "a\u2028b\u2029c\u0085d\u00a0e": "a b c d e",
		"a\x00b\x07c\x1bd\x7fe\u009ff": "abcdef", "a\u200bb\u202ec\ufeffd\U000e0001e\ue000f": "abcdef",
		"": "", "\x00": "", " ": "", "é世😀": "é世😀",
	} {
		if got := messageOf(t, text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestTextsOfOthersAreCutAtAWholeCharacter(t *testing.T) {
	const most = 1 << 10
	for _, character := range []string{"a", "é", "世", "😀"} {
		for length := most - 5; length <= most+5; length++ {
			text := strings.Repeat("-", length) + strings.Repeat(character, 8)
			want := text
			if at := length; len(text) > most {
				for at < most && at+len(character) <= most {
					at += len(character)
				}
				want = text[:min(at, most)] + "…"
			}
			if got := messageOf(t, text); got != want {
				t.Errorf("%d bytes and then %s: got %d bytes, %q at the end; want %d bytes", length, character, len(got),
					got[len(got)-8:], len(want))
			}
		}
	}
	for length := most - 1; length <= most+1; length++ {
		want := strings.Repeat("a", length)
		if length > most {
			want = want[:most] + "…"
		}
		if got := messageOf(t, strings.Repeat("a", length)); got != want {
			t.Errorf("%d bytes: got %d bytes, want %d", length, len(got), len(want))
		}
	}
	// The text of a transport's error is cut as a whole, URL included.
	const prefix = len(`Get "https://api.workos.com/organizations/{id}": `)
	for length := most - 1; length <= most+1; length++ {
		want := strings.Repeat("a", min(length, most)-prefix)
		if length > most {
			want += "…"
		}
		if got := causeOf(t, strings.Repeat("a", length-prefix)); got != want {
			t.Errorf("cause of %d bytes in all: got %d bytes, want %d", length, len(got), len(want))
		}
	}
}

func TestNoHalfOfACredentialIsLeft(t *testing.T) {
	const most = 1 << 10
	for at := most - len(testKey) - 2; at <= most+1; at++ {
		got := messageOf(t, strings.Repeat("-", at-1)+" "+testKey)
		if strings.Contains(got, "sk_") || !strings.HasPrefix(got, strings.Repeat("-", min(at, most)-1)) {
			t.Errorf("a key at byte %d: got %q at the end", at, got[len(got)-20:])
		}
	}
}

func TestCredentialsInAContextAloneAreRedacted(t *testing.T) {
	w := newWire(httpmock.NewErrorResponder(errors.New("token opaque-1 of key opaque-2 is bad")))
	var ctx = client.WithCredentials(t.Context(), client.Credentials{APIKey: "opaque-2"})
	_, err := newClient(t, testKey, w.option(), once()).Organizations.Get(ctx, "org_01",
		client.WithAccessToken("opaque-1"))
	if !strings.HasSuffix(fmt.Sprint(err), ": token [redacted] of key [redacted] is bad") {
		t.Errorf("got %v, want neither credential in it", err)
	}
}

package origin_test

import (
	"net/url"
	"testing"

	"github.com/seed-f165d83c/workos/client/internal/origin"
)

func TestPrivate(t *testing.T) {
	for text, want := range map[string]bool{
		"https://a.example": true, "HTTPS://a.example/": true, "https://localhost": true, "https://192.0.2.1:8443": true,
		"http://localhost": true, "http://localhost:8080/mcp": true, "http://127.0.0.1": true, "http://127.1.2.3:80": true,
		"http://[::1]:8080": true, "HTTP://localhost": true,
		"http://a.example": false, "http://localhost.a.example": false, "http://127.0.0.1.a.example": false,
		"http://a.example/localhost": false, "http://localhost@a.example": false, "http://192.0.2.1": false,
		"http://0.0.0.0": false, "http://[::]": false, "http://10.0.0.1": false, "http:localhost": false, "http:///a": false,
		"ftp://localhost": false, "localhost": false, "//localhost": false, "": false,
	} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := origin.Private(u); got != want {
			t.Errorf("%q: got %t, want %t", text, got, want)
		}
	}
}

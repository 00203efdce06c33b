// Authkit is a small web application that signs users in, and with -device a program without browser that does:
//
//	export WORKOS_API_KEY=sk_… WORKOS_CLIENT_ID=client_…
//	go run ./examples/authkit            # http://localhost:8080, with the redirect URI http://localhost:8080/callback
//	go run ./examples/authkit -device
//
// WORKOS_COOKIE_PASSWORD, 32 characters or more, seals its cookies; without it users are signed out when it ends. It
// runs without an account against the emulator, which signs in the user of the parameter login_hint, or its first one:
//
//	npx workos@latest emulate
//	WORKOS_API_KEY=sk_test_default WORKOS_CLIENT_ID=client_1 WORKOS_BASE_URL=http://localhost:4100 \
//		go run ./examples/authkit
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
)

func main() {
	device := flag.Bool("device", false, "sign in as a program without browser does")
	addr := flag.String("addr", "localhost:8080", "host and port to serve on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	run := func() error { return serve(ctx, *addr) }
	if *device {
		run = func() error { return signInDevice(ctx, os.Stdout) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "authkit:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to stop
	}
}

func serve(ctx context.Context, addr string) error {
	c, err := workos.FromEnv()
	if err != nil {
		return err
	}
	app, err := newApp(c, "http://"+addr, cmp.Or(os.Getenv("WORKOS_COOKIE_PASSWORD"), rand.Text()+rand.Text()))
	if err != nil {
		return err
	}
	server := &http.Server{Addr: addr, Handler: app, ReadHeaderTimeout: 10 * time.Second}
	stopped := make(chan error, 1)
	context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		stopped <- server.Shutdown(grace)
	})
	fmt.Fprintln(os.Stderr, "listening on http://"+addr)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return <-stopped
}

// newApp is the application that browsers reach at that origin, such as "https://app.example".
func newApp(c *workos.Client, origin, password string) (http.Handler, error) {
	kit, err := authkit.New(c)
	if err != nil {
		return nil, err
	}
	sealer, err := authkit.NewSealer(authkit.Password{Secret: password})
	if err != nil {
		return nil, err
	}
	sessions, err := authkit.NewSessions(kit, sealer, origin+"/callback",
		authkit.WithSignInPath("/sign-in"),
		authkit.WithSignedOutURL(origin+"/"),
		authkit.WithCookie(func(cookie *http.Cookie) { //nolint:gosec // the rest is as secure as it is by default
			cookie.Secure = strings.HasPrefix(origin, "https://") // browsers keep no secure cookie from plain HTTP
		}),
		authkit.WithAuthorization(func(r *http.Request, p *authkit.AuthorizationParams) {
			p.LoginHint = r.URL.Query().Get("login_hint")
		}),
		authkit.WithErrorHandler(func(w http.ResponseWriter, r *http.Request, err error) {
			status := authkit.ErrorStatus(err)
			if status == http.StatusUnauthorized {
				http.Error(w, "Please sign in.", status)
				return
			}
			slog.ErrorContext(r.Context(), "sign-in", "path", r.URL.Path, "err", err)
			http.Error(w, "This did not work. Please try again.", status)
		}),
	)
	if err != nil {
		return nil, err
	}
	page, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", sessions.Allow(site{page}))       // everybody
	mux.Handle("GET /account", sessions.Require(site{page})) // who is signed in
	mux.HandleFunc("GET /sign-in", sessions.SignIn)
	mux.HandleFunc("GET /callback", sessions.Callback)
	mux.HandleFunc("POST /sign-out", sessions.SignOut)
	return mux, nil
}

// Webapp is a web application with all that sessions offer, for the end-to-end tests: sign-in, protected pages, a role
// check, an organization switch, a bearer API, a banner for impersonation and sign-out. Several processes share a store.
package main

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	goredis "github.com/redis/go-redis/v9"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/state"
	"github.com/seed-f165d83c/workos/client/state/postgres"
	"github.com/seed-f165d83c/workos/client/state/redis"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "webapp:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to stop
	}
}

func run(ctx context.Context) error {
	store, err := openStore(ctx, os.Getenv("STORE_URL"))
	if err != nil {
		return err
	}
	app, err := newApp(store)
	if err != nil {
		return err
	}
	server := &http.Server{Addr: os.Getenv("ADDR"), Handler: app, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.ListenAndServe(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

func openStore(ctx context.Context, target string) (state.Store, error) {
	if strings.HasPrefix(target, "redis://") {
		opts, err := goredis.ParseURL(target)
		if err != nil {
			return nil, fmt.Errorf("redis: %w", err)
		}
		opts.MaxRetries = -1 // a write that is repeated could find its own effect
		return redis.New(goredis.NewClient(opts))
	}
	pool, err := pgxpool.New(ctx, target)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	store, err := postgres.New(pool)
	if err != nil {
		return nil, err
	}
	return store, store.Migrate(ctx)
}

func newApp(store state.Store) (http.Handler, error) {
	c, err := workos.FromEnv()
	if err != nil {
		return nil, err
	}
	origin := os.Getenv("ORIGIN")
	kit, err := authkit.New(c, authkit.WithState(store),
		authkit.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))))
	if err != nil {
		return nil, err
	}
	sealer, err := authkit.NewSealer(authkit.Password{Secret: os.Getenv("WORKOS_COOKIE_PASSWORD")})
	if err != nil {
		return nil, err
	}
	opts := []authkit.SessionsOption{
		authkit.WithSignInPath("/sign-in"), authkit.WithSignedOutURL(origin + "/bye"), authkit.WithPublicPaths("/bye"),
	}
	if os.Getenv("SESSION_STORE") != "" {
		opts = append(opts, authkit.WithSessionStore(store))
	}
	sessions, err := authkit.NewSessions(kit, sealer, origin+"/callback", opts...)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /account", page("account"))
	mux.Handle("GET /bye", page("bye"))
	mux.Handle("GET /admin", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if claims, _ := authkit.ClaimsFrom(r.Context()); claims == nil || !claims.HasRole("admin") {
			http.Error(w, "admins only", http.StatusForbidden)
			return
		}
		page("admin").ServeHTTP(w, r)
	}))
	outer := http.NewServeMux()
	outer.HandleFunc("GET /sign-in", sessions.SignIn)
	outer.HandleFunc("GET /callback", sessions.Callback)
	outer.HandleFunc("POST /sign-out", sessions.SignOut)
	outer.HandleFunc("POST /switch", sessions.SwitchOrganization)
	outer.HandleFunc("POST /token", sessions.Token)
	outer.Handle("GET /api/me", kit.RequireBearer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := authkit.ClaimsFrom(r.Context())
		_, _ = fmt.Fprint(w, claims.UserID)
	})))
	outer.HandleFunc("GET /healthy", func(http.ResponseWriter, *http.Request) {})
	outer.Handle("/", sessions.Require(mux))
	return outer, nil
}

var text = template.Must(template.New("page").Parse(`<!doctype html><title>{{.Name}}</title><h1>{{.Name}}</h1>
{{with .By}}<p id=banner>{{.Email}} acts as this user: {{.Reason}}</p>{{end}}
<p id=user>{{.User}}</p><p id=organization>{{.Organization}}</p>
<form method=post action=/switch><input name=organization_id><input type=hidden name=return_to value=/account><button id=switch>Switch</button></form>
<form method=post action=/sign-out><button id=out>Sign out</button></form>`))

// page shows who is signed in.
func page(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var data struct {
			Name, User, Organization string
			By                       *authkit.Impersonation
		}
		data.Name, data.User = name, "nobody"
		if session, ok := authkit.SessionFrom(r.Context()); ok {
			claims, _ := authkit.ClaimsFrom(r.Context())
			data.User, data.Organization = session.User.Email, cmp.Or(claims.OrganizationID, "none")
		}
		if by, ok := authkit.ImpersonationFrom(r.Context()); ok {
			data.By = &by
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = text.Execute(w, data)
	})
}

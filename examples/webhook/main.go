// Webhook serves an endpoint that receives events and one that decides on actions:
//
//	export WORKOS_WEBHOOK_SECRET=… WORKOS_ACTION_SECRET=…
//	go run ./examples/webhook -addr 127.0.0.1:8090
//
// While the secret of webhooks is being changed, WORKOS_WEBHOOK_PREVIOUS_SECRET holds the old one.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/webhook"
	"github.com/seed-f165d83c/workos/gen"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8090", "`address` to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr); err != nil {
		fmt.Fprintln(os.Stderr, "webhook:", err)
		os.Exit(1) //nolint:gocritic // stop only restores signals
	}
}

const grace = 10 * time.Second

func run(ctx context.Context, addr string) error {
	handler, err := newHandler(slog.Default(), os.Getenv) //nolint:contextcheck // each request has its own
	if err != nil {
		return err
	}
	server := &http.Server{Addr: addr, Handler: handler, ReadTimeout: grace, WriteTimeout: time.Minute}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		stopped <- server.Shutdown(ctx) // what is being handled is finished, else it comes again
	})
	defer stop()
	slog.InfoContext(ctx, "listening", "addr", addr)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return <-stopped
}

// newHandler has both endpoints, by the secrets of the environment.
func newHandler(log *slog.Logger, env func(string) string) (http.Handler, error) {
	report := webhook.WithErrorFunc(func(r *http.Request, err error) {
		log.WarnContext(r.Context(), "request refused", "path", r.URL.Path, "error", err)
	})

	var rotation []webhook.Option
	if previous := env("WORKOS_WEBHOOK_PREVIOUS_SECRET"); previous != "" {
		rotation = append(rotation, webhook.WithPreviousSecret(previous))
	}
	deliveries, err := webhook.NewVerifier(env("WORKOS_WEBHOOK_SECRET"), rotation...)
	if err != nil {
		return nil, err
	}
	route, err := newRoute(log)
	if err != nil {
		return nil, err
	}
	receive, err := webhook.NewHandler(deliveries, route, report)
	if err != nil {
		return nil, err
	}

	requests, err := webhook.NewActionVerifier(env("WORKOS_ACTION_SECRET"))
	if err != nil {
		return nil, err
	}
	judge, err := webhook.NewActionHandler(requests, decide, report)
	if err != nil {
		return nil, err
	}

	mux := http.NewServeMux()
	mux.Handle("/webhooks/workos", receive)
	mux.Handle("/actions/workos", judge)
	return mux, nil
}

// newRoute says what is done about events. Here all of them are logged; a real handler remembers e.ID in the
// transaction that does the work, as events come more than once.
func newRoute(log *slog.Logger) (events.Handler, error) {
	return events.Route(
		events.UserCreated.Do(func(ctx context.Context, _ *events.Event, user *workos.User) error {
			log.InfoContext(ctx, "welcome", "user", user.ID)
			return nil
		}),
		events.DsyncGroupUserAdded.Do(func(ctx context.Context, _ *events.Event, m *gen.DirectoryMembershipPayload) error {
			log.InfoContext(ctx, "joined", "user", m.User.ID, "group", m.Group.Name)
			return nil
		}),
		events.Otherwise(func(ctx context.Context, e *events.Event) error {
			log.InfoContext(ctx, "received", "event", e)
			return nil
		}),
	)
}

// decide lets everybody in but who registers with an address of a throw-away provider.
func decide(_ context.Context, a *webhook.Action) (*webhook.ActionResponse, error) {
	if r := a.UserRegistration; r != nil && strings.HasSuffix(strings.ToLower(r.UserData.Email), "@mailinator.com") {
		return a.Deny("Please register with an address that lasts."), nil
	}
	return a.Allow(), nil
}

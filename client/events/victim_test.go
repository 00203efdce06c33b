//go:build unix

package events_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

// isVictim is the variable that makes this program the one that the tests kill.
const isVictim = "WORKOS_TEST_VICTIM"

func TestMain(m *testing.M) {
	if os.Getenv(isVictim) == "" {
		m.Run()
		return
	}
	if err := consume(); err != nil {
		fmt.Fprintln(os.Stderr, "consume:", err)
		os.Exit(1)
	}
}

// consume consumes the events of a server and writes the ID of each to a file.
func consume() error {
	if len(os.Args) != 6 { //nolint:mnd // the name and five arguments
		return errors.New("usage: consume URL CHECKPOINT LOG EVENTS_A_CHECKPOINT EVENTS_A_PAGE")
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	every, err := strconv.Atoi(os.Args[4])
	if err != nil {
		return err
	}
	size, err := strconv.Atoi(os.Args[5])
	if err != nil {
		return err
	}
	c, err := client.New("sk_test_consume", client.WithBaseURL(os.Args[1]))
	if err != nil {
		return err
	}
	store, err := events.NewFileStore(os.Args[2])
	if err != nil {
		return err
	}
	log, err := os.OpenFile(os.Args[3], os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	consumer, err := events.NewConsumer(c, store, func(_ context.Context, e *events.Event) error {
		_, err := log.WriteString(e.ID + "\n")
		return err
	}, events.WithCheckpointEvery(every), events.WithPageSize(size), events.WithPollInterval(2*time.Millisecond),
		events.WithBackoff(time.Millisecond, 10*time.Millisecond), events.WithFetchTimeout(300*time.Millisecond))
	if err != nil {
		return err
	}
	return consumer.Run(ctx)
}

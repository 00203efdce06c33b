package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
)

func TestEachOrganizationIsExportedOnce(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	files := &http.Client{Transport: sandbox.New()}
	c, err := workos.New("sk_test_1", workos.WithHTTPClient(files))
	if err != nil {
		t.Fatal(err)
	}
	today := time.Now().UTC().Truncate(24 * time.Hour)
	for _, action := range []string{"user.signed_in", "user.signed_out"} {
		if _, err := c.AuditLogs.Actions.Schemas.Create(ctx, action, workos.CreateAuditLogSchema{
			Targets: []workos.CreateAuditLogSchemaTarget{{Type: "team"}},
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"Acme", "Globex"} {
		organization, err := c.Organizations.Create(ctx, workos.CreateOrganization{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		record(ctx, t, c, organization.ID, "user.signed_in", today.Add(time.Hour))
		record(ctx, t, c, organization.ID, "user.signed_out", today.AddDate(0, 0, 1))
	}
	var log bytes.Buffer
	e := exporter{dir: dir, files: files, log: &log, api: c}
	for range 2 {
		if err := e.all(ctx, today); err != nil {
			t.Fatal(err)
		}
	}
	if got := log.String(); strings.Count(got, "wrote ") != 2 || strings.Count(got, "exists ") != 2 {
		t.Errorf("got %s, want two files, written once", got)
	}
	written, err := filepath.Glob(filepath.Join(dir, "org_*", today.Format(time.DateOnly)+".csv"))
	if err != nil || len(written) != 2 {
		t.Fatalf("got %q and %v, want two files", written, err)
	}
	for _, path := range written {
		text, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(text, []byte("user.signed_in")) || bytes.Contains(text, []byte("user.signed_out")) {
			t.Errorf("%s: got %s and %v, want the events of that day", path, text, err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*", ".export-*")); err != nil || len(left) > 0 {
		t.Errorf("got %q and %v, want no temporary file", left, err)
	}
}

func record(ctx context.Context, t *testing.T, c *workos.Client, organizationID, action string, at time.Time) {
	t.Helper()
	_, err := c.AuditLogs.Events.Create(ctx, workos.CreateAuditLogEvent{
		OrganizationID: organizationID,
		Event: workos.AuditLogEvent{
			Action: action, OccurredAt: at,
			Actor:   workos.AuditLogEventActor{ID: "user_1", Type: "user"},
			Targets: []workos.AuditLogEventTarget{{ID: "team_1", Type: "team"}},
			Context: workos.AuditLogEventContext{Location: "127.0.0.1"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// cut is a transport whose downloads end early.
type cut struct{ http.RoundTripper }

func (c cut) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.RoundTripper.RoundTrip(r)
	if err == nil && strings.HasSuffix(r.URL.Path, ".csv") {
		response.Body = io.NopCloser(io.MultiReader(strings.NewReader("half"), failing{}))
	}
	return response, err
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

func TestNoFileIsLeftOfAFailedDownload(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	transport := sandbox.New()
	c, err := workos.New("sk_test_1", workos.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Organizations.Create(ctx, workos.CreateOrganization{Name: "Acme"}); err != nil {
		t.Fatal(err)
	}
	e := exporter{dir: dir, files: &http.Client{Transport: cut{transport}}, log: io.Discard, api: c}
	if err := e.all(ctx, time.Now()); err == nil || !strings.Contains(err.Error(), "connection reset") {
		t.Errorf("got %v, want the failure of the download", err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*", "*")); err != nil || len(left) > 0 {
		t.Errorf("got %q and %v, want no file", left, err)
	}
}

func TestWrongDatesAreRejected(t *testing.T) {
	e := exporter{dir: t.TempDir(), log: io.Discard}
	if err := e.run(t.Context(), "31.1.2026", "", true); err == nil || !strings.Contains(err.Error(), "2026-01-31") {
		t.Errorf("got %v, want an example of a date", err)
	}
}

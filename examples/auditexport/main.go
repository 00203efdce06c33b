// Auditexport writes the audit log of each organization for one day to a file, for example from a nightly job:
//
//	WORKOS_API_KEY=sk_… go run ./examples/auditexport -dir exports
//	go run ./examples/auditexport -dir exports -sandbox
//
// A file that exists is not written again, so a job that failed can run again.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
)

const maxWait = 15 * time.Minute // for one export

func main() {
	yesterday := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	dir := flag.String("dir", ".", "`directory` of the files")
	date := flag.String("date", yesterday, "`day` to export, in UTC")
	try := flag.Bool("sandbox", false, "use an API in memory, without a key or a network")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	e := exporter{dir: *dir, files: http.DefaultClient, log: os.Stdout}
	if err := e.run(ctx, *date, os.Getenv("WORKOS_API_KEY"), *try); err != nil {
		fmt.Fprintln(os.Stderr, "auditexport:", err)
		os.Exit(1) //nolint:gocritic // stop only restores signals
	}
}

// exporter downloads exports. It gets the files without the API key, as their URLs are signed and lead elsewhere.
type exporter struct {
	dir   string
	files *http.Client
	log   io.Writer
	api   *workos.Client
}

func (e exporter) run(ctx context.Context, date, key string, try bool) error {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return fmt.Errorf("invalid date %q: want a day such as 2026-01-31", date)
	}
	var opts []workos.Option
	if try {
		key = "sk_sandbox"
		e.files = &http.Client{Transport: sandbox.New()}
		opts = append(opts, workos.WithHTTPClient(e.files))
	}
	if e.api, err = workos.New(key, opts...); err != nil {
		return err
	}
	if try {
		if _, err := e.api.Organizations.Create(ctx, workos.CreateOrganization{Name: "Acme"}); err != nil {
			return err
		}
	}
	return e.all(ctx, day)
}

// all exports each organization. One that fails does not keep the others from theirs.
func (e exporter) all(ctx context.Context, day time.Time) error {
	var failed []error
	for organization, err := range e.api.Organizations.All(ctx, nil) {
		if err != nil {
			return errors.Join(append(failed, err)...)
		}
		if err := e.one(ctx, organization.ID, day); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", organization.ID, err))
		}
	}
	return errors.Join(failed...)
}

func (e exporter) one(ctx context.Context, organizationID string, day time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	path := filepath.Join(e.dir, organizationID, day.Format(time.DateOnly)+".csv")
	if _, err := os.Stat(path); err == nil {
		fmt.Fprintln(e.log, "exists", path)
		return nil
	}
	export, err := e.api.AuditLogs.Exports.Create(ctx, workos.CreateAuditLogExport{
		OrganizationID: organizationID, RangeStart: day, RangeEnd: day.AddDate(0, 0, 1),
	})
	if err != nil {
		return err
	}
	if export, err = e.api.AuditLogs.Exports.Wait(ctx, export.ID); err != nil {
		return err
	}
	if export.URL == nil {
		return fmt.Errorf("export %s is %s and has no URL", export.ID, export.State)
	}
	if err := e.download(ctx, *export.URL, path); err != nil {
		return err
	}
	fmt.Fprintln(e.log, "wrote", path)
	return nil
}

// download writes a file under a temporary name first, so that a file with its final name is complete.
func (e exporter) download(ctx context.Context, url, path string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err //nolint:wrapcheck // names the URL
	}
	response, err := e.files.Do(request)
	if err != nil {
		return err //nolint:wrapcheck // as above
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("download: %s", response.Status)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err //nolint:wrapcheck // names the directory
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".export-*")
	if err != nil {
		return err //nolint:wrapcheck // names the file
	}
	defer func() { _ = os.Remove(file.Name()) }() // fails once it has its final name
	_, err = io.Copy(file, response.Body)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path) //nolint:wrapcheck // names the files
}

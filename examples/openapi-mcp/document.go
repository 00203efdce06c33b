package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/openapi"
	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/spec"
)

// fetchTime limits fetching a document.
const fetchTime = 30 * time.Second

// source returns the source of the document at a path or URL.
func source(ctx context.Context, location string) mcpadapter.Source {
	return func() (*optable.Table, []mcpadapter.SourceProblem, error) {
		read, base := readFile, (*url.URL)(nil)
		if strings.HasPrefix(location, "http://") || strings.HasPrefix(location, "https://") {
			var err error
			if base, err = url.Parse(location); err != nil {
				return nil, nil, fmt.Errorf("fetch the document: %w", err)
			}
			read = fetch
		}
		table, problems, err := spec.Embedded(func() ([]byte, error) { return read(ctx, location) })()
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", location, err)
		}
		return withServers(table, base), problems, nil
	}
}

// withServers resolves the servers against the URL of the document (OpenAPI 3.1 section 4.8.5). nil: it is a file.
func withServers(table *optable.Table, base *url.URL) *optable.Table {
	if base == nil {
		return table
	}
	if len(table.Servers) == 0 {
		table.Servers = []string{"/"}
	}
	for i, server := range table.Servers {
		if u, err := base.Parse(server); err == nil {
			table.Servers[i] = u.String()
		}
	}
	return table
}

// fetch returns the document at a URL.
func fetch(ctx context.Context, location string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, location, nil) //nolint:gosec // the user's URL
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	response, err := http.DefaultClient.Do(request) //nolint:gosec // as above
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch: status %s", response.Status)
	}
	if mediaType := response.Header.Get("Content-Type"); strings.HasPrefix(mediaType, "text/html") {
		return nil, errors.New("fetch: it is a web page: want the URL of the document itself, as YAML or JSON")
	}
	return readAll(response.Body)
}

// readFile returns the document of a file.
func readFile(_ context.Context, name string) ([]byte, error) {
	file, err := os.Open(name) //nolint:gosec // the user's file
	if err != nil {
		return nil, err //nolint:wrapcheck // it names the file
	}
	defer func() { _ = file.Close() }()
	return readAll(file)
}

func readAll(r io.Reader) ([]byte, error) {
	document, err := io.ReadAll(io.LimitReader(r, openapi.MaxBytes+1))
	if err == nil && len(document) > openapi.MaxBytes {
		err = fmt.Errorf("%w: more than %d bytes", openapi.ErrTooLarge, openapi.MaxBytes)
	}
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return document, nil
}

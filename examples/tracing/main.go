// Tracing sends a span for each attempt of a WorkOS call to OpenTelemetry, named by the operation and with the
// attributes of the semantic conventions for HTTP clients. It runs against the sandbox and prints the spans:
//
//	go -C examples/tracing run .
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "tracing:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	spans := tracetest.NewSpanRecorder() // a program has an exporter instead
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
	transport := otelhttp.NewTransport(sandbox.New(), // http.DefaultTransport in a program
		otelhttp.WithSpanNameFormatter(workos.SpanName), otelhttp.WithTracerProvider(provider))
	c, err := workos.New("sk_test_key", workos.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		return err
	}
	if _, err := c.Organizations.Get(ctx, "org_missing"); !errors.Is(err, workos.ErrNotFound) {
		return fmt.Errorf("get an organization that does not exist: %w", err)
	}
	for _, span := range spans.Ended() {
		fmt.Fprintln(out, span.Name())
		for _, attribute := range span.Attributes() {
			if attribute.Key == "http.request.method" || attribute.Key == "http.response.status_code" {
				fmt.Fprintln(out, attribute.Key, attribute.Value.String())
			}
		}
	}
	return nil
}

package spec_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/openapi"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/spec"
)

func shopClient(t *testing.T) *shop.ClientWithResponses {
	t.Helper()
	client, err := shop.NewClientWithResponses("https://shop.example")
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func shopSpec(t *testing.T) []byte {
	t.Helper()
	document, err := os.ReadFile("../internal/shop/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// TestTheSpecMakesTheToolsOfTheTable reads the document that the table was generated from.
func TestTheSpecMakesTheToolsOfTheTable(t *testing.T) {
	t.Parallel()
	fromTable, err := mcpadapter.New(shopClient(t), &shop.Operations)
	if err != nil {
		t.Fatal(err)
	}
	fromSpec, err := spec.New(shopClient(t), shopSpec(t))
	if err != nil {
		t.Fatal(err)
	}
	want, got := fromTable.Tools(), fromSpec.Tools()
	if len(got) != len(want) || len(got) == 0 {
		t.Fatalf("got %d tools, want %d", len(got), len(want))
	}
	for i := range want {
		schemaWant, schemaGot := want[i].Schema(mcpadapter.ProfileStandard), got[i].Schema(mcpadapter.ProfileStandard)
		if got[i].Name() != want[i].Name() || !bytes.Equal(schemaGot, schemaWant) {
			t.Errorf("got %s %s, want %s %s", got[i].Name(), schemaGot, want[i].Name(), schemaWant)
		}
	}
}

func TestWhatTheTableLacksOfTheSpecIsLogged(t *testing.T) {
	t.Parallel()
	document := strings.Replace(string(shopSpec(t)), "openapi:", "x-unknown: 1\nbasePath: /v1\nopenapi:", 1)
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	if _, err := spec.New(shopClient(t), []byte(document), mcpadapter.WithLogger(logger)); err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(log.String(), "\n")
	var got struct {
		Level, Msg, Found, Cure string
		Line                    int
	}
	if err := json.Unmarshal([]byte(line), &got); err != nil {
		t.Fatalf("%v in %s", err, log.String())
	}
	if got.Level != "WARN" || got.Line == 0 || got.Found != `unknown field "basePath" of the document` || got.Cure == "" {
		t.Errorf("got %+v, want the unknown field with its line", got)
	}
}

func TestAStrictAdapterTakesNoProblemOfTheSpec(t *testing.T) {
	t.Parallel()
	if _, err := spec.New(shopClient(t), shopSpec(t), mcpadapter.WithStrict()); err != nil {
		t.Fatal(err)
	}
	document := strings.Replace(string(shopSpec(t)), "openapi:", "basePath: /v1\nopenapi:", 1)
	a, err := spec.New(shopClient(t), []byte(document), mcpadapter.WithStrict())
	if a != nil || err == nil || !strings.Contains(err.Error(), `unknown field "basePath" of the document`) {
		t.Errorf("got %v and %v, want the problem as an error", a, err)
	}
}

func TestASpecThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":             "spec: workos/mcpadapter: read the OpenAPI document: the document is empty",
		"a: [":         "spec: workos/mcpadapter: read the OpenAPI document: neither YAML nor JSON: ",
		"swagger: 2.0": "spec: workos/mcpadapter: read the OpenAPI document: a document of Swagger 2.0: ",
	} {
		a, err := spec.New(shopClient(t), []byte(text))
		if a != nil || err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v and %v, want %s", text, a, err, want)
		}
	}
	if a, err := spec.New(nil, shopSpec(t)); a != nil || err == nil {
		t.Errorf("without a client: got %v and %v, want an error", a, err)
	}
	deep := `{"openapi": ` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}"
	if _, err := spec.New(shopClient(t), []byte(deep)); !errors.Is(err, openapi.ErrTooLarge) {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
	if _, err := spec.New(shopClient(t), shopSpec(t), nil); err == nil {
		t.Error("a nil option is accepted")
	}
}

func TestTheDocumentOfAClientIsReadAtStart(t *testing.T) {
	t.Parallel()
	adapter, err := mcpadapter.New(shopClient(t), nil, mcpadapter.WithSource(
		spec.Embedded(func() ([]byte, error) { return shopSpec(t), nil })))
	if err != nil || len(adapter.Tools()) != len(shop.Operations.Operations) {
		t.Errorf("got %v, want a tool for each of %d operations", err, len(shop.Operations.Operations))
	}
	broken := errors.New("broken")
	source := spec.Embedded(func() ([]byte, error) { return nil, broken })
	if a, err := mcpadapter.New(shopClient(t), nil, mcpadapter.WithSource(source)); a != nil || !errors.Is(err, broken) {
		t.Errorf("got %v and %v, want the error of the function", a, err)
	}
	if _, err := mcpadapter.New(shopClient(t), nil, mcpadapter.WithSource(nil)); err == nil {
		t.Error("a nil source is accepted")
	}
}

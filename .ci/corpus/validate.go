package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"slices"
)

// report is a call as the program prints it, with what becomes of it on the mock.
type report struct {
	Tool, Variant, Arguments string
	Exchange                 *int // nil: nothing was sent
	Failure                  string

	verdict verdict
	cause   string   // why it is not accepted
	codes   []string // the keywords of JSON Schema that it violates
}

// verdict is what is known of a call.
type verdict int

const (
	accepted  verdict = iota
	notJudged         // Prism cannot judge it, as is proven
	refused           // by Prism, or not sent
)

// alone are the descriptions whose clients are also called without a table.
var alone = []string{"museum", "swagger-petstore", "resend"}

// validate calls the tools of all clients on mocks of their descriptions, which validate requests.
func (b *builder) validate(rows []*row, prism string) error {
	for _, r := range rows {
		if !r.client || r.measured.Exposed == 0 {
			continue
		}
		file, err := b.mocked(r)
		if err != nil {
			return err
		}
		m, err := startMock(prism, file)
		if unreadable := (*unreadableError)(nil); errors.As(err, &unreadable) {
			r.unvalidated = unreadable.Error()
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		r.calls, err = b.call("call", r.name, m)
		if err == nil && slices.Contains(alone, r.name) {
			r.alone, err = b.call("alone", r.name, m)
		}
		m.stop()
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	return nil
}

// call calls the tools of a client, and judges each call.
func (b *builder) call(mode, name string, m *mock) ([]report, error) {
	server := httptest.NewServer(m)
	defer server.Close()
	output, err := b.command(b.work, filepath.Join(b.work, "probe"), mode, name, server.URL)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, output)
	}
	var list []report
	for decoder := json.NewDecoder(bytes.NewReader([]byte(output))); decoder.More(); {
		var r report
		if err := decoder.Decode(&r); err != nil {
			return nil, err
		}
		m.judge(&r)
		list = append(list, r)
	}
	return list, nil
}

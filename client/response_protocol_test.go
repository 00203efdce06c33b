package client_test

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
)

// The body of 101 Switching Protocols, which nobody asked for, is the connection: to read it would take for ever.
func TestAProtocolThatNobodyAskedForIsNotRead(t *testing.T) {
	for name, httpClient := range map[string]*http.Client{"transport": {}, "client": {Timeout: time.Minute}} {
		closed := false
		httpClient.Transport = transportFunc(func(*http.Request) (*http.Response, error) {
			resp := byHand(http.StatusSwitchingProtocols, "")
			resp.Body = connection{func() { t.Errorf("%s: the connection is read", name) }, func() { closed = true }}
			return resp, nil
		})
		_, err := newClient(t, testKey, client.WithHTTPClient(httpClient)).Organizations.Get(t.Context(), "org_01")
		failed := (*client.Error)(nil)
		if !errors.As(err, &failed) || failed.StatusCode != http.StatusSwitchingProtocols || !closed {
			t.Errorf("%s: got %v and closed %v, want an error of that status", name, err, closed)
		}
	}
}

// connection is the body of a response that is a connection.
type connection struct{ read, closed func() }

func (c connection) Read([]byte) (int, error) {
	c.read()
	return 0, io.EOF
}

func (c connection) Close() error {
	c.closed()
	return nil
}

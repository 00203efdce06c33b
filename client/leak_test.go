package client_test

import (
	"net/http"
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails the package if a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(closing{m}) }

// closing gives up the connections that the default transport keeps on purpose, before goroutines are looked for.
type closing struct{ m *testing.M }

func (c closing) Run() int {
	code := c.m.Run()
	http.DefaultClient.CloseIdleConnections()
	return code
}

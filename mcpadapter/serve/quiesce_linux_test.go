package serve

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"
)

// A listener that is quiesced accepts what is open already, and ignores what is new.
func TestAQuiescedListenerIgnoresNewConnections(t *testing.T) {
	var config net.ListenConfig
	config.SetMultipathTCP(false)
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	before, err := new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = before.Close() }()
	if !quiesce(listener) {
		t.Fatal("the kernel does not ignore connections")
	}
	if _, err := before.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	accepted, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = accepted.Close() }()
	if n, err := accepted.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Errorf("got %d %v, want what was sent", n, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond) // however long, nothing comes
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", listener.Addr().String())
	if failed := net.Error(nil); !errors.As(err, &failed) || !failed.Timeout() {
		t.Errorf("got %v %v, want the connection ignored", conn, err)
	}
	_ = listener.Close()
	if _, err := new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String()); err == nil {
		t.Error("got a connection, want none to a closed listener")
	}
}

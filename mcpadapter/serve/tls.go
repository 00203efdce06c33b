package serve

import (
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/spf13/pflag"
)

const (
	tlsCertFlag = "tls-cert"
	tlsKeyFlag  = "tls-key"
)

// tlsFiles are the files of a certificate and its key; the zero value means no TLS.
type tlsFiles struct{ cert, key string }

func tlsFlags(set *pflag.FlagSet, f *tlsFiles) {
	set.StringVar(&f.cert, tlsCertFlag, "",
		"serve TLS with the certificate chain in this PEM `file`, which is read again when it changes")
	set.StringVar(&f.key, tlsKeyFlag, "", "PEM `file` with the private key for --"+tlsCertFlag)
}

// scheme returns the scheme of the server's URLs.
func (f tlsFiles) scheme() string {
	if f.cert != "" {
		return "https"
	}
	return "http"
}

// serve returns the function that serves s on a listener, with TLS if there are files. It loads them, so that a
// mistake is found before anything listens.
func (f tlsFiles) serve(s *http.Server, logger *slog.Logger, m *Metrics) (func(net.Listener) error, error) {
	switch {
	case f == tlsFiles{}:
		return s.Serve, nil
	case f.cert == "" || f.key == "":
		return nil, usageError{fmt.Errorf("--%s and --%s: want both", tlsCertFlag, tlsKeyFlag)}
	}
	c := &certificates{files: f, logger: logger}
	if err := c.load(); err != nil {
		return nil, usageError{fmt.Errorf("--%s, --%s: %w", tlsCertFlag, tlsKeyFlag, err)}
	}
	m.gauge("mcp_tls_certificate_expiry_timestamp_seconds", c.expiry)
	s.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}
	return func(l net.Listener) error { return s.ServeTLS(l, "", "") }, nil // which offers HTTP/2
}

// certificates has the certificate of the server. Its files are read at each handshake, which costs a small part of
// what the handshake does, so that a renewed certificate is in use at once. It is safe for concurrent use.
type certificates struct {
	files  tlsFiles
	logger *slog.Logger

	mu     sync.Mutex
	read   [sha256.Size]byte // of what was read last, valid or not
	failed string            // the last error; "": none
	pair   *tls.Certificate  // the last valid one
}

// get is for [tls.Config.GetCertificate]. A pair that is broken or incomplete, as while files are replaced, leaves the
// previous one in use.
func (c *certificates) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.load()
	if err != nil && err.Error() != c.failed { // once, as anybody can ask for handshakes
		c.logger.Error("TLS: the certificate cannot be loaded; the previous one stays in use", "error", err)
		c.failed = err.Error()
	}
	return c.pair, nil
}

// load reads the files and replaces the pair if they have changed. The caller holds the mutex.
func (c *certificates) load() error {
	cert, err := os.ReadFile(c.files.cert)
	if err != nil {
		return fmt.Errorf("read the certificate: %w", err)
	}
	key, err := os.ReadFile(c.files.key)
	if err != nil {
		return fmt.Errorf("read the key: %w", err)
	}
	sum := sha256.Sum256(append(append(cert, 0), key...))
	if sum == c.read {
		return nil
	}
	c.read = sum
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return errors.New("load the certificate and key: " + err.Error())
	}
	renewed := c.pair != nil
	c.pair, c.failed = &pair, ""
	if renewed {
		c.logger.Info("TLS: the certificate was renewed", "not_after", pair.Leaf.NotAfter)
	}
	return nil
}

// expiry returns when the certificate in use expires, in seconds since 1970.
func (c *certificates) expiry() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return float64(c.pair.Leaf.NotAfter.Unix())
}

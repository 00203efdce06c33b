package serve

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// pair returns a certificate for 127.0.0.1 with a serial number, and its key, in PEM.
func pair(t *testing.T, serial int64) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	encode := func(kind string, b []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}))
	}
	return encode("CERTIFICATE", der), encode("PRIVATE KEY", secret)
}

// overTLS sends a request over a new connection that trusts certificates.
func overTLS(t *testing.T, url string, config *tls.Config, trusted ...string) (*http.Response, string, error) {
	t.Helper()
	config.RootCAs = x509.NewCertPool()
	for _, cert := range trusted {
		config.RootCAs.AppendCertsFromPEM([]byte(cert))
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(callBody(1, "teas.list", `{}`)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Key", "key-1")
	response, err := client.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return response, string(text), err
}

func TestARenewedCertificateIsUsedAndABrokenOneIsNot(t *testing.T) {
	cert1, key1 := pair(t, 1)
	cert2, key2 := pair(t, 2)
	certFile, keyFile := written(t, "cert.pem", cert1), written(t, "key.pem", key1)
	s := newStore(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	url, metrics, log, ended := started(t, ctx, s.api(), Process{}, "--tls-cert", certFile, "--tls-key", keyFile)
	if !strings.HasPrefix(url, "https://") {
		t.Fatalf("got %s, want https", url)
	}
	replace := func(file, text string) {
		t.Helper()
		if text == "" {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			return
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i, c := range []struct {
		what      string
		cert, key string
		serial    int64
		problems  int
	}{
		{"the first", cert1, key1, 1, 0},
		{"a certificate without its key", cert2, key1, 1, 1},
		{"the same again", cert2, key1, 1, 1},
		{"the whole pair", cert2, key2, 2, 1},
		{"no PEM", "-----BEGIN", key2, 2, 2},
		{"no file", "", key2, 2, 3},
		{"back again", cert1, key1, 1, 3},
	} {
		replace(certFile, c.cert)
		replace(keyFile, c.key)
		response, text, err := overTLS(t, url+mcpPath, &tls.Config{MinVersion: tls.VersionTLS12}, cert1, cert2)
		if err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		serial := response.TLS.PeerCertificates[0].SerialNumber.Int64()
		if serial != c.serial || response.ProtoMajor != 2 || response.StatusCode != http.StatusOK ||
			s.requests.Load() != int32(i+1) {
			t.Errorf("%s: got certificate %d, %s, %d %s, want certificate %d over HTTP/2", c.what, serial, response.Proto,
				response.StatusCode, text, c.serial)
		}
		if n := strings.Count(log.String(), "cannot be loaded"); n != c.problems {
			t.Errorf("%s: got %d problems in %s, want %d", c.what, n, log, c.problems)
		}
	}
	if _, text := get(t, metrics+"/metrics"); !strings.Contains(text, "mcp_tls_certificate_expiry_timestamp_seconds ") {
		t.Errorf("got %.300s, want the expiry of the certificate", text)
	}
	old := &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	if _, _, err := overTLS(t, url+mcpPath, old, cert1); err == nil {
		t.Error("got TLS 1.1, want at least 1.2")
	}
	if status, text := get(t, "http"+strings.TrimPrefix(url, "https")+"/healthz"); status != http.StatusBadRequest {
		t.Errorf("got %d %s without TLS, want 400", status, text)
	}
	if strings.Contains(log.String(), "PRIVATE") {
		t.Errorf("got a key in %s", log)
	}
	stop()
	if code := <-ended; code != ExitOK {
		t.Errorf("got %d: %s", code, log)
	}
}

func TestATLSPairThatIsWrongStopsTheStart(t *testing.T) {
	cert, key := pair(t, 1)
	_, other := pair(t, 2)
	certFile := written(t, "cert.pem", cert)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--tls-cert", certFile}, "--tls-cert and --tls-key: want both"},
		{[]string{"--tls-key", certFile}, "--tls-cert and --tls-key: want both"},
		{[]string{"--tls-cert", certFile, "--tls-key", "nowhere.pem"}, "--tls-cert, --tls-key: read the key: "},
		{[]string{"--tls-cert", "nowhere.pem", "--tls-key", certFile}, "--tls-cert, --tls-key: read the certificate: "},
		{[]string{"--tls-cert", certFile, "--tls-key", written(t, "key.pem", other)}, "private key does not match"},
		{[]string{"--tls-cert", written(t, "x", key), "--tls-key", written(t, "y", key)}, "load the certificate and key: "},
	} {
		code, _, stderr := printed(t, newStore(t).api(), nil, append([]string{"http", "--addr", "127.0.0.1:0"}, c.args...)...)
		if code != ExitUsage || !strings.Contains(stderr, c.want) || strings.Contains(stderr, "BEGIN") {
			t.Errorf("%v: got %d %s, want %q", c.args, code, stderr, c.want)
		}
	}
}

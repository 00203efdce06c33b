package vault_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestRekeyedStreamIsTheSameStream(t *testing.T) {
	w := newWire()
	v := w.vault(t)
	plaintext := random(chunkSize + 9)
	s := stream(t, v, plaintext, []byte("row"))
	var moved bytes.Buffer
	err := v.RekeyTo(t.Context(), &moved, bytes.NewReader(s), map[string]string{"organization_id": "org_02"})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.sent[1]; !strings.HasSuffix(got.path, "/rekey") || !strings.Contains(got.body, "org_02") {
		t.Errorf("sent: got %s %s, want the new context to rekey", got.path, got.body)
	}
	old, now := partsOf(s), partsOf(moved.Bytes())
	if bytes.Equal(s[old.keys:old.salt], moved.Bytes()[now.keys:now.salt]) {
		t.Error("got the same encrypted keys, want others")
	}
	if !bytes.Equal(s[old.salt:], moved.Bytes()[now.salt:]) {
		t.Error("got other bytes behind the encrypted keys, want the same")
	}
	if got, err := unstream(t, v, &moved, []byte("row")); err != nil || !bytes.Equal(got, plaintext) {
		t.Errorf("got %d bytes, error %v; want what was encrypted", len(got), err)
	}
}

func TestStreamsThatAreNotRekeyed(t *testing.T) {
	v := newWire().vault(t)
	s := stream(t, v, []byte("secret"), nil)
	foreign := stream(t, newWire().vault(t), []byte("secret"), nil)
	broken := errors.New("connection reset")
	for _, test := range []struct {
		name string
		src  io.Reader
		dst  io.Writer
		want []string
		text string
	}{
		{"keys of another environment", bytes.NewReader(foreign), io.Discard, []string{"data key"}, "400 bad_request"},
		{"no stream", strings.NewReader("secret"), io.Discard, []string{"format"}, "not a stream"},
		{"cut in the head", bytes.NewReader(s[:50]), io.Discard, []string{"truncated"}, "ends in its head"},
		{"failing source", io.MultiReader(bytes.NewReader(s[:220]), iotest.ErrReader(broken)), io.Discard, nil, "reset"},
		{"no room for the head", bytes.NewReader(s), &brokenWriter{10}, nil, "write the head of the stream: disk full"},
		{"no room for the rest", bytes.NewReader(s), &brokenWriter{len(s) - 1}, nil, "copy the chunks of the stream: disk"},
		{"no destination", bytes.NewReader(s), nil, nil, "src or dst is nil"},
		{"no source", nil, io.Discard, nil, "src or dst is nil"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := v.RekeyTo(t.Context(), test.dst, test.src, acme())
			if err == nil {
				t.Fatal("got no error")
			}
			wantOnly(t, err, test.want...)
			if !strings.HasPrefix(err.Error(), "workos/vault: rekey: ") || !strings.Contains(err.Error(), test.text) {
				t.Errorf("error: got %q, want workos/vault: rekey: … %s …", err, test.text)
			}
		})
	}
}

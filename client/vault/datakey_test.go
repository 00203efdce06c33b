package vault_test

import (
	"bytes"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/vault"
)

func TestRequestsThatFailAreNotThoseOfRefusedKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // some are repeated, after a wait
		refused := map[int]bool{400: true, 404: true, 422: true}
		for _, status := range []int{400, 401, 402, 403, 404, 405, 409, 413, 421, 422, 423, 429, 500, 503} {
			w := newWire()
			v := w.vault(t)
			s := stream(t, v, nil, nil)
			w.instead = func(*http.Request) *http.Response { return responseJSON(status, `{"message":"no"}`) }
			ways := bytes.Repeat([]byte{1}, 200)
			ways[0], ways[28], ways[48] = 3, 4, 5 // lengths of the keys, in three layouts
			unmarked := text(ways)
			var sink bytes.Buffer
			_, decryptErr := v.Decrypt(t.Context(), unmarked, nil)
			_, rekeyErr := v.Rekey(t.Context(), unmarked, nil)
			_, streamErr := v.DecryptFrom(t.Context(), bytes.NewReader(s), nil)
			streamRekeyErr := v.RekeyTo(t.Context(), &sink, bytes.NewReader(s), nil)
			for name, err := range map[string]error{
				"decrypt": decryptErr, "rekey": rekeyErr, "stream": streamErr, "rekey of a stream": streamRekeyErr,
			} {
				var failure *client.Error
				if !errors.As(err, &failure) || failure.StatusCode != status ||
					errors.Is(err, vault.ErrDataKey) != refused[status] {
					t.Errorf("%s, status %d: got %v, want the API's error, and ErrDataKey: %t", name, status, err, refused[status])
				}
			}
			if sink.Len() != 0 {
				t.Errorf("status %d: %d bytes of a stream were written, want none", status, sink.Len())
			}
			want := 2 + 2 // for the blob, of which no other reading is tried after a failure, and for the stream
			if refused[status] {
				want = 2*3 + 2
			}
			different := map[request]bool{}
			for _, r := range w.sent[1:] {
				different[r] = true
			}
			if len(different) != want {
				t.Errorf("status %d: got %d different requests, want %d", status, len(different), want)
			}
		}
	})
}

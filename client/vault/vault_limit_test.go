package vault_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/vault"
)

func TestKeyContextIsTakenUpToItsLimits(t *testing.T) {
	many := map[string]string{}
	for i := range 10 {
		many[strconv.Itoa(i)] = strings.Repeat("é", 490+i)
	}
	for name, keyContext := range map[string]map[string]string{
		"nil": nil, "empty": {}, "10 values": many, "499 characters": {"a": strings.Repeat("é", 499)},
		"500 characters": {"a": strings.Repeat("é", 500)}, "an empty value": {"a": ""}, "an empty name": {"": "a"},
		"a long name": {strings.Repeat("x", 1000): ""},
	} {
		w := newWire()
		v := w.vault(t)
		blob, err := v.Encrypt(t.Context(), nil, keyContext, nil)
		if err != nil {
			t.Errorf("%s: encrypt: %v", name, err)
		}
		if _, err := v.Rekey(t.Context(), blob, keyContext); err != nil {
			t.Errorf("%s: rekey: %v", name, err)
		}
		if keyContext == nil {
			keyContext = map[string]string{}
		}
		for _, r := range w.sent {
			var sent struct{ Context map[string]string }
			err := json.Unmarshal([]byte(r.body), &sent)
			if err != nil || sent.Context == nil || !maps.Equal(sent.Context, keyContext) {
				t.Errorf("%s: sent to %s: got %s, want the context", name, r.path, r.body)
			}
		}
		if len(w.sent) != 2 {
			t.Errorf("%s: got %d requests, want 2", name, len(w.sent))
		}
	}
}

// Each value is looked at, and where several cannot be, the first by name is told.
func TestEachValueOfTheKeyContextIsChecked(t *testing.T) {
	long := strings.Repeat("x", 501)
	tooLong := func(name string) string {
		return `key context value "` + name + `" has 501 characters: want at most 500`
	}
	invalid := func(name string) string { return `key context value "` + name + `": name or value is not valid UTF-8` }
	for _, test := range []struct {
		keyContext map[string]string
		want       string
	}{
		{map[string]string{"a": long, "b": "", "c": ""}, tooLong("a")},
		{map[string]string{"a": "", "b": long, "c": ""}, tooLong("b")},
		{map[string]string{"a": "", "b": "", "c": long}, tooLong("c")},
		{map[string]string{"a": "\xff", "b": long}, invalid("a")},
		{map[string]string{"a": "", "b": "\xff", "c": long}, invalid("b")},
		{map[string]string{"a": "", "\xff": ""}, invalid(`\xff`)},
	} {
		w := newWire()
		v := w.vault(t)
		var sink bytes.Buffer
		blob, s := text(make([]byte, 100)), strings.NewReader("x")
		_, err := v.Encrypt(t.Context(), nil, test.keyContext, nil)
		wantUnsent(t, w, 0, err, "workos/vault: encrypt: "+test.want)
		_, err = v.Rekey(t.Context(), blob, test.keyContext)
		wantUnsent(t, w, 0, err, "workos/vault: rekey: "+test.want)
		writer, err := v.EncryptTo(t.Context(), &sink, test.keyContext, nil)
		wantUnsent(t, w, 0, err, "workos/vault: encrypt: "+test.want)
		err = v.RekeyTo(t.Context(), &sink, s, test.keyContext)
		wantUnsent(t, w, 0, err, "workos/vault: rekey: "+test.want)
		if writer != nil || sink.Len() != 0 || s.Len() != 1 {
			t.Errorf("%s: got the writer %v, %d bytes written and %d to read; want nothing done", test.want, writer,
				sink.Len(), s.Len())
		}
	}
}

func TestNothingPrintsAKeyOrAPlaintext(t *testing.T) {
	const plaintext = "plaintext-to-hide"
	w := newWire()
	v := w.vault(t, vault.WithKeyReuse(10, 1<<40), vault.WithKeyCache(10, 1<<40))
	blob, err := v.Encrypt(t.Context(), []byte(plaintext), acme(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Decrypt(t.Context(), blob, nil); err != nil {
		t.Fatal(err)
	}
	var sink bytes.Buffer
	writer, err := v.EncryptTo(t.Context(), &sink, acme(), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = writer.Write([]byte(plaintext))
	show := func(value any) string {
		return fmt.Sprintf("%v %+v %#v %x %s ", value, value, value, value, value)
	}
	printed := show(writer)
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	reader, err := v.DecryptFrom(t.Context(), &sink, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = reader.Read(make([]byte, 5))
	printed += show(reader) + show(v)
	for _, secret := range append(w.given, []byte(plaintext), []byte(plaintext[5:])) {
		for _, form := range []string{string(secret), fmt.Sprintf("%d", secret), hex.EncodeToString(secret), text(secret)} {
			if strings.Contains(printed, strings.Trim(form, "[]=")) {
				t.Errorf("printed: %s", printed)
			}
		}
	}
}

package vault

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

var errSource = errors.New("connection reset")

func TestLengthOfTheKeysOfAStream(t *testing.T) {
	for _, test := range lengths() {
		src := bytes.NewReader(test.bytes)
		got, err := readLength(src)
		if got != test.want || !isOf(err, test.inStream) {
			t.Errorf("%x: got %d, %v; want %d, %s", test.bytes, got, err, test.want, test.inStream)
		}
		if src.Len() != test.rest {
			t.Errorf("%x: got %d bytes left, want %d", test.bytes, src.Len(), test.rest)
		}
	}
	got, err := readLength(io.MultiReader(strings.NewReader("\x80"), iotest.ErrReader(errSource)))
	if got != 0 || !errors.Is(err, errSource) || err.Error() != "read the head of the stream: connection reset" {
		t.Errorf("a source that fails: got %d, %v; want its error", got, err)
	}
}

func TestWhatIsNoStreamIsSaidToBe(t *testing.T) {
	const (
		blob    = "not a stream: for a blob, which is Base64, use Decrypt"
		another = "a stream of version 2; this package reads version 1"
	)
	for begin, says := range map[string]string{
		"": streamBytes, "\n": streamBytes, "\r\n": streamBytes, "secret": streamBytes, "secrets of many": streamBytes,
		"YWJj": blob, "YWJj\r\n": blob, "YWJjYWJjYWJj": blob, "YWI=": blob, "YW": streamBytes,
		magic[:1]: headWasCut, magic[:magicName-1]: headWasCut, magic[:magicName]: headWasCut, magic: headWasCut,
		magic[:magicName] + "\x02": another, magic[:magicName-1] + "\x01\x01": streamBytes,
		magic[:magicName-1] + "x": streamBytes, "x" + magic[1:]: streamBytes,
	} {
		h, err := readHead(strings.NewReader(begin))
		if !isOf(err, says) || h.encrypted != nil || h.tag != nil {
			t.Errorf("%q: got %v; want %s", begin, err, says)
		}
		if says == another && err != nil && err.Error() != ErrFormat.Error()+": "+another {
			t.Errorf("%q: got %v; want both versions", begin, err)
		}
	}
}

// A head that ends after any of its bytes, or whose source fails there.
func TestHeadThatIsCut(t *testing.T) {
	want := head{
		encrypted: bytes.Repeat([]byte{1}, 200), salt: bytes.Repeat([]byte{2}, saltSize),
		check: bytes.Repeat([]byte{3}, checkSize), tag: bytes.Repeat([]byte{4}, headTagSize),
	}
	whole := want.bytes()
	for n := range whole {
		if _, err := readHead(bytes.NewReader(whole[:n])); n > 0 && !isOf(err, headWasCut) {
			t.Errorf("%d of %d bytes: got %v; want that it was cut", n, len(whole), err)
		}
		src := io.MultiReader(bytes.NewReader(whole[:n]), iotest.ErrReader(errSource))
		if _, err := readHead(src); !errors.Is(err, errSource) || errors.Is(err, ErrTruncated) {
			t.Errorf("%d bytes, then an error: got %v; want that error", n, err)
		}
		wrapped := fmt.Errorf("proxy: %w", io.EOF)
		src = io.MultiReader(bytes.NewReader(whole[:n]), iotest.ErrReader(wrapped))
		if _, err := readHead(src); n > 0 && !isOf(err, headWasCut) {
			t.Errorf("%d bytes, then an error that is io.EOF: got %v; want that it was cut", n, err)
		}
	}
	got, err := readHead(iotest.OneByteReader(bytes.NewReader(append(slices.Clone(whole), 9))))
	if err != nil || !bytes.Equal(got.bytes(), whole) || !bytes.Equal(got.salt, want.salt) ||
		!bytes.Equal(got.check, want.check) || !bytes.Equal(got.tag, want.tag) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

package vault

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// head is the beginning of a stream.
type head struct{ encrypted, salt, check, tag []byte }

func (h head) bytes() []byte {
	length := binary.AppendUvarint(nil, uint64(len(h.encrypted)))
	return slices.Concat([]byte(magic), length, h.encrypted, h.salt, h.check, h.tag)
}

func readHead(src io.Reader) (head, error) {
	begin := make([]byte, len(magic))
	n, err := io.ReadFull(src, begin)
	switch begin = begin[:n]; {
	case !bytes.HasPrefix([]byte(magic), begin[:min(n, magicName)]) || n == 0 && errors.Is(err, io.EOF):
		return head{}, notStream(begin)
	case err != nil:
		return head{}, cutOff("head", err)
	case begin[magicName] != magic[magicName]:
		return head{}, fmt.Errorf("%w: a stream of version %d; this package reads version %d",
			ErrFormat, begin[magicName], magic[magicName])
	}
	length, err := readLength(src)
	if err != nil {
		return head{}, err
	}
	body := make([]byte, length+saltSize+checkSize+headTagSize)
	if _, err := io.ReadFull(src, body); err != nil {
		return head{}, cutOff("head", err)
	}
	p := parts{rest: body}
	return head{
		encrypted: p.next("encrypted keys", length), salt: p.next("salt", saltSize),
		check: p.next("check", checkSize), tag: p.next("tag", headTagSize),
	}, nil
}

func notStream(begin []byte) error {
	text := strings.TrimRight(string(begin), "\r\n")
	if _, err := base64.StdEncoding.DecodeString(text); err == nil && text != "" {
		return fmt.Errorf("%w: not a stream: for a blob, which is Base64, use Decrypt", ErrFormat)
	}
	return fmt.Errorf("%w: not a stream, which begins with the bytes %x", ErrFormat, magic)
}

// readLength reads the length of the encrypted keys, byte by byte.
func readLength(src io.Reader) (int, error) {
	text := make([]byte, 0, maxKeysLength)
	for len(text) < maxKeysLength {
		text = text[:len(text)+1]
		if _, err := io.ReadFull(src, text[len(text)-1:]); err != nil {
			return 0, cutOff("head", err)
		}
		if length, n := binary.Uvarint(text); length > 0 && length <= maxKeys {
			return int(length), nil
		} else if n != 0 {
			break
		}
	}
	return 0, fmt.Errorf("%w: encrypted keys of a length other than 1 to %d bytes", ErrFormat, maxKeys)
}

// cutOff distinguishes an early end of the stream from an error of its source.
func cutOff(where string, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: the stream ends in its %s", ErrTruncated, where)
	}
	return fmt.Errorf("read the %s of the stream: %w", where, err)
}

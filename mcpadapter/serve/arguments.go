package serve

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf16"
)

// maxArgumentBytes limits the arguments from a file or standard input.
const maxArgumentBytes = 4 << 20

// readArguments returns the arguments as given, from a file (@FILE) or from standard input (-).
func readArguments(from string, stdin io.Reader) ([]byte, error) {
	switch {
	case from == "-":
		return readUnicode(stdin)
	case strings.HasPrefix(from, "@"):
		file, err := os.Open(from[1:])
		if err != nil {
			return nil, fmt.Errorf("read the arguments: %w", err)
		}
		defer func() { _ = file.Close() }()
		return readUnicode(file)
	default:
		return []byte(from), nil
	}
}

// readUnicode reads UTF-8, or UTF-16 with a byte order mark, which Windows PowerShell writes. It drops the mark.
func readUnicode(in io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxArgumentBytes+1))
	if err == nil && len(data) > maxArgumentBytes {
		err = fmt.Errorf("more than %d bytes", maxArgumentBytes)
	}
	if err == nil {
		data, err = decodeText(data)
	}
	if err != nil {
		return nil, fmt.Errorf("read the arguments: %w", err)
	}
	return data, nil
}

func decodeText(data []byte) ([]byte, error) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xef, 0xbb, 0xbf}):
		return data[3:], nil
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return data, nil
	}
	data = data[2:]
	if len(data)%2 != 0 {
		return nil, errors.New("UTF-16 with an odd number of bytes")
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units))), nil
}

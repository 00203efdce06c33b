package served

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// Place is where the sandbox of a program is: nowhere, which is the zero value, in memory, in a file, or at the URL of
// one that serves. It is the value of a flag that may stand alone: without a value, or with the value true, the sandbox
// is in memory. It implements the interfaces of package flag and of pflag.
type Place struct{ text string }

const inMemory = "true"

// String returns the value of the flag.
func (p *Place) String() string {
	if p.text == "" {
		return "false"
	}
	return p.text
}

// Set sets the place to the value of the flag. The name of a file becomes that from the root, so that it is the same
// file for a program that is given the value in another directory.
func (p *Place) Set(text string) error {
	switch text {
	case "":
		return errors.New("want a file or a URL")
	case "false":
		p.text = ""
	default:
		p.text = text
		if path, err := filepath.Abs(text); err == nil && text != inMemory && p.URL() == "" {
			p.text = path
		}
	}
	return nil
}

// Type returns "bool", which says that the flag may stand alone.
func (*Place) Type() string { return "bool" }

// IsBoolFlag says that the flag may stand alone.
func (*Place) IsBoolFlag() bool { return true }

// Any reports whether there is a sandbox.
func (p *Place) Any() bool { return p.text != "" }

// URL returns the base URL of a sandbox that serves, or "".
func (p *Place) URL() string {
	if strings.HasPrefix(p.text, "http://") || strings.HasPrefix(p.text, "https://") {
		return p.text
	}
	return ""
}

// Open makes the sandbox in memory, or opens the file, which it creates if it does not exist. Each change is in the
// file before the response, and the file is released when the process ends.
func (p *Place) Open(opts ...sandbox.Option) (*sandbox.Sandbox, error) {
	if p.text == inMemory {
		return sandbox.New(opts...), nil
	}
	return sandbox.Open(p.text, opts...)
}

// Transport returns the transport and the base URL of a client: of the sandbox if there is one, which in memory or in a
// file is the transport itself, and otherwise those that are given. It fails if the file cannot be opened.
func (p *Place) Transport(
	transport http.RoundTripper, url string, opts ...sandbox.Option,
) (http.RoundTripper, string, error) {
	switch {
	case p.URL() != "":
		return transport, p.URL(), nil
	case !p.Any():
		return transport, url, nil
	}
	s, err := p.Open(opts...)
	if err != nil {
		return nil, "", fmt.Errorf("start the sandbox: %w", err)
	}
	return s, url, nil
}

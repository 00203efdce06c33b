package serve

import (
	"fmt"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// names is the flag --names. The zero value means auto: the style that each client accepts.
type names struct {
	fixed bool
	style mcpadapter.NameStyle
}

const (
	auto      = "auto"
	namesFlag = "names"
)

func (n names) MarshalText() ([]byte, error) {
	if !n.fixed {
		return []byte(auto), nil
	}
	return n.style.MarshalText()
}

func (n *names) UnmarshalText(text []byte) error {
	if string(text) == auto {
		*n = names{}
		return nil
	}
	var style mcpadapter.NameStyle
	if style.UnmarshalText(text) != nil {
		return fmt.Errorf("unknown style %.40q: want auto, dots, underscore or short", text)
	}
	*n = names{fixed: true, style: style}
	return nil
}

// styleFor returns the style of the tool names in the lists of a client.
func (n names) styleFor(client string) mcpadapter.NameStyle {
	if n.fixed {
		return n.style
	}
	return mcpadapter.StyleFor(client)
}

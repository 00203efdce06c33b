package serve

import "fmt"

// mode is the flag --mode: how operations are exposed.
type mode int

const (
	modeDirect  mode = iota // one tool for each operation
	modeDynamic             // a few tools that search, describe and call operations
)

const modeFlag = "mode"

func (m mode) MarshalText() ([]byte, error) {
	if m == modeDynamic {
		return []byte("dynamic"), nil
	}
	return []byte("direct"), nil
}

func (m *mode) UnmarshalText(text []byte) error {
	switch string(text) {
	case "direct":
		*m = modeDirect
	case "dynamic":
		*m = modeDynamic
	default:
		return fmt.Errorf("unknown mode %.40q: want direct or dynamic", text)
	}
	return nil
}

package main

import "fmt"

// mode is the flag --mode: which tools clients are told of. The zero value is what the environment says.
type mode int

const (
	modeUnset   mode = iota
	modeDirect       // one for each operation
	modeDynamic      // a few that search, describe and call operations
)

// modeEnv is the mode where no flag sets it.
const modeEnv = "WORKOS_MCP_MODE"

func (m mode) MarshalText() ([]byte, error) {
	switch m {
	case modeDirect:
		return []byte("direct"), nil
	case modeDynamic:
		return []byte("dynamic"), nil
	case modeUnset:
	}
	return nil, nil
}

func (m *mode) UnmarshalText(text []byte) error {
	switch string(text) {
	case "direct":
		*m = modeDirect
	case "dynamic":
		*m = modeDynamic
	default:
		return fmt.Errorf("%.40q is neither direct nor dynamic", text)
	}
	return nil
}

// mode is that of the flag, or else of the environment.
func (p process) mode(f flags) (mode, error) {
	m := f.mode
	if m != modeUnset {
		return m, nil
	}
	text := p.getenv(modeEnv)
	if text == "" {
		return modeDirect, nil
	}
	if err := m.UnmarshalText([]byte(text)); err != nil {
		return m, usageError{fmt.Errorf("%s: %w", modeEnv, err)}
	}
	return m, nil
}

package mcpadapter

import "fmt"

// Effect is what calling an operation does to the world.
type Effect int

// The effects, by [Annotations]: what is destructive is no mere write.
const (
	EffectRead Effect = iota
	EffectWrite
	EffectDestructive
)

// String returns the effect in a word: read, write or destructive.
func (e Effect) String() string {
	switch e {
	case EffectRead:
		return "read"
	case EffectWrite:
		return "write"
	case EffectDestructive:
		return "destructive"
	}
	return fmt.Sprintf("Effect(%d)", int(e))
}

// Effect returns the effect that the hints describe.
func (h Annotations) Effect() Effect {
	switch {
	case h.Destructive:
		return EffectDestructive
	case h.ReadOnly:
		return EffectRead
	}
	return EffectWrite
}

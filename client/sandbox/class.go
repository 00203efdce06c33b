package sandbox

// class is how far what responds to an operation is like WorkOS.
type class string

// The classes of operations.
const (
	behavior    class = "behavior"    // rules of its own, or a move or refusal that the description has
	generic     class = "generic"     // what method, path and schemas say: make, get, list, change, delete
	placeholder class = "placeholder" // a valid example; nothing is stored
)

// settle notes the class of a plan by what responds to it.
func (p *plan) settle(own bool) {
	switch {
	case own || p.facts.states != nil || len(p.facts.unique) > 0:
		p.class = behavior
	case p.example:
		p.class = placeholder
	default:
		p.class = generic
	}
}

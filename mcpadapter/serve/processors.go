package serve

const (
	// aloneFor is after how many requests in a row that had no company one processor is enough.
	aloneFor = 8
	// company is how many requests at once are worth more processors.
	company = 3
)

// processors decides how many processors a server of one client uses: one while requests come one by one, and all of
// them while several run at once. A call goes from goroutine to goroutine, and waking another processor for each of
// them takes longer than its step of the call. It is for one goroutine at a time.
type processors struct {
	set   func(n int) // as runtime.GOMAXPROCS; nil: nothing is set
	all   int
	one   bool // one is in use
	alone int  // requests in a row that had no company
}

// begun counts a request that begins. running is how many run now, with this one.
func (p *processors) begun(running int) {
	switch {
	case p.set == nil:
	case running >= company:
		p.alone = 0
		if p.one {
			p.one = false
			p.set(p.all)
		}
	case running > 1:
		p.alone = 0
	case !p.one:
		if p.alone++; p.alone == aloneFor {
			p.one = true
			p.set(1)
		}
	}
}

package serve

import "runtime"

// aloneFor is after how many requests in a row that had no company one processor is enough.
const aloneFor = 8

// How many requests at once are worth more processors.
const (
	// stdioCompany is for one client: two of its calls may share a processor.
	stdioCompany = 3
	// httpCompany is for many: no call waits for that of another client while a processor is idle.
	httpCompany = 2
)

// processors decides how many processors a server uses: one while requests come one by one, and all of them while
// several run at once. A call goes from goroutine to goroutine, and waking another processor for each of them takes
// longer than its step of the call. It is for one goroutine at a time.
type processors struct {
	set     func(one bool) // one processor or all; nil: nothing is set
	company int            // requests at once that are worth more

	one   bool // one is in use
	alone int  // requests in a row that had no company
}

// setProcessors has the process use one processor, or all that it may, which the control group can change later.
func setProcessors(one bool) {
	if one {
		runtime.GOMAXPROCS(1)
	} else {
		runtime.SetDefaultGOMAXPROCS()
	}
}

// begun counts a request that begins. running is how many run now, with this one.
func (p *processors) begun(running int) {
	switch {
	case p.set == nil:
	case running >= p.company:
		p.alone = 0
		if p.one {
			p.one = false
			p.set(false)
		}
	case running > 1:
		p.alone = 0
	case !p.one:
		if p.alone++; p.alone == aloneFor {
			p.one = true
			p.set(true)
		}
	}
}

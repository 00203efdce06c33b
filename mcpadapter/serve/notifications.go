package serve

import "github.com/mark3labs/mcp-go/mcp"

// notifications writes the notifications of the server one by one, in their order.
type notifications struct {
	queue   <-chan mcp.JSONRPCNotification // that mcp-go sends to
	out     func(mcp.JSONRPCNotification)
	flushes chan chan struct{} // each is closed when what is queued is written
	stop    chan struct{}      // closed at the end of the connection
}

func newNotifications(queue <-chan mcp.JSONRPCNotification, out func(mcp.JSONRPCNotification)) notifications {
	return notifications{queue: queue, out: out, flushes: make(chan chan struct{}), stop: make(chan struct{})}
}

// write writes notifications until stop is closed, and then those that are left.
func (n notifications) write() {
	for {
		select {
		case one := <-n.queue:
			n.out(one)
		case written := <-n.flushes:
			n.writeQueued()
			close(written)
		case <-n.stop:
			n.writeQueued()
			return
		}
	}
}

func (n notifications) writeQueued() {
	for range len(n.queue) {
		n.out(<-n.queue)
	}
}

// flush returns when all that is queued is written. It runs before a response, because clients discard the progress of
// a request that has ended (MCP revision 2025-11-25, basic/utilities/progress, "Behavior Requirements").
func (n notifications) flush() {
	written := make(chan struct{})
	select {
	case n.flushes <- written:
		<-written
	case <-n.stop:
	}
}

package serve

import (
	"net/http"
	"sync"
)

// workload is what an HTTP server works on at once: requests, also those that it refuses, and connections that are
// being opened, whose handshake takes a processor, too. It is safe for concurrent use; nil counts nothing.
type workload struct {
	mu         sync.Mutex
	running    int
	processors processors
}

// add counts one more, or one less.
func (w *workload) add(n int) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running += n; n > 0 {
		w.processors.begun(w.running)
	}
}

// handler counts the requests of next.
func (w *workload) handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(response http.ResponseWriter, r *http.Request) {
		w.add(1)
		defer w.add(-1)
		next.ServeHTTP(response, r)
	})
}

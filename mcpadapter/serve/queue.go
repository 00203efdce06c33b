package serve

import (
	fifo "container/list"
	"context"
	"errors"
	"sync"
	"time"
)

var (
	// errBusy means that the whole server has no room for a call.
	errBusy = errors.New("the server is busy")
	// errCallerBusy means that the caller has as many calls as it may have.
	errCallerBusy = errors.New("too many calls of this caller wait")
)

// queue limits the calls that run at once, in all and of each caller. Where there is no room a call waits, and callers
// take turns: one that sends many calls delays its own ones. It is safe for concurrent use.
type queue struct {
	limit, perCaller int           // calls that run
	spare            int           // of the limit: places for callers with few calls
	maxWaiting       int           // calls that wait
	patience         time.Duration // for which a call waits

	mu               sync.Mutex
	running, waiting int
	callers          map[string]*share
	ready            fifo.List // of *share: those whose turn comes, in order
}

// share is the part of a queue that one caller has.
type share struct {
	running int
	waiting fifo.List     // of *turn
	turn    *fifo.Element // in queue.ready; nil: no call waits, or as many run as may
}

// turn is a call that waits.
type turn struct {
	granted bool
	runs    chan struct{} // closed when it may run
}

func newQueue(limit, perCaller, maxWaiting int, patience time.Duration) *queue {
	return &queue{
		limit: limit, perCaller: perCaller, spare: limit / spareShare, maxWaiting: maxWaiting, patience: patience,
		callers: map[string]*share{},
	}
}

// enter waits until a call of the caller may run. The function that it returns must be called once, when the call has
// ended. The error is errBusy, errCallerBusy or that of the context.
func (q *queue) enter(ctx context.Context, caller string) (leave func(), err error) {
	leave = func() { q.leave(caller) }
	q.mu.Lock()
	s := q.callers[caller]
	if s == nil {
		s = &share{}
		q.callers[caller] = s
	}
	if q.room(s) { // then only callers wait that may not run now
		q.running++
		s.running++
		q.mu.Unlock()
		return leave, nil
	}
	// One caller has at most half of the places, so that there is one for others.
	switch full := q.waiting >= q.maxWaiting; {
	case s.waiting.Len() >= (q.maxWaiting+1)/2, full && s.running >= q.perCaller:
		err = errCallerBusy
	case full:
		err = errBusy
	}
	if err != nil {
		q.tidy(caller, s)
		q.mu.Unlock()
		return nil, err
	}
	t := &turn{runs: make(chan struct{})}
	element := s.waiting.PushBack(t)
	q.waiting++
	q.line(s)
	q.mu.Unlock()

	timeout := time.NewTimer(q.patience)
	defer timeout.Stop()
	select {
	case <-t.runs:
		return leave, nil
	case <-timeout.C:
		err = errBusy
	case <-ctx.Done():
		err = ctx.Err()
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if t.granted { // in the meantime
		return leave, nil
	}
	if s.running >= q.perCaller && errors.Is(err, errBusy) {
		err = errCallerBusy
	}
	s.waiting.Remove(element)
	q.waiting--
	q.line(s)
	q.tidy(caller, s)
	return nil, err
}

func (q *queue) leave(caller string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := q.callers[caller]
	q.running--
	s.running--
	q.line(s)
	for next := q.next(); next != nil; next = q.next() {
		q.ready.Remove(next.turn)
		next.turn = nil
		t, _ := next.waiting.Remove(next.waiting.Front()).(*turn)
		q.waiting--
		q.running++
		next.running++
		t.granted = true
		close(t.runs)
		q.line(next)
	}
	q.tidy(caller, s)
}

// A caller with fewCalls or more running leaves one of spareShare places to others: a handful of callers whose calls
// take long cannot keep everybody else waiting.
const (
	spareShare = 8
	fewCalls   = 8
)

// room reports whether one more call of a caller may run.
func (q *queue) room(s *share) bool {
	limit := q.limit
	if s.running >= fewCalls {
		limit -= q.spare
	}
	return q.running < limit && s.running < q.perCaller
}

// next returns the first caller in line of which a call may run, or nil.
func (q *queue) next() *share {
	if q.running >= q.limit {
		return nil
	}
	for e := q.ready.Front(); e != nil; e = e.Next() {
		if s, _ := e.Value.(*share); q.room(s) {
			return s
		}
	}
	return nil
}

// line has a caller wait for its turn if a call of it waits that may run.
func (q *queue) line(s *share) {
	switch waits := s.waiting.Len() > 0 && s.running < q.perCaller; {
	case waits && s.turn == nil:
		s.turn = q.ready.PushBack(s)
	case !waits && s.turn != nil:
		q.ready.Remove(s.turn)
		s.turn = nil
	}
}

// tidy forgets a caller without calls.
func (q *queue) tidy(caller string, s *share) {
	if s.running == 0 && s.waiting.Len() == 0 {
		delete(q.callers, caller)
	}
}

// state returns how many calls run and wait.
func (q *queue) state() (running, waiting int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.running, q.waiting
}

//go:build unix

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state/servertest"
)

const (
	chaosEvents  = 3000
	chaosActions = 60
	chaosSeed    = 20260102
	chaosTerm    = time.Second
	poison       = chaosEvents / 2 // the event whose handler panics
	isVictim     = "WORKOS_TEST_VICTIM"
	hang         = 2 * time.Minute // limits only what hangs
)

func TestMain(m *testing.M) {
	if os.Getenv(isVictim) == "" {
		os.Exit(m.Run())
	}
	if err := victim(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "victim:", err)
		os.Exit(1)
	}
}

// victim is the program, but for the poison. It writes a line to a file for each attempt at that.
func victim(database, attemptsFile string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	c, err := workos.FromEnv()
	if err != nil {
		return err
	}
	m, err := open(ctx, database, users, chaosTerm)
	if err != nil {
		return err
	}
	defer m.close()
	handler := func(ctx context.Context, e *events.Event) error {
		if e.ID != strconv.Itoa(poison) {
			return m.handle(ctx, e)
		}
		file, err := os.OpenFile(attemptsFile, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintln(file, os.Getpid())
		_ = file.Close()
		_ = m.handle(ctx, e) // what it does before must be undone
		panic("poison")
	}
	consumer, err := newConsumer(ctx, c, m, handler, chaosTerm,
		events.WithPollInterval(50*time.Millisecond), events.WithBackoff(time.Millisecond, 300*time.Millisecond))
	if err != nil {
		return err
	}
	return consumer.Run(ctx)
}

// chaos kills, stops and cuts off two consumers while they handle events.
type chaos struct {
	*testing.T

	database, attempts string
	cut                func() // the connections to the database
	mayBlock           bool   // a process that is stopped in a transaction blocks the other
	server             *httptest.Server
	processes          [2]*process
	reached            atomic.Int64 // the highest cursor that was asked for
	leader             atomic.Int64 // who asked last
	counts             map[string]int
}

// process keeps a victim running until it is ended, as a supervisor does.
type process struct {
	mu       sync.Mutex
	running  *os.Process
	ended    bool
	restarts int
	done     chan struct{}
}

func (p *process) signal(s os.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running != nil {
		_ = p.running.Signal(s) // it may have ended
	}
}

func (c *chaos) supervise(number int) *process {
	p := &process{done: make(chan struct{})}
	go func() {
		defer close(p.done)
		for {
			p.mu.Lock()
			if p.ended {
				p.mu.Unlock()
				return
			}
			started, err := os.StartProcess(os.Args[0], []string{os.Args[0], c.database, c.attempts}, &os.ProcAttr{
				Env: append(os.Environ(), isVictim+"=1", "WORKOS_API_KEY=sk_test_key",
					fmt.Sprintf("WORKOS_BASE_URL=%s/%d", c.server.URL, number)),
			})
			p.running = started
			p.restarts++
			p.mu.Unlock()
			if err != nil {
				c.Errorf("start: %v", err)
				return
			}
			_, _ = started.Wait()
			time.Sleep(10 * time.Millisecond)
		}
	}()
	return p
}

// await waits until the events before that number are handled, or for some time.
func (c *chaos) await(number int, atMost time.Duration) bool {
	for end := time.Now().Add(atMost); c.reached.Load() < int64(number); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

func (c *chaos) mustAwait(number int) {
	c.Helper()
	if !c.await(number, hang) {
		c.Fatalf("%d events are handled after %v, want %d", c.reached.Load(), hang, number)
	}
}

func (c *chaos) run() {
	c.counts = map[string]int{}
	random := rand.New(rand.NewPCG(chaosSeed, 1))
	c.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		number, err := strconv.Atoi(strings.Trim(strings.TrimSuffix(r.URL.Path, "/events"), "/"))
		if err != nil {
			c.Errorf("path %q: %v", r.URL.Path, err)
		}
		begin := int64(pageOf(c.T, w, r, chaosEvents))
		c.leader.Store(int64(number))
		for old := c.reached.Load(); begin > old && !c.reached.CompareAndSwap(old, begin); old = c.reached.Load() {
		}
	}))
	defer c.server.Close()
	begin := time.Now()
	for i := range c.processes {
		c.processes[i] = c.supervise(i)
	}
	defer func() {
		for _, p := range c.processes {
			p.mu.Lock()
			p.ended = true
			p.mu.Unlock()
			p.signal(syscall.SIGCONT)
			p.signal(syscall.SIGTERM)
		}
		for _, p := range c.processes {
			<-p.done
		}
	}()
	for k := range chaosActions {
		c.mustAwait(chaosEvents * k / chaosActions)
		time.Sleep(time.Duration(random.IntN(20)) * time.Millisecond) // wherever they are by then
		target := c.processes[c.leader.Load()]
		if random.IntN(4) == 0 {
			target = c.processes[random.IntN(2)]
		}
		c.act(random.IntN(3), target)
	}
	c.mustAwait(chaosEvents)
	starts := c.processes[0].restarts + c.processes[1].restarts
	c.Logf("seed %d: %d events, %d kills, %d stops (%d replaced while stopped), %d cuts, %d starts of processes, %v",
		uint64(chaosSeed), chaosEvents, c.counts["kill"], c.counts["stop"], c.counts["replaced"], c.counts["cut"], starts,
		time.Since(begin).Round(time.Second))
}

func (c *chaos) act(kind int, target *process) {
	switch kind {
	case 0:
		c.counts["kill"]++
		target.signal(syscall.SIGKILL)
	case 1:
		c.counts["stop"]++
		target.signal(syscall.SIGSTOP)
		next := min(int(c.reached.Load())+20, chaosEvents)
		if c.await(next, map[bool]time.Duration{true: 3 * chaosTerm, false: hang}[c.mayBlock]) {
			c.counts["replaced"]++
		} else if !c.mayBlock {
			c.Errorf("nobody has replaced a process that is stopped after %v", hang)
		}
		target.signal(syscall.SIGCONT)
	default:
		c.counts["cut"]++
		c.server.CloseClientConnections()
		c.cut()
	}
}

// check fails unless each event has had its effect once, in order, and the poison none but its dead letter.
func (c *chaos) check(d database) {
	c.Helper()
	wantState(c.T, d, sequence(chaosEvents, poison), fmt.Sprintf("ada%d@example.com", chaosEvents-1), chaosEvents-1)
	dead := d.query(c.T, "SELECT event || ': ' || error FROM dead_letters")
	if len(dead) != 1 || !strings.HasPrefix(dead[0], strconv.Itoa(poison)+": ") {
		c.Errorf("dead letters: got %q, want that of event %d", dead, poison)
	}
	text, err := os.ReadFile(c.attempts)
	lines := strings.Fields(string(text))
	if err != nil || len(lines) == 0 || len(lines) > attempts {
		c.Errorf("attempts at the poison: got %q, %v; want 1 to %d", lines, err, attempts)
	}
	c.Logf("%d changes, each once and in order; dead letter %q after %d attempts", chaosEvents-1, dead, len(lines))
}

type postgresDatabase struct{ url string }

func (d *postgresDatabase) query(t *testing.T, query string) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), d.url)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	asText := strings.Replace(strings.Replace(query, "SELECT ", "SELECT (", 1), " FROM ", ")::text FROM ", 1)
	rows, err := conn.Query(t.Context(), asText)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	values, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return values
}

func TestEachEventTakesEffectOnceInPostgreSQL(t *testing.T) {
	server := servertest.PostgreSQL(t)
	d := &postgresDatabase{server.URL}
	c := &chaos{T: t, database: server.URL, attempts: filepath.Join(t.TempDir(), "attempts")}
	c.cut = func() {
		d.query(t, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = 'test'")
	}
	c.run()
	c.check(d)
}

func TestEachEventTakesEffectOnceInSQLite(t *testing.T) {
	d := &sqliteDatabase{filepath.Join(t.TempDir(), "users.db")}
	c := &chaos{
		T: t, database: d.file, attempts: filepath.Join(t.TempDir(), "attempts"), cut: func() {}, mayBlock: true,
	}
	c.run()
	c.check(d)
}

package serve

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mark3labs/mcp-go/server"
)

func TestAMessageMayHaveAsManyValuesAsAllowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		message := func(id string, items int) string {
			return `{"jsonrpc":"2.0","id":` + id + `,"method":"ping","params":{"x":[0` + strings.Repeat(",0", items) + "]}}\n"
		}
		most := maxValues - 7 // those of the rest
		d := &dialog{}
		in := strings.NewReader(message("1", most) + message("2", most+1))
		err := Stdio(t.Context(), server.NewMCPServer("test", "1"), in, &d.out, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Split(strings.TrimSpace(d.out.String()), "\n")
		slices.Sort(got)
		want := []string{
			`{"jsonrpc":"2.0","id":1,"result":{}}`,
			`{"jsonrpc":"2.0","id":2,"error":{"code":-32600,"message":"the message has more than 10000 JSON values"}}`,
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestALastLineNeedsNoEnd(t *testing.T) {
	for line, want := range map[string]string{
		"{": "null -32700 Parse error",
		`{"jsonrpc":"2.0","id":1,"method":"ping"}`: "1 ",
	} {
		synctest.Test(t, func(t *testing.T) {
			d := talk(t)
			d.in <- line
			close(d.in)
			d.wantEnd(t, 0)
			d.wantOutput(t, want)
		})
	}
}

// A request that waits for room when the connection ends is never worked on.
func TestARequestThatWaitsForRoomEndsWithTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := talk(t)
		for i := range maxRequests + 1 {
			d.say(toolCall(strconv.Itoa(100+i), "hold"))
		}
		d.stop()
		synctest.Wait()
		d.let(maxRequests)
		d.wantEnd(t, 0)
		if n := d.started.Load(); n != maxRequests {
			t.Errorf("got %d calls, want the %d that had room", n, maxRequests)
		}
		close(d.in)
	})
}

// initialized serves a client that has said that it is ready. ended is closed when the server has ended.
func initialized(t *testing.T, out io.Writer) (s *server.MCPServer, in feed, ended chan struct{}) {
	t.Helper()
	s, in, ended = server.NewMCPServer("test", "1"), make(feed, 10), make(chan struct{})
	go func() {
		defer close(ended)
		_ = Stdio(t.Context(), s, in, out, slog.New(slog.DiscardHandler))
	}()
	in <- initialize + "\n"
	in <- `{"jsonrpc":"2.0","method":"notifications/initialized"}` + "\n"
	return s, in, ended
}

func TestNotificationsOfTheServerAreWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out shared
		s, in, ended := initialized(t, &out)
		synctest.Wait()
		for i := range 3 {
			s.SendNotificationToAllClients("notifications/message", map[string]any{"data": "hello"})
			synctest.Wait()
			if got := strings.Count(out.String(), `"method":"notifications/message"`); got != i+1 {
				t.Errorf("got %s, want %d notifications", out.String(), i+1)
			}
		}
		close(in)
		<-ended
	})
}

// Clients forget the token of a request with its response, and report progress that comes later as an error.
func TestProgressIsWrittenBeforeTheResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := talk(t)
		d.say(initialize, `{"jsonrpc":"2.0","method":"notifications/initialized"}`)
		for i := range 20 {
			before := len(d.out.String())
			d.say(toolCall(strconv.Itoa(10+i), "progress"))
			written := d.out.String()[before:]
			progress, rest, _ := strings.Cut(written, `"done"`)
			n := strings.Count(progress, `"notifications/progress"`)
			if n != maxNotifications || strings.Contains(rest, "progress") {
				t.Errorf("got %d notifications before the response, then %s, want %d", n, rest, maxNotifications)
			}
		}
		close(d.in)
		d.wantEnd(t, 0)
	})
}

// slow is an output that takes a second for each write.
type slow struct{ shared }

func (s *slow) Write(b []byte) (int, error) {
	time.Sleep(time.Second)
	return s.shared.Write(b)
}

func TestTheEndWaitsForNotifications(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out slow
		s, in, ended := initialized(t, &out)
		time.Sleep(time.Minute)
		for range 3 {
			s.SendNotificationToAllClients("notifications/message", map[string]any{"data": "hello"})
		}
		close(in)
		<-ended
		if got := strings.Count(out.String(), `"method":"notifications/message"`); got != 3 {
			t.Errorf("got %s, want each notification before the end", out.String())
		}
	})
}

// A request that no longer stays open leaves its room to another, however often that happens.
func TestARequestThatIsClosedLeavesItsRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := talk(t)
		for i := range 2*maxListening + 1 {
			id := strconv.Itoa(i + 1)
			d.say(`{"jsonrpc":"2.0","id":`+id+`,"method":"`+methodListen+`"}`, cancelOf(id))
		}
		if got := d.out.String(); strings.Contains(got, "subscriptions are open already") {
			t.Errorf("got %s, want room for each", got)
		}
		close(d.in)
		d.wantEnd(t, 0)
	})
}

func TestRequestsThatStayOpenAreLimitedApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out shared
		c := newConnection(server.NewMCPServer("test", "1"), &out, slog.New(slog.DiscardHandler))
		var open, plain []*inFlight
		for i := range maxListening {
			open = append(open, c.begin(t.Context(), "open "+strconv.Itoa(i), true))
		}
		if c.begin(t.Context(), "too many", true) != nil {
			t.Errorf("more than %d requests stay open", maxListening)
		}
		c.receive(t.Context(), []byte(`{"jsonrpc":"2.0","id":7,"method":"`+methodListen+`"}`))
		if got := out.String(); !strings.Contains(got, strconv.Itoa(maxListening)+" subscriptions are open already") {
			t.Errorf("got %q, want a refusal", got)
		}
		for i := range maxRequests {
			plain = append(plain, c.begin(t.Context(), strconv.Itoa(i), false))
		}
		for i, r := range slices.Concat(open, plain) {
			if r == nil {
				t.Fatalf("request %d has no room", i)
			}
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			c.drain(drainTime, func() {})
		}()
		synctest.Wait()
		for _, r := range open {
			if r.ctx.Err() == nil {
				t.Error("the end does not cancel what stays open")
			}
		}
		for _, r := range plain {
			if r.ctx.Err() != nil {
				t.Error("the end cancels a request that it should wait for")
			}
		}
		<-ended
	})
}

// No request is logged for a server without the fast path: mcp-go logs what it wants.
func TestServersOfOthersLogTheirRequestsThemselves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logs shared
		s, in := server.NewMCPServer("test", "1"), make(feed, 1)
		in <- `{"jsonrpc":"2.0","id":1,"method":"ping"}` + "\n"
		close(in)
		logger := slog.New(slog.NewTextHandler(&logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
		if err := Stdio(context.WithoutCancel(t.Context()), s, in, io.Discard, logger); err != nil {
			t.Fatal(err)
		}
		if got := logs.String(); got != "" {
			t.Errorf("got the log %q, want none", got)
		}
	})
}

package serve

import (
	"errors"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/mark3labs/mcp-go/server"
)

// The input ends by itself, or a signal ends the reading of it.
func TestTheEndWaitsForWhatRuns(t *testing.T) {
	hold1, hold2, ping := toolCall("1", "hold"), toolCall("2", "hold"), `{"jsonrpc":"2.0","id":3,"method":"ping"}`
	for name, c := range map[string]struct {
		lines []string
		waits int // for so many calls to be released
		want  []string
	}{
		"nothing":   {nil, 0, nil},
		"a request": {[]string{ping}, 0, []string{"3 "}},
		"a call":    {[]string{hold1}, 1, []string{"1 released"}},
		"two calls": {[]string{hold1, hold2}, 2, []string{"1 released", "2 released"}},
		"an ID twice": {[]string{hold1, hold1}, 1, []string{
			"null -32600 the id 1 is that of a request that still runs", "1 released",
		}},
		"a call and a request": {[]string{hold1, ping}, 1, []string{"3 ", "1 released"}},
		"a notification":       {[]string{`{"jsonrpc":"2.0","method":"notifications/initialized"}`}, 0, nil},
		"null as ID": {[]string{toolCall("null", "hold")}, 0, []string{
			"null -32600 the id must be a string or an integer",
		}},
		"a response":           {[]string{`{"jsonrpc":"2.0","id":9,"result":{}}`}, 0, nil},
		"an error":             {[]string{`{"jsonrpc":"2.0","id":9,"error":{}}`}, 0, nil},
		"a canceled call":      {[]string{hold1, cancelOf("1")}, 0, nil},
		"the same ID":          {[]string{toolCall("1.0", "hold"), cancelOf("1")}, 0, nil},
		"the same text":        {[]string{toolCall(`"a"`, "hold"), cancelOf(`"\u0061"`)}, 0, nil},
		"another ID":           {[]string{hold1, cancelOf("2"), cancelOf(`"1"`)}, 1, []string{"1 released"}},
		"no ID":                {[]string{hold1, cancelOf("null")}, 1, []string{"1 released"}},
		"one of two":           {[]string{hold1, hold2, cancelOf("1")}, 1, []string{"2 released"}},
		"canceled twice":       {[]string{hold1, cancelOf("1"), cancelOf("1"), hold2}, 1, []string{"2 released"}},
		"a later one of an ID": {[]string{hold1, cancelOf("1"), hold1}, 1, []string{"1 released"}},
		"a call that asks": {[]string{toolCall("1", "ask")}, 0, []string{
			"1 elicitation/create", "1 error: elicitation/create: " + errClientGone.Error(),
		}},
		"one of two asks": {[]string{toolCall("1", "ask"), hold2}, 1, []string{
			"1 elicitation/create", "1 error: elicitation/create: " + errClientGone.Error(), "2 released",
		}},
	} {
		for _, by := range []string{"the input", "a signal"} {
			t.Run(name+", "+by, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					d := talk(t)
					d.say(c.lines...)
					if by == "the input" {
						close(d.in)
					} else {
						d.stop()
						defer close(d.in)
					}
					synctest.Wait()
					if ended := d.ended.Load() != nil; ended != (c.waits == 0) {
						t.Errorf("got an end: %t, want to wait for %d calls", ended, c.waits)
					}
					d.let(c.waits)
					d.wantEnd(t, 0)
					d.wantOutput(t, c.want...)
				})
			})
		}
	}
}

func TestTheEndWaitsTwoMinutesAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := talk(t)
		d.say(toolCall("1", "hold"))
		close(d.in)
		d.wantEnd(t, drainTime)
		d.wantOutput(t, "1 canceled")
	})
}

// A tool that does not end with its context cannot hold up the end of the program.
func TestTheEndWaitsForNoToolThatIgnoresIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := talk(t)
		d.say(toolCall("1", "deaf"))
		close(d.in)
		d.wantEnd(t, drainTime+cancelTime)
		if log := d.log.String(); !strings.Contains(log, "requests did not end when they were canceled") {
			t.Errorf("got the log %q, want it to say that a request did not end", log)
		}
		d.let(1)
	})
}

func TestAfterASignalNoMessageIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := talk(t)
		d.say(toolCall("1", "hold"))
		d.stop()
		synctest.Wait()
		d.say(toolCall("2", "hold"))
		if n := d.started.Load(); n != 1 {
			t.Errorf("got %d calls, want the one before the signal", n)
		}
		d.let(1)
		d.wantEnd(t, 0)
		d.wantOutput(t, "1 released")
		close(d.in)
	})
}

func TestNoMoreRequestsRunThanAreAllowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := talk(t)
		for i := range maxRequests + 2 {
			d.say(toolCall(strconv.Itoa(100+i), "hold"))
		}
		if n := d.started.Load(); n != maxRequests {
			t.Errorf("got %d calls at once, want %d", n, maxRequests)
		}
		d.let(1)
		if n := d.started.Load(); n != maxRequests+1 {
			t.Errorf("got %d calls after the first, want one more", n)
		}
		close(d.in)
		d.let(maxRequests + 1)
		d.wantEnd(t, 0)
	})
}

// What waits for the client's person leaves its place to others, whose responses would never be read otherwise.
func TestCallsThatAskLeaveTheirPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := talk(t)
		for i := range maxQuestions + 1 {
			d.say(toolCall(strconv.Itoa(100+i), "ask"))
		}
		d.say(toolCall("1", "hold"))
		d.let(1)
		d.say(`{"jsonrpc":"2.0","id":1,"result":{"action":"accept"}}`, `{"jsonrpc":"2.0","id":2,"error":{"message":"no"}}`)
		got := d.out.String()
		for _, want := range []string{
			errTooManyAsked.Error(), `"text":"accept"`, `"text":"error: elicitation/create: the client failed: no"`,
			`"text":"released"`,
		} {
			if strings.Count(got, want) != 1 {
				t.Errorf("got %s, want %s once", got, want)
			}
		}
		close(d.in)
		d.wantEnd(t, 0)
	})
}

func TestWhatFollowsInitializeWaitsForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := talk(t)
		d.in <- initialize + "\n" + `{"jsonrpc":"2.0","id":1,"method":"ping"}` + "\n"
		close(d.in)
		d.wantEnd(t, 0)
		if got := d.out.String(); !strings.HasPrefix(got, `{"jsonrpc":"2.0","id":0,"result":{"protocolVersion"`) {
			t.Errorf("got %s, want the response to initialize first", got)
		}
	})
}

func TestAnInputThatFailsCancelsWhatRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := talk(t)
		d.say(toolCall("1", "hold"))
		d.in <- "" // an error
		synctest.Wait()
		if err := d.ended.Load(); err == nil || *err == nil || (*err).Error() != "serve stdio: reset" {
			t.Errorf("got %v, want the error of the input", err)
		}
		d.wantOutput(t, "1 canceled")
	})
}

// Nothing more is done for a client that reads no more.
func TestAnOutputThatFailsCancelsWhatRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := talk(t)
		d.say(toolCall("1", "hold"))
		d.out.mu.Lock()
		d.out.fail = errors.New("no space left on device")
		d.out.mu.Unlock()
		d.say(toolCall("2", "hold"))
		d.let(1)
		d.wantEnd(t, 0)
		if log := d.log.String(); !strings.Contains(log, `msg="write a response" error="no space left on device"`) {
			t.Errorf("got the log %q, want the error of the output", log)
		}
		close(d.in)
	})
}

func TestASecondConnectionIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := server.NewMCPServer("test", "1")
		in := make(feed)
		var first sync.WaitGroup
		first.Go(func() { _ = Stdio(t.Context(), s, in, io.Discard, slog.New(slog.DiscardHandler)) })
		synctest.Wait()
		err := Stdio(t.Context(), s, in, io.Discard, slog.New(slog.DiscardHandler))
		if !errors.Is(err, server.ErrSessionExists) {
			t.Errorf("got %v, want %v", err, server.ErrSessionExists)
		}
		close(in)
		first.Wait()
	})
}

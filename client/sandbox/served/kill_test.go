//go:build unix

package served_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestStateSurvivesKills kills the server as often as the constant kills says, at random points of its work. The file can be read each time, and all
// that was responded to is in it.
func TestStateSurvivesKills(t *testing.T) {
	t.Parallel()
	state := t.TempDir() + "/state"
	random := rand.New(rand.NewPCG(1, 2))
	stored := map[string]bool{} // names of organizations that were responded to
	sent := 0
	for n := range kills {
		cmd, url := start(t, "--state", state)
		var mu sync.Mutex
		var writers sync.WaitGroup
		enough := make(chan struct{})
		want := len(stored) + random.IntN(12)
		for w := range 3 {
			writers.Go(func() {
				for i := 0; ; i++ {
					// Long names have the file written anew now and then.
					name := fmt.Sprintf("%d-%d-%d %s", n, w, i, strings.Repeat("x", 20_000))
					status, _, err := request(t.Context(), "POST", url+"/organizations", `{"name":"`+name+`"}`)
					if err != nil {
						return // killed
					}
					mu.Lock()
					sent++
					if status == 201 {
						stored[name] = true
					} else {
						t.Errorf("got %d", status)
					}
					if len(stored) == want+1 {
						close(enough)
					}
					mu.Unlock()
				}
			})
		}
		<-enough
		time.Sleep(time.Duration(random.IntN(4000)) * time.Microsecond) // into a request, or between two
		kill(t, cmd)
		writers.Wait()
	}
	_, url := start(t, "--state", state)
	found, after := map[string]bool{}, ""
	for {
		var page struct {
			Data []struct {
				Name string `json:"name"`
			} `json:"data"`
			Metadata struct {
				After string `json:"after"`
			} `json:"list_metadata"`
		}
		query := "?limit=100"
		if after != "" {
			query += "&after=" + after
		}
		text := must(t, 200, "GET", url+"/organizations"+query, "")
		if err := json.Unmarshal([]byte(text), &page); err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Data {
			if found[o.Name] {
				t.Errorf("%.20s is there twice", o.Name)
			}
			found[o.Name] = true
		}
		if after = page.Metadata.After; after == "" {
			break
		}
	}
	for name := range stored {
		if !found[name] {
			t.Errorf("%.20s is lost", name)
		}
	}
	if extra := len(found) - len(stored); extra < 0 || extra > 3*kills {
		t.Errorf("got %d things more than were responded to, want at most the requests in flight", extra)
	}
	t.Logf("%d kills, %d responses, %d things stored", kills, sent, len(found))
}

func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // which says that it was killed
}

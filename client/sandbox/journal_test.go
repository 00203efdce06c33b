package sandbox_test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

func open(t *testing.T, name string) *sandbox.Sandbox {
	t.Helper()
	sb, err := sandbox.Open(name, sandbox.WithSeed(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sb.Close() })
	return sb
}

func TestContentIsThereWhenTheFileIsOpenedAgain(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "state")
	sb := open(t, name)
	org := create(t, sb, "/organizations", fields{"name": "Acme", "domains": []string{"acme.com"}})
	gone := create(t, sb, "/organizations", fields{"name": "Gone"})
	must(t, sb, http.StatusOK, "PUT", "/organizations/"+org, fields{"metadata": fields{"tier": "gold", "html": "<b>&"}})
	must(t, sb, http.StatusAccepted, "DELETE", "/organizations/"+gone, nil)
	sendAs(t, sb, "sk_other", "GET", "/organizations", nil)
	sendAs(t, sb, "sk_third", "POST", "/organizations", fields{"name": "Third"})
	want, events := sandbox.Content(sb), get(t, sb, "/events?events=organization.created")
	if err := sb.Close(); err != nil {
		t.Fatal(err)
	}
	a := send(t, sb, "POST", "/organizations", fields{"name": "Late"})
	if a.status != http.StatusInternalServerError {
		t.Errorf("after Close: got %d %s, want 500", a.status, a.text)
	}
	for range 2 {
		sb = open(t, name)
		for _, change := range changes(want, sandbox.Content(sb)) {
			t.Error(change)
		}
		if got := get(t, sb, "/events?events=organization.created"); fmt.Sprint(got) != fmt.Sprint(events) {
			t.Errorf("got %v, want %v", got, events)
		}
		if err := sb.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v %v, want mode 0600", info.Mode(), err)
	}
}

func TestLinesCutShortCountForNothing(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "state")
	sb := open(t, name)
	sizes := []int{fileSize(t, name)} // before and after each request
	for i := range 3 {
		create(t, sb, "/organizations", fields{"name": strconv.Itoa(i)})
		sizes = append(sizes, fileSize(t, name))
	}
	if err := sb.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for size := sizes[0]; size <= len(text); size += 1 + size%41 {
		if err := os.WriteFile(name, text[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		want := 0
		for want < 3 && size >= sizes[want+1] {
			want++
		}
		again := open(t, name)
		if got := len(list(get(t, again, "/organizations")["data"])); got != want {
			t.Fatalf("%d of %d bytes: got %d organizations, want %d", size, len(text), got, want)
		}
		create(t, again, "/organizations", fields{"name": "after"})
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
		again = open(t, name)
		if got := len(list(get(t, again, "/organizations")["data"])); got != want+1 {
			t.Fatalf("%d of %d bytes: got %d organizations after one more, want %d", size, len(text), got, want+1)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDamagedFilesAreRefused(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "state")
	sb := open(t, name)
	create(t, sb, "/organizations", fields{"name": "Acme"})
	if err := sb.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for wrong, want := range map[string]string{
		"no snapshot":                       "no snapshot",
		"{}\n":                              "line 1: workos_sandbox: version 0: want 1",
		string(text) + "{}\n":               "environment 0: random",
		string(text) + "[\n":                "line ",
		string(text) + `{"index":7}` + "\n": "environment 7: want at most 1",
		strings.Replace(string(text), "{", "", 1): "line 1: ",
	} {
		if err := os.WriteFile(name, []byte(wrong), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := sandbox.Open(name)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: got %v, want %s", wrong, err, want)
		}
		if after, _ := os.ReadFile(name); !bytes.Equal(after, []byte(wrong)) {
			t.Errorf("%.40s: the file was changed", wrong)
		}
	}
}

// TestFileIsWrittenAnewAsItGrows has the same thing changed until its changes are most of the file.
func TestFileIsWrittenAnewAsItGrows(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "state")
	sb := open(t, name)
	org := "/organizations/" + create(t, sb, "/organizations", fields{"name": "Acme"})
	largest := 0
	for i := range 60 {
		must(t, sb, http.StatusOK, "PUT", org, fields{"metadata": fields{"pad": strings.Repeat("x", 500), "n": strconv.Itoa(i)}, "name": strings.Repeat("é", 30_000)})
		largest = max(largest, fileSize(t, name))
	}
	if largest < 1<<20 || fileSize(t, name) >= largest {
		t.Errorf("got %d bytes after at most %d, want fewer after more than 1 MiB", fileSize(t, name), largest)
	}
	want := sandbox.Content(sb)
	if err := sb.Close(); err != nil {
		t.Fatal(err)
	}
	for _, change := range changes(want, sandbox.Content(open(t, name))) {
		t.Error(change)
	}
}

// TestRefusedWriteChangesNothing has a directory in the place of the file that would replace the sandbox's.
func TestRefusedWriteChangesNothing(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "state")
	sb := open(t, name)
	create(t, sb, "/organizations", fields{"name": "Acme"})
	if err := os.MkdirAll(filepath.Join(name+".tmp", "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	snapshot, before := sb.Snapshot(), sandbox.Content(sb)
	if err := sb.Restore(snapshot); err == nil {
		t.Error("Restore: got no error, want that of the file")
	}
	refused(t, sb, http.StatusInternalServerError, "POST", "/organizations", fields{"name": "Other"})
	if err := os.RemoveAll(name + ".tmp"); err != nil {
		t.Fatal(err)
	}
	create(t, sb, "/organizations", fields{"name": "Other"})
	if got := len(changes(before, sandbox.Content(sb))); got != 2 {
		t.Errorf("got %d changes, want an organization and its event", got)
	}
	want := sandbox.Content(sb)
	if err := sb.Close(); err != nil {
		t.Fatal(err)
	}
	for _, change := range changes(want, sandbox.Content(open(t, name))) {
		t.Error(change)
	}
}

func TestResetEmptiesTheFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "state")
	sb := open(t, name)
	create(t, sb, "/organizations", fields{"name": "Acme"})
	sb.Reset()
	if err := sb.Close(); err != nil {
		t.Fatal(err)
	}
	if got := list(get(t, open(t, name), "/organizations")["data"]); len(got) > 0 {
		t.Errorf("got %v, want nothing", got)
	}
}

func fileSize(t *testing.T, name string) int {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return int(info.Size())
}

// The file is replaced as it grows, which must leave the link in its place.
func TestFileBehindALink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "below"), 0o700); err != nil {
		t.Fatal(err)
	}
	target, link := filepath.Join(dir, "below", "state"), filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join("below", "state"), link); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{link, target, link} { // at first the target does not exist
		sb := open(t, name)
		create(t, sb, "/organizations", fields{"name": "Acme"})
		sb.Reset()
		create(t, sb, "/organizations", fields{"name": "Acme"})
		if err := sb.Close(); err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(target); err != nil || bytes.Count(text, []byte(`"Acme"`)) != 1 {
			t.Errorf("%s: got %s, %v, want the organization in the target", name, text, err)
		}
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().IsRegular() {
		t.Errorf("got %v, %v, want the link as it was", info, err)
	}
}

func TestOnlyRegularFilesAreOpened(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	loop := filepath.Join(dir, "loop")
	_ = os.Symlink(loop, loop)
	socket, err := new(net.ListenConfig).Listen(t.Context(), "unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Skip(err)
	}
	defer func() { _ = socket.Close() }()
	for _, name := range []string{dir, socket.Addr().String(), loop} {
		if sb, err := sandbox.Open(name); err == nil {
			t.Errorf("%s: got %v, want an error", name, sb)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 2 {
		t.Errorf("got %v, %v, want nothing written", left, err)
	}
	if info, err := os.Lstat(socket.Addr().String()); err != nil || info.Mode().IsRegular() {
		t.Errorf("got %v, %v, want the socket as it was", info, err)
	}
}

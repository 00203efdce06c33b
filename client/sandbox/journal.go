package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/seed-f165d83c/workos/client/internal/durable"
)

// journal is the file of a sandbox: a snapshot in the first line, and the changes of one transaction in each further
// one. A line that lacks its line feed was being written when the program ended, and counts for nothing.
type journal struct {
	name   string
	file   *os.File
	base   int64 // bytes of the first line
	size   int64
	broken bool // whether the file may differ from what is in memory, and has to be written anew
	unlock func() error
}

// slack is how many bytes of changes a file may have, beside twice the size of its snapshot, before it is written anew.
const slack = 1 << 20

// Open returns a sandbox whose content is in a file. It creates the file if it does not exist. Each request that
// changes something is in the file before its response is sent, so the program may be killed at any time. The file is
// not synced to the disk before [Sandbox.Close]: after a crash of the system the latest changes may be missing. It has
// mode 0600, as it contains API keys.
//
// One process at a time may have the file open, as far as the system has flock; another gets an error after two
// seconds. Open follows links and rejects anything but a regular file. The file belongs to the version of this module
// that wrote it.
func Open(name string, opts ...Option) (*Sandbox, error) {
	s := New(opts...)
	given := name
	name, err := regularFile(given)
	if err != nil {
		return nil, fmt.Errorf("workos/sandbox: open %s: %w", given, err)
	}
	unlock, err := lockFile(name + ".lock")
	if err != nil {
		return nil, fmt.Errorf("workos/sandbox: open: %w", err)
	}
	s.journal = &journal{name: name, unlock: unlock}
	if err := s.open(); err != nil {
		return nil, fmt.Errorf("workos/sandbox: open %s: %w", name, errors.Join(err, unlock()))
	}
	return s, nil
}

// regularFile returns the name of the file that links lead to, which need not exist. It rejects anything else, because
// a new file replaces the old one now and then: /dev/null would no longer be a device.
func regularFile(name string) (string, error) {
	const maxLinks = 40
	for range maxLinks {
		info, err := os.Lstat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return name, nil
		case err != nil:
			return "", err //nolint:wrapcheck // package os names operation and file
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := os.Readlink(name)
			if err != nil {
				return "", err //nolint:wrapcheck // as above
			}
			if !filepath.IsAbs(target) {
				target = filepath.Join(filepath.Dir(name), target)
			}
			name = target
		case !info.Mode().IsRegular():
			return "", errors.New("not a regular file")
		default:
			return name, nil
		}
	}
	return "", errors.New("too many links")
}

// Close syncs and closes the file of a sandbox that [Open] returned. Later requests that change something get status
// 500. It does nothing for other sandboxes, or when called again.
func (s *Sandbox) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := s.journal
	if j == nil || j.unlock == nil {
		return nil
	}
	err := errors.Join(j.file.Sync(), j.file.Close(), j.unlock())
	j.unlock, j.broken = nil, true
	if err != nil {
		return fmt.Errorf("workos/sandbox: close: %w", err)
	}
	return nil
}

func (s *Sandbox) open() error {
	j := s.journal
	text, err := os.ReadFile(j.name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(text) == 0 {
		return s.rewrite()
	}
	if err != nil {
		return err //nolint:wrapcheck // package os names operation and file
	}
	whole := text[:bytes.LastIndexByte(text, '\n')+1]
	if s.content, err = readJournal(s.ready(), whole); err != nil {
		return err
	}
	for _, env := range s.environments {
		env.sandbox = s
	}
	j.base, j.size = int64(bytes.IndexByte(whole, '\n')+1), int64(len(whole))
	if j.file, err = os.OpenFile(j.name, os.O_WRONLY, 0); err != nil {
		return err //nolint:wrapcheck // as above
	}
	if err := j.file.Truncate(j.size); err != nil {
		return err //nolint:wrapcheck // as above
	}
	_, err = j.file.Seek(j.size, 0)
	return err //nolint:wrapcheck // as above
}

// readJournal reads the lines of a file.
func readJournal(ix *index, text []byte) (content, error) {
	var c content
	number := 0
	for line := range bytes.Lines(text) {
		number++
		var err error
		if number == 1 {
			c, err = restore(ix, line)
		} else {
			var saved savedEnvironment
			if err = json.Unmarshal(line, &saved); err == nil {
				err = c.load(ix, saved)
			}
		}
		if err != nil {
			return content{}, fmt.Errorf("line %d: %w", number, err)
		}
	}
	if number == 0 {
		return content{}, errors.New("no snapshot")
	}
	return c, nil
}

// record writes the open transaction of an environment to the file.
func (s *Sandbox) record(env *environment) error {
	j := s.journal
	if j == nil || len(env.store.changed) == 0 {
		return nil
	}
	if j.broken || j.size > 2*j.base+slack {
		return s.rewrite()
	}
	i := 0
	for s.environments[i] != env {
		i++
	}
	return j.append(env.saveChanges(i))
}

// append writes to the file which key an environment has.
func (s *Sandbox) append(i int) {
	if s.journal != nil && !s.journal.broken {
		_ = s.journal.append(s.environments[i].head(i)) // the next write reports it, or succeeds
	}
}

func (j *journal) append(saved savedEnvironment) error {
	line, err := json.Marshal(saved)
	if err == nil {
		line = append(line, '\n')
		j.size += int64(len(line))
		_, err = j.file.Write(line)
	}
	if err != nil {
		j.broken = true
		return fmt.Errorf("write the state: %w", err)
	}
	return nil
}

// rewrite replaces the file by one with a snapshot alone, which includes the open transaction.
func (s *Sandbox) rewrite() error {
	j := s.journal
	switch {
	case j == nil:
		return nil
	case j.unlock == nil:
		return fmt.Errorf("write the state: %w", fs.ErrClosed)
	}
	text := append(s.save(), '\n')
	file, err := replaceFile(j.name, text)
	if err != nil {
		j.broken = true
		return fmt.Errorf("write the state: %w", err)
	}
	if j.file != nil {
		_ = j.file.Close() // of the file that was replaced
	}
	j.file, j.base, j.size, j.broken = file, int64(len(text)), int64(len(text)), false
	return nil
}

// replaceFile replaces a file by a new one, which it returns open for writing at its end.
func replaceFile(name string, text []byte) (*os.File, error) {
	temporary := name + ".tmp"
	file, err := durable.Create(temporary, text)
	if err != nil {
		return nil, err
	}
	err = os.Rename(temporary, name)
	if err == nil {
		err = durable.SyncDir(filepath.Dir(name))
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// lockFile locks a file for this process, and waits two seconds for another.
func lockFile(name string) (unlock func() error, err error) {
	const tries, pause = 100, 20 * time.Millisecond
	for range tries {
		unlock, err = durable.TryLock(name)
		if !errors.Is(err, durable.ErrLocked) {
			return unlock, err
		}
		time.Sleep(pause)
	}
	return nil, fmt.Errorf("%s: %w: if it serves a sandbox, give its URL instead", name, durable.ErrLocked)
}

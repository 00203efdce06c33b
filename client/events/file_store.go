package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/seed-f165d83c/workos/client/internal/durable"
)

const maxCheckpoint = 4 << 10 // bytes

// FileStore is a [Store] in a file. Several processes of one machine may share it on a local file system: each save
// locks name + ".lock", which stays, where the system has locks (flock; on Windows and Solaris use one process). It is
// safe for concurrent use. Create it with [NewFileStore].
type FileStore struct {
	name string
	mu   sync.Mutex
}

// NewFileStore returns a store in the named file, whose directory must exist. It rejects an empty name. Save writes
// name + ".tmp" and renames it, so that the file always contains one whole checkpoint. No symbolic link at name +
// ".tmp" or name + ".lock" is followed.
//
// NewFileStore checks that the directory is writable, by creating and removing a file, so that a consumer that could
// not save its checkpoint does not start.
func NewFileStore(name string) (*FileStore, error) {
	if name == "" {
		return nil, errors.New("workos/events: NewFileStore: file name is empty")
	}
	s := &FileStore{name: name}
	if err := s.probe(); err != nil {
		return nil, fmt.Errorf("workos/events: NewFileStore: %w", err)
	}
	return s, nil
}

// probe writes what Save writes, but for the file itself.
func (s *FileStore) probe() error {
	return s.locked(func() error {
		temporary := s.name + ".tmp"
		return errors.Join(writeSynced(temporary, nil), os.Remove(temporary))
	})
}

// locked calls f while no other process calls it.
func (s *FileStore) locked(f func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	unlock, err := durable.Lock(s.name + ".lock")
	if err != nil {
		return fmt.Errorf("lock the checkpoint: %w", err)
	}
	return errors.Join(f(), unlock())
}

// Load reads the file. A file without a valid checkpoint is an error; a missing file is the zero Checkpoint.
func (s *FileStore) Load(context.Context) (Checkpoint, error) {
	text, err := os.ReadFile(s.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Checkpoint{}, nil
	case err != nil:
		return Checkpoint{}, fmt.Errorf("read the checkpoint: %w", err)
	case len(text) > maxCheckpoint:
		return Checkpoint{}, fmt.Errorf("read the checkpoint: %s has %d bytes: not a checkpoint", s.name, len(text))
	}
	var c Checkpoint
	if err := json.Unmarshal(text, &c); err != nil {
		return Checkpoint{}, fmt.Errorf("read the checkpoint: %s: %w", s.name, err)
	}
	if c.Equal(Checkpoint{}) {
		return Checkpoint{}, fmt.Errorf("read the checkpoint: %s has none", s.name)
	}
	return c, nil
}

// Save implements [Store]. When it returns nil, the new file has been synced to disk; after an earlier crash the old
// file is intact. It rejects checkpoints that Load would reject, such as the zero value.
func (s *FileStore) Save(ctx context.Context, previous, next Checkpoint) error {
	text, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("encode the checkpoint: %w", err)
	}
	text = append(text, '\n')
	switch {
	case next.Equal(Checkpoint{}):
		return errors.New("write the checkpoint: zero checkpoint: remove the file instead")
	case len(text) > maxCheckpoint:
		return fmt.Errorf("write the checkpoint: %d bytes: want at most %d", len(text), maxCheckpoint)
	}
	return s.locked(func() error {
		stored, err := s.Load(ctx)
		if err != nil {
			return err
		}
		if replace, err := compare(stored, previous, next); !replace {
			return err
		}
		return s.replace(text)
	})
}

func (s *FileStore) replace(text []byte) error {
	temporary := s.name + ".tmp"
	if err := writeSynced(temporary, text); err != nil {
		return fmt.Errorf("write the checkpoint: %w", err)
	}
	if err := os.Rename(temporary, s.name); err != nil {
		return fmt.Errorf("replace the checkpoint: %w", err)
	}
	if err := durable.SyncDir(filepath.Dir(s.name)); err != nil {
		return fmt.Errorf("write the checkpoint: %w", err)
	}
	return nil
}

func writeSynced(name string, text []byte) error {
	file, err := durable.Create(name, text)
	if err != nil {
		return err
	}
	return file.Close() //nolint:wrapcheck // names operation and file
}

package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

const maxCheckpoint = 4 << 10 // bytes

// FileStore is a [Store] in a file, for one process at a time. Create it with [NewFileStore].
type FileStore struct{ name string }

// NewFileStore returns a store in the named file, whose directory must exist. It rejects an empty name. Save writes
// name + ".tmp" and renames it, so that the file always contains one whole checkpoint.
func NewFileStore(name string) (*FileStore, error) {
	if name == "" {
		return nil, errors.New("workos/events: NewFileStore: file name is empty")
	}
	return &FileStore{name}, nil
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
	if c.isZero() {
		return Checkpoint{}, fmt.Errorf("read the checkpoint: %s has none", s.name)
	}
	return c, nil
}

// Save replaces the file. When it returns, the new file has been synced to disk; after an earlier crash the old file is
// intact. It rejects checkpoints that Load would reject, such as the zero value.
func (s *FileStore) Save(_ context.Context, c Checkpoint) error {
	text, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode the checkpoint: %w", err)
	}
	text = append(text, '\n')
	switch {
	case c.isZero():
		return errors.New("write the checkpoint: zero checkpoint: remove the file instead")
	case len(text) > maxCheckpoint:
		return fmt.Errorf("write the checkpoint: %d bytes: want at most %d", len(text), maxCheckpoint)
	}
	temporary := s.name + ".tmp"
	if err := writeSynced(temporary, text); err != nil {
		return fmt.Errorf("write the checkpoint: %w", err)
	}
	if err := os.Rename(temporary, s.name); err != nil {
		return fmt.Errorf("replace the checkpoint: %w", err)
	}
	if err := syncDir(filepath.Dir(s.name)); err != nil {
		return fmt.Errorf("write the checkpoint: %w", err)
	}
	return nil
}

func writeSynced(name string, text []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // the caller's file
	if err != nil {
		return err //nolint:wrapcheck // package os names operation and file
	}
	_, err = file.Write(text)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// syncDir makes a rename durable. Windows has no equivalent.
func syncDir(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(name) //nolint:gosec // the caller's file
	if err != nil {
		return err //nolint:wrapcheck // as above
	}
	return errors.Join(dir.Sync(), dir.Close())
}

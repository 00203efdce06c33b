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

// FileStore is a [Store] in a file: for one process at a time, on a disk that survives it. [NewFileStore] makes it.
type FileStore struct{ name string }

// NewFileStore returns a store in the file of that name, in a directory that exists. A file name of "" is an error.
// Beside it, name + ".tmp" is written and renamed, so that the file always holds one whole checkpoint.
func NewFileStore(name string) (*FileStore, error) {
	if name == "" {
		return nil, errors.New("workos events: the file name of the store is empty")
	}
	return &FileStore{name}, nil
}

// Load reads the file. A file that is there and holds no checkpoint is an error, not a new beginning.
func (s *FileStore) Load(context.Context) (Checkpoint, error) {
	text, err := os.ReadFile(s.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Checkpoint{}, nil
	case err != nil:
		return Checkpoint{}, fmt.Errorf("read the checkpoint: %w", err)
	case len(text) > maxCheckpoint:
		return Checkpoint{}, fmt.Errorf("read the checkpoint: %s has %d bytes and is no checkpoint", s.name, len(text))
	}
	var c Checkpoint
	if err := json.Unmarshal(text, &c); err != nil {
		return Checkpoint{}, fmt.Errorf("read the checkpoint: %s: %w", s.name, err)
	}
	if c.isZero() {
		return Checkpoint{}, fmt.Errorf("read the checkpoint: %s holds none", s.name)
	}
	return c, nil
}

// Save replaces the file. When it returns, the new one has reached the disk, as far as the system tells; if the process
// or the machine dies before, the old one is still there. What Load would refuse, such as the zero checkpoint, is not
// saved.
func (s *FileStore) Save(_ context.Context, c Checkpoint) error {
	text, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode the checkpoint: %w", err)
	}
	text = append(text, '\n')
	switch {
	case c.isZero():
		return errors.New("write the checkpoint: it is zero; remove the file instead")
	case len(text) > maxCheckpoint:
		return fmt.Errorf("write the checkpoint: it has %d bytes, at most %d are read again", len(text), maxCheckpoint)
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
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // as the caller says
	if err != nil {
		return err //nolint:wrapcheck // it names operation and file, as all of package os
	}
	_, err = file.Write(text)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// syncDir makes a rename durable, which on Unix is a matter of the directory. Windows has no way to ask for it.
func syncDir(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(name) //nolint:gosec // as the caller says
	if err != nil {
		return err //nolint:wrapcheck // as above
	}
	return errors.Join(dir.Sync(), dir.Close())
}

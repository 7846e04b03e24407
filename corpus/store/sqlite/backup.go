package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tuogou/corpus/store"
)

// Backup writes the database of the data folder dir, as it stands at one moment,
// into the folder dest, which is made and must not hold one. Another process may
// write meanwhile. The copy is whole or not there, and on the disk when Backup
// returns.
func Backup(ctx context.Context, dir, dest string) error {
	s, err := open(ctx, dir, store.Options{ReadOnly: true}, migrations)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := makeFolder(dest); err != nil {
		return err
	}
	whole := filepath.Join(dest, fileName)
	if _, err := os.Stat(whole); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("back up to %s: a %s is there already: name an empty folder: %w", dest, fileName, store.ErrInvalid)
	}
	part := whole + ".part"
	defer os.Remove(part) // nothing to remove once it has its name
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("back up to %s: %w", dest, err)
	}
	if _, err := s.read.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		return s.fail("back up", err)
	}
	if err := flush(part); err != nil {
		return fmt.Errorf("back up to %s: %w", dest, err)
	}
	if err := os.Rename(part, whole); err != nil {
		return fmt.Errorf("back up to %s: %w", dest, err)
	}
	_ = flush(dest) // some systems cannot sync a folder
	return nil
}

func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

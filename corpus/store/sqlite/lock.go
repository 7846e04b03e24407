package sqlite

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tuogou/corpus/store"
)

// lock is the right to write to a folder. It is a lock of the operating
// system, gone with its process however that ends, so none can be left behind;
// the number in the file only tells people who holds it.
type lock struct{ file *os.File }

func acquire(dir string) (*lock, error) {
	file, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, folderError(dir, err)
	}
	held, err := tryLock(file)
	if err != nil || !held {
		pid := holder(file)
		_ = file.Close()
		if err != nil {
			return nil, fmt.Errorf("open store %s: cannot lock it: %w", dir, err)
		}
		return nil, &store.LockedError{Dir: dir, PID: pid}
	}
	l := &lock{file}
	if err := l.sign(); err != nil {
		_ = l.release()
		return nil, folderError(dir, err)
	}
	return l, nil
}

// sign writes the number of this process over that of an earlier one, padded,
// so that it never has to be cut and is never seen empty.
func (l *lock) sign() error {
	_, err := l.file.WriteAt(fmt.Appendf(nil, "%-20d\n", os.Getpid()), 0)
	return err
}

func (l *lock) release() error { return l.file.Close() }

func holder(file *os.File) int {
	data, err := io.ReadAll(io.LimitReader(file, 64))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		return 0
	}
	return pid
}

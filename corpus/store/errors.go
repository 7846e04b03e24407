package store

import (
	"errors"
	"fmt"
)

// Errors that callers branch on. Those returned wrap them with the operation,
// the identity and, where something can be done, what to do.
var (
	ErrNotFound = errors.New("not in the store")
	ErrInvalid  = errors.New("cannot be stored")
	ErrCorrupt  = errors.New("stored data is damaged")
	ErrReadOnly = errors.New("the store is open for reading only")
	ErrClosed   = errors.New("the store is closed")
	ErrLocked   = errors.New("the data folder is in use")
	ErrNewer    = errors.New("the data folder is from a newer version of tuogou")
	ErrFull     = errors.New("the disk is full")
	ErrMoved    = errors.New("the ledger has gone on")
	// ErrUnreachable comes from stores behind a network only.
	ErrUnreachable = errors.New("the database cannot be reached")
)

// LockedError says which process holds the folder. It wraps ErrLocked.
type LockedError struct {
	Dir string
	PID int // 0 where unknown
}

func (e *LockedError) Error() string {
	pid := "unknown"
	if e.PID > 0 {
		pid = fmt.Sprint(e.PID)
	}
	return fmt.Sprintf("another tuogou is writing to this data folder (pid %s): %s: wait for it or stop it", pid, e.Dir)
}

// Unwrap makes errors.Is(err, ErrLocked) true.
func (e *LockedError) Unwrap() error { return ErrLocked }

//go:build !linux

package postgres

import "syscall"

// control leaves the connection to the habits of the system.
func control(string, string, syscall.RawConn) error { return nil }

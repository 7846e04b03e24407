package postgres

import (
	"strings"
	"syscall"
)

const tcpUserTimeout = 18 // TCP_USER_TIMEOUT of tcp(7), which package syscall does not name

// control bounds how long bytes that were sent may wait to be taken: by itself the
// kernel tries for a quarter of an hour.
func control(network, _ string, c syscall.RawConn) (err error) {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	if e := c.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(silence.Milliseconds()))
	}); e != nil {
		return e
	}
	return err
}

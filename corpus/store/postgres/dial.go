package postgres

import (
	"net"
	"time"
)

// silence is how long a connection may go without a sign from the other side, so that
// a cut network is noticed before the lease is over.
const silence = 20 * time.Second

func dialer() *net.Dialer {
	return &net.Dialer{Control: control, KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 2}}
}

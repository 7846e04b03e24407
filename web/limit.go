package web

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// limit turns away who asks too fast, and lets no more than Options.Busy requests be
// worked on at once: the rest wait, for as long as their reader does.
func (s *server) limit(next http.Handler) http.Handler {
	s.rates = rates{per: float64(orElse(s.opt.Rate, 50)), seen: map[string]*allowance{}}
	s.busy = make(chan struct{}, orElse(s.opt.Busy, 64))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			host = r.RemoteAddr
		}
		// On this machine there is one reader, whose own programs may ask as fast as they like.
		if ip := net.ParseIP(host); (ip == nil || !ip.IsLoopback()) && !s.rates.allow(host, time.Now()) {
			w.Header().Set("Retry-After", "2")
			s.newRequest(w, r).fail(http.StatusTooManyRequests, "")
			return
		}
		select {
		case s.busy <- struct{}{}:
			defer func() { <-s.busy }()
			next.ServeHTTP(w, r)
		case <-r.Context().Done():
			s.newRequest(w, r).fail(http.StatusServiceUnavailable, "")
		}
	})
}

func orElse(n, instead int) int {
	if n == 0 {
		return instead
	}
	return n
}

// rates keeps what each address may still ask: a bucket that fills at a steady rate and
// holds what a page with its files and a quick reader take.
type rates struct {
	per  float64 // a second
	mu   sync.Mutex
	seen map[string]*allowance
}

type allowance struct {
	left float64
	at   time.Time
}

// maxAddresses is how many are remembered; beyond it those that have not asked for a
// while are forgotten.
const maxAddresses = 10000

func (r *rates) allow(address string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	burst := 4 * r.per
	a := r.seen[address]
	if a == nil {
		if len(r.seen) >= maxAddresses {
			r.forget(now)
		}
		a = &allowance{left: burst, at: now}
		r.seen[address] = a
	}
	a.left = min(burst, a.left+r.per*now.Sub(a.at).Seconds())
	a.at = now
	if a.left < 1 {
		return false
	}
	a.left--
	return true
}

func (r *rates) forget(now time.Time) {
	for k, a := range r.seen {
		if now.Sub(a.at) > time.Minute {
			delete(r.seen, k)
		}
	}
	if len(r.seen) >= maxAddresses {
		clear(r.seen)
	}
}

package crawler

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestIsPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"114.114.114.114": true, "2400:3200::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "0.0.0.0": false,
		"100.64.1.1": false, "198.18.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "240.0.0.1": false,
		"::1": false, "::": false, "fe80::1": false, "fd00::1": false, "ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:db8::1": false,
	} {
		if got := isPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: public is %v", address, got)
		}
	}
}

// Neither an address, nor a name that leads there, nor a redirect takes the
// crawler to this machine.
func TestPrivateAddressesAreNotAsked(t *testing.T) {
	var asked atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer inside.Close()
	u, err := url.Parse(inside.URL)
	if err != nil {
		t.Fatal(err)
	}
	private := func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	mixed := func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("114.114.114.114"), netip.MustParseAddr("127.0.0.1")}, nil
	}
	// The first answer is public, the second is not: the connection is checked.
	turns := 0
	changing := func(context.Context, string) ([]netip.Addr, error) {
		if turns++; turns == 1 {
			return []netip.Addr{netip.MustParseAddr("114.114.114.114")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	for _, tt := range []struct {
		why, address string
		resolve      func(context.Context, string) ([]netip.Addr, error)
	}{
		{"the address itself", inside.URL, nil},
		{"IPv6 that holds IPv4", "http://[::ffff:127.0.0.1]:" + u.Port(), nil},
		{"a name", "http://inside.example:" + u.Port(), private},
		{"one of two addresses", "http://inside.example:" + u.Port(), mixed},
		{"another answer the second time", "http://inside.example:" + u.Port(), changing},
	} {
		t.Run(tt.why, func(t *testing.T) {
			c, err := NewClient(Options{Delay: -1, Timeout: 5 * time.Second, Resolve: tt.resolve})
			if err != nil {
				t.Fatal(err)
			}
			defer c.http.CloseIdleConnections()
			_, err = c.Fetch(context.Background(), Request{URL: tt.address})
			var end *HostError
			if !errors.As(err, &end) || !strings.Contains(end.Reason, "not public") {
				t.Errorf("got %v", err)
			}
		})
	}
	if asked.Load() > 0 {
		t.Errorf("%d requests came through", asked.Load())
	}
	c, err := NewClient(Options{Delay: -1, AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.http.CloseIdleConnections()
	if _, err := c.Fetch(context.Background(), Request{URL: inside.URL}); err != nil || asked.Load() != 2 { // robots.txt and the page
		t.Errorf("allowed: %v, %d requests", err, asked.Load())
	}
}

// A certificate that is not valid ends the host with its reason, after one try.
func TestTLSFaultsAreTold(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	var tries atomic.Int32
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			tries.Add(1)
		}
	}
	server.Config.ErrorLog = nil
	server.StartTLS()
	defer server.Close()
	c, err := NewClient(Options{Delay: -1, AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.http.CloseIdleConnections()
	for range 2 {
		_, err = c.Fetch(context.Background(), Request{URL: server.URL})
		var end *HostError
		if !errors.As(err, &end) || !strings.Contains(end.Reason, "TLS: the certificate is not valid") {
			t.Errorf("got %v", err)
		}
	}
	if tries.Load() != 1 {
		t.Errorf("%d connections, want 1", tries.Load())
	}
}

// Two names of one machine share its connection and its pause.
func TestOneServerForManyNames(t *testing.T) {
	clock := &fakeClock{}
	var now, most atomic.Int32
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		most.Store(max(most.Load(), now.Add(1)))
		time.Sleep(time.Millisecond)
		now.Add(-1)
		return &http.Response{StatusCode: 404, Status: "404 Not Found", Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	})
	c, err := NewClient(Options{Transport: transport, Clock: clock, Delay: time.Second, Resolve: func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("114.114.114.114")}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	for _, host := range []string{"a.example", "b.example", "c.example"} {
		go func() {
			_, err := c.Fetch(context.Background(), Request{URL: "http://" + host + "/"})
			done <- err
		}()
	}
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if most.Load() != 1 {
		t.Errorf("%d requests at once to one machine", most.Load())
	}
	if len(clock.slept) < 5 { // six requests, of which the first does not wait
		t.Errorf("waited %d times, want 5", len(clock.slept))
	}
}

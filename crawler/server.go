package crawler

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// ErrPrivate means that a host has no public address. It is not asked, unless
// the options allow it: a page, a redirect or a name server must not lead the
// crawler to the machines around it.
var ErrPrivate = errors.New("its address is not public")

// host finds what is known of a host, and the server behind it. The first time
// the name is resolved; the address stays for the run.
func (c *Client) host(ctx context.Context, u *url.URL) (*host, error) {
	c.mu.Lock()
	h := c.hosts[u.Host]
	c.mu.Unlock()
	if h != nil {
		return h, nil
	}
	id, err := c.serverOf(ctx, u.Hostname())
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var end *HostError
	switch {
	case errors.Is(err, ErrPrivate):
		end = &HostError{Host: u.Host, Reason: "not asked: " + err.Error()}
	case err != nil:
		end = &HostError{Host: u.Host, Reason: "unreachable: " + err.Error()}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if h := c.hosts[u.Host]; h != nil {
		return h, nil
	}
	if c.servers[id] == nil {
		c.servers[id] = &server{name: id}
	}
	h = &host{server: c.servers[id], ended: end}
	c.hosts[u.Host] = h
	return h, nil
}

// serverOf names the server behind a host name: its first address.
func (c *Client) serverOf(ctx context.Context, name string) (string, error) {
	if c.opts.Resolve == nil && c.opts.Transport != nil {
		return name, nil
	}
	addrs, err := c.resolve(ctx, name)
	if err != nil {
		return name, err
	}
	return addrs[0].String(), nil
}

// resolve gives the addresses of a name, or ErrPrivate where one of them is
// not public and that is not allowed.
func (c *Client) resolve(ctx context.Context, name string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(name); err == nil {
		return c.public([]netip.Addr{a})
	}
	ask := c.opts.Resolve
	if ask == nil {
		ask = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	addrs, err := ask(ctx, name)
	if err != nil {
		return nil, err
	}
	if len(addrs) == 0 {
		return nil, fmt.Errorf("%s has no address", name)
	}
	return c.public(addrs)
}

func (c *Client) public(addrs []netip.Addr) ([]netip.Addr, error) {
	for i := range addrs {
		addrs[i] = addrs[i].Unmap()
		if !c.opts.AllowPrivate && !isPublic(addrs[i]) {
			return nil, fmt.Errorf("%w (%s)", ErrPrivate, addrs[i])
		}
	}
	return addrs, nil
}

// closed are the ranges that are not public beside those that package netip
// knows: shared, special and documentation ranges, and those of IPv6 that hold
// an IPv4 address.
var closed = func() []netip.Prefix {
	var all []netip.Prefix
	for _, p := range []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32", "2002::/16", "fec0::/10"} {
		all = append(all, netip.MustParsePrefix(p))
	}
	return all
}()

// isPublic says whether an address is one of the public internet.
func isPublic(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Zone() != "" {
		return false
	}
	for _, p := range closed {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// network is the transport to the real network. It dials only addresses that
// resolve let pass, and looks at the address once more when the connection is
// made: a name server can give another answer the second time.
func (c *Client) network() http.RoundTripper {
	dialer := &net.Dialer{Timeout: 20 * time.Second, KeepAlive: 30 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		_, err = c.public([]netip.Addr{at.Addr()})
		return err
	}}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil // the site should see who asks
	t.MaxConnsPerHost, t.MaxIdleConnsPerHost = 1, 1
	t.MaxResponseHeaderBytes = 1 << 20
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		name, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		addrs, err := c.resolve(ctx, name)
		if err != nil {
			return nil, err
		}
		var last error
		for _, a := range addrs[:min(len(addrs), 3)] {
			conn, err := dialer.DialContext(ctx, network, net.JoinHostPort(a.String(), port))
			if err == nil {
				return conn, nil
			}
			last = err
		}
		return nil, last
	}
	return t
}

// hopeless says whether an error will be the same however often it is tried:
// a certificate that is not valid, an address that is not public, a name that
// is not known. It ends the host, and checking is never turned off.
func hopeless(address string, err error) *HostError {
	var (
		cert    *tls.CertificateVerificationError
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
		alert   tls.AlertError
		dns     *net.DNSError
	)
	reason := ""
	switch {
	case err == nil:
		return nil
	case errors.As(err, &cert), errors.As(err, &unknown), errors.As(err, &name), errors.As(err, &invalid):
		reason = "TLS: the certificate is not valid: " + err.Error()
	case errors.As(err, &record), errors.As(err, &alert):
		reason = "TLS: " + err.Error()
	case errors.Is(err, ErrPrivate):
		reason = "not asked: " + err.Error()
	case errors.As(err, &dns) && dns.IsNotFound:
		reason = "unreachable: " + err.Error()
	case strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		reason = "TLS: " + err.Error()
	default:
		return nil
	}
	return &HostError{Host: hostOf(address), Reason: reason}
}

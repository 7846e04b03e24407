package crawler

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"tuogou/rules"
)

// CleanURL is the one form of an absolute http address by which the crawler
// knows it: lower-case host without a default port, no fragment, no session
// (";jsessionid=…" or a query key of web), no "/../". It is "" for anything
// else. Web may be nil.
func CleanURL(address string, web *rules.Web) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.Opaque != "" || u.User != nil {
		return ""
	}
	u.Scheme = strings.ToLower(u.Scheme)
	u.Host = strings.ToLower(u.Host)
	switch {
	case u.Scheme == "http":
		u.Host = strings.TrimSuffix(u.Host, ":80")
	case u.Scheme == "https":
		u.Host = strings.TrimSuffix(u.Host, ":443")
	default:
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	u.ForceQuery = false
	cleanPath(u)
	// White space at the end would be cut off the next time.
	u.RawQuery = strings.ReplaceAll(strings.TrimSpace(u.RawQuery), " ", "%20")
	if web != nil && u.RawQuery != "" {
		u.RawQuery = cleanQuery(u.RawQuery, web.SessionKeys)
	}
	return u.String()
}

// cleanPath drops path parameters that name a session and resolves dots.
func cleanPath(u *url.URL) {
	p := u.EscapedPath()
	if i := strings.Index(strings.ToLower(p), ";jsessionid="); i >= 0 {
		rest := p[i:]
		p = p[:i]
		if j := strings.IndexByte(rest, '/'); j >= 0 {
			p += rest[j:]
		}
	}
	if p == "" {
		p = "/"
	}
	if strings.Contains(p, "/.") || strings.Contains(p, "//") {
		slash := strings.HasSuffix(p, "/") || strings.HasSuffix(p, "/.") || strings.HasSuffix(p, "/..")
		p = path.Clean(p)
		if slash && p != "/" {
			p += "/"
		}
	}
	if plain, err := url.PathUnescape(p); err == nil {
		u.Path, u.RawPath = plain, p
	}
}

// cleanQuery drops the keys of drop and keeps the rest as it stands.
func cleanQuery(query string, drop []string) string {
	var keep []string
	for _, pair := range strings.Split(query, "&") {
		key, _, _ := strings.Cut(pair, "=")
		known := pair == ""
		for _, d := range drop {
			known = known || strings.EqualFold(key, d)
		}
		if !known {
			keep = append(keep, pair)
		}
	}
	return strings.Join(keep, "&")
}

// resolve makes a link of a page absolute and clean; "" if it is no link to
// a page of the web.
func resolve(base *url.URL, href string, web *rules.Web) string {
	href = strings.TrimSpace(href)
	if href == "" || href[0] == '#' {
		return ""
	}
	u, err := base.Parse(href)
	if err != nil {
		return ""
	}
	return CleanURL(u.String(), web)
}

// sameHost says whether two addresses lie on one host. The port counts: it is
// another server.
func sameHost(a, b *url.URL) bool {
	return strings.EqualFold(bareHost(a), bareHost(b))
}

// bareHost is the host with its port, where that is not the scheme's own.
func bareHost(u *url.URL) string {
	if p := u.Port(); p == "80" && u.Scheme == "http" || p == "443" && u.Scheme == "https" {
		return u.Hostname()
	}
	return u.Host
}

// siteHost says whether an address lies on one of the hosts that a site names as
// its own beside that of its pages.
func siteHost(s rules.Site, u *url.URL) bool {
	return slices.ContainsFunc(s.Hosts, func(h string) bool { return strings.EqualFold(h, u.Host) || strings.EqualFold(h, bareHost(u)) })
}

// sameSite says whether two addresses belong to one owner: the same host, or
// hosts below one registered name (static.mzt.x.gov.cn and mzt.x.gov.cn).
func sameSite(a, b *url.URL) bool {
	if sameHost(a, b) {
		return true
	}
	one, err1 := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(a.Hostname()))
	two, err2 := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(b.Hostname()))
	return err1 == nil && err2 == nil && one == two
}

// isHome says whether an address is the root of its host.
func isHome(u *url.URL) bool {
	switch strings.ToLower(strings.Trim(u.Path, "/")) {
	case "", "index.html", "index.htm", "index.shtml", "index.jsp":
		return u.RawQuery == ""
	}
	return false
}

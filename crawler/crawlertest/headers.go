package crawlertest

import (
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

const headersFile = "_headers"

// readHeaders reads the _headers file of a host, if there is one.
func (s *Sites) readHeaders(host string) error {
	data, err := fs.ReadFile(s.files, host+"/"+headersFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("serve sample sites: %w", err)
	}
	rules, err := parseHeaders(string(data))
	if err != nil {
		return fmt.Errorf("serve sample sites: %s/%s: %w", host, headersFile, err)
	}
	for p, r := range rules {
		s.rules[host+p] = r
	}
	return nil
}

// parseHeaders reads the lines of a _headers file. Lines that begin with # are
// comments.
func parseHeaders(text string) (map[string]rule, error) {
	rules := map[string]rule{}
	at := ""
	for n, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		case trimmed[0] == '/' && line[0] == '/':
			at = trimmed
			rules[at] = rule{header: http.Header{}}
		case at == "" || line[0] != ' ' && line[0] != '\t':
			return nil, fmt.Errorf("line %d: neither a path nor a header below one: %q", n+1, trimmed)
		default:
			r, err := rules[at].with(trimmed)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			rules[at] = r
		}
	}
	return rules, nil
}

// with adds one header line to a rule.
func (r rule) with(line string) (rule, error) {
	name, value, ok := strings.Cut(line, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if !ok || name == "" {
		return r, fmt.Errorf("%q is no header", line)
	}
	switch name {
	case "Status":
		n, err := strconv.Atoi(value)
		if err != nil || n < 200 || n > 599 {
			return r, fmt.Errorf("%q is no status", value)
		}
		r.status = n
	case "Fault":
		switch f := Fault(value); f {
		case Half, Slow, Once500, Once503:
			r.fault = f
		default:
			return r, fmt.Errorf("unknown fault %q", value)
		}
	default:
		r.header.Add(name, value)
	}
	return r, nil
}

// typeOf is the Content-Type of a file by its name, with no charset for HTML:
// the page's own declaration and its bytes decide.
func typeOf(name string, body []byte) string {
	name, _, _ = strings.Cut(name, "@")
	switch ext := path.Ext(name); ext {
	case ".html", ".htm", ".shtml", ".jhtml", ".jsp", "":
		return "text/html"
	case ".txt":
		return "text/plain"
	case ".xml":
		return "text/xml"
	case ".json":
		return "application/json"
	case ".doc", ".wps":
		return "application/msword"
	case ".pdf":
		return "application/pdf"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return http.DetectContentType(body)
	}
}

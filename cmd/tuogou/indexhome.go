package main

import (
	"net/url"
	"path/filepath"
	"strings"

	"tuogou/index"
	"tuogou/index/opensearch"
)

// indexHome is where the configuration keeps the index.
func (a *app) indexHome() (index.Home, error) {
	if a.home != nil {
		return a.home, nil
	}
	c, err := a.config()
	if err != nil {
		return nil, err
	}
	if len(c.Index.OpenSearch) > 0 {
		a.home, err = opensearch.New(c.cluster())
		return a.home, err
	}
	dir, err := a.dir()
	if err != nil {
		return nil, err
	}
	a.home = index.Folder(filepath.Join(dir, "index"))
	return a.home, nil
}

// cluster is what the configuration says of OpenSearch. The path of an address names
// the index: http://127.0.0.1:9200/plans.
func (c *config) cluster() opensearch.Config {
	out := opensearch.Config{Name: c.Index.Name, Shards: c.Index.Shards}
	for _, address := range c.Index.OpenSearch {
		if u, err := url.Parse(address); err == nil { // as it was checked to
			if name := strings.Trim(u.Path, "/"); name != "" {
				out.Name = name
			}
			u.Path = ""
			address = u.String()
		}
		out.Addresses = append(out.Addresses, address)
	}
	switch {
	case c.Index.Replicas != nil:
		out.Replicas = *c.Index.Replicas
	case len(out.Addresses) > 1:
		out.Replicas = 1
	}
	return out
}

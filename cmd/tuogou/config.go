package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// configName is the file in the data folder that chooses the engines. Without it
// all is kept in the data folder itself.
const configName = "tuogou.toml"

// envIndex comes before the file: http://…[,http://…], or bleve for the embedded one.
const envIndex = "TUOGOU_INDEX"

// config chooses the engines. The zero value is those in the data folder.
type config struct {
	Index struct {
		// OpenSearch are the addresses of the nodes of one cluster; none is bleve.
		OpenSearch []string `toml:"opensearch"`
		Name       string   `toml:"name"`     // of the alias; empty is tuogou
		Shards     int      `toml:"shards"`   // 0 is 1
		Replicas   *int     `toml:"replicas"` // nil is 1 where there are several nodes, else 0
	} `toml:"index"`
}

// config is what the data folder and the environment choose, read once.
func (a *app) config() (*config, error) {
	if a.conf != nil {
		return a.conf, nil
	}
	c := &config{}
	if dir, err := a.dir(); err == nil {
		if c, err = readConfig(filepath.Join(dir, configName)); err != nil {
			return nil, err
		}
	}
	switch v := a.Getenv(envIndex); {
	case v == "":
	case v == "bleve":
		c.Index.OpenSearch = nil
	default:
		c.Index.OpenSearch = strings.Split(v, ",")
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	a.conf = c
	return c, nil
}

// readConfig reads a configuration; a file that is not there is the zero value.
func readConfig(name string) (*config, error) {
	c := &config{}
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	d := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := d.Decode(c); err != nil {
		var unknown *toml.StrictMissingError
		if errors.As(err, &unknown) {
			return nil, usage("%s: unknown key\n%s", name, unknown.String())
		}
		// The message of the decoder may quote the line, and the line a password.
		var bad *toml.DecodeError
		if errors.As(err, &bad) {
			row, col := bad.Position()
			return nil, usage("%s:%d:%d: cannot be read as TOML", name, row, col)
		}
		return nil, usage("%s: cannot be read as TOML", name)
	}
	return c, nil
}

func (c *config) check() error {
	for _, address := range c.Index.OpenSearch {
		if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return usage("the index is no address of a node: http://HOST:9200 is one (%s, or [index] opensearch in %s)", envIndex, configName)
		}
	}
	if c.Index.Shards < 0 || c.Index.Replicas != nil && *c.Index.Replicas < 0 {
		return usage("[index] shards and replicas in %s cannot be below 0", configName)
	}
	return nil
}

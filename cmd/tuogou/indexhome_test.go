package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tuogou/index/opensearch"
)

// Where the index is kept is said by a file, and before it by the environment.
func TestIndexHome(t *testing.T) {
	for name, c := range map[string]struct {
		file, env string
		want      opensearch.Config // without addresses: the folder
	}{
		"nothing": {},
		"file": {file: "[index]\nopensearch = [\"http://a:9200\", \"http://b:9200\"]\nname = \"plans\"\nshards = 6\n",
			want: opensearch.Config{Addresses: []string{"http://a:9200", "http://b:9200"}, Name: "plans", Shards: 6, Replicas: 1}},
		"no copies": {file: "[index]\nopensearch = [\"http://a:9200\", \"http://b:9200\"]\nreplicas = 0\n",
			want: opensearch.Config{Addresses: []string{"http://a:9200", "http://b:9200"}}},
		"environment":           {env: "http://c:9200/mine", want: opensearch.Config{Addresses: []string{"http://c:9200"}, Name: "mine"}},
		"environment turns off": {file: "[index]\nopensearch = [\"http://a:9200\"]\n", env: "bleve"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, configName), []byte(c.file), 0o644); err != nil {
				t.Fatal(err)
			}
			a := &app{data: dir, Env: Env{Getenv: func(k string) string { return map[string]string{envIndex: c.env}[k] }}}
			defer a.close()
			home, err := a.indexHome()
			if err != nil {
				t.Fatal(err)
			}
			if _, cluster := home.(*opensearch.Home); cluster != (c.want.Addresses != nil) {
				t.Errorf("it is in %s", home)
			}
			if c.want.Addresses != nil {
				if d := cmp.Diff(c.want, a.conf.cluster()); d != "" {
					t.Error(d)
				}
			}
		})
	}
	for name, bad := range map[string]string{"address": "[index]\nopensearch = [\"a:9200\"]", "key": "[index]\nshard = 3", "number": "[index]\nshards = -1"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, configName), []byte(bad), 0o644); err != nil {
			t.Fatal(err)
		}
		if code, _, errs := call(t, dir, "search", "x"); code == exitOK || strings.Contains(errs, "panic") {
			t.Errorf("%s: %d, %s", name, code, errs)
		}
	}
	// A cluster that does not answer is told as such.
	dir := t.TempDir()
	if code, _, errs := call(t, dir, "demo", "--dir", dir); code != exitOK {
		t.Fatal(errs)
	}
	if err := os.WriteFile(filepath.Join(dir, configName), []byte("[index]\nopensearch = [\"http://127.0.0.1:9\"]"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := call(t, dir, "search", "脱钩"); code != exitError || !strings.Contains(errs, "OpenSearch does not answer") {
		t.Errorf("%d, %s", code, errs)
	}
}

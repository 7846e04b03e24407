//go:build unix

package main

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// The peers' halves, written out beside the corpus.
var (
	//go:embed sqlite.py
	sqliteScript []byte
	//go:embed pipeline.py
	pipelineScript []byte
	//go:embed words.py
	wordsScript []byte
	//go:embed peer.js
	nodeScript []byte
	//go:embed Lucene.java
	luceneProgram []byte
)

// allSteps are the works of a round, in order; what stands behind another may use
// what that one made.
func allSteps(o options, tuogou string) ([]step, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	at := func(name string) string { return filepath.Join(o.dir, name) }
	for name, data := range map[string][]byte{"sqlite.py": sqliteScript, "pipeline.py": pipelineScript, "words.py": wordsScript, "peer.js": nodeScript, "Lucene.java": luceneProgram} {
		if err := os.WriteFile(at(name), data, 0o644); err != nil {
			return nil, err
		}
	}
	own := func(work string) [][]string {
		return [][]string{{self, "-work", work, "-dir", o.dir, "-docs", fmt.Sprint(o.docs)}}
	}
	product := func(args ...string) []string {
		return append([]string{tuogou, "--data", at("data")}, args...)
	}
	noSQLite := lacks("a Python with sqlite3", o.python, "-c", "import sqlite3")
	noPython := lacks("a Python with jieba and readability-lxml (-python)", o.python, "-c", "import jieba, readability, sqlite3")
	noTimes := lacks("node with chrono-node (NODE_PATH)", o.node, "-e", "require('chrono-node')")
	noWords := lacks("node with @node-rs/jieba (NODE_PATH)", o.node, "-e", "require('@node-rs/jieba')")
	lucene, noLucene := lucenePeer(o, at)
	steps := productSteps(at, product)
	return append(steps, []step{
		{name: "pages Python", cmds: [][]string{{o.python, at("pipeline.py"), at("pages"), at("python.db")}}, missing: noPython},
		recoll(at),
		{name: "build", cmds: own("build")},
		{name: "build SQLite", cmds: [][]string{{o.python, at("sqlite.py"), "build", o.dir}}, missing: noSQLite},
		{name: "build Lucene", cmds: lucene("build", o.dir), missing: noLucene},
		{name: "ask", cmds: own("ask")},
		{name: "ask SQLite", cmds: [][]string{{o.python, at("sqlite.py"), "ask", o.dir}}, missing: noSQLite},
		{name: "ask Lucene", cmds: lucene("ask", o.dir), missing: noLucene},
		{name: "warm", cmds: own("warm")},
		{name: "warm SQLite", cmds: [][]string{{o.python, at("sqlite.py"), "ask", o.dir, "warm"}}, missing: noSQLite},
		{name: "warm Lucene", cmds: lucene("ask", o.dir, "warm"), missing: noLucene},
		{name: "body", cmds: own("body")},
		{name: "body go-readability", cmds: own("readability")},
		{name: "records", cmds: own("records")},
		{name: "times chrono-node", cmds: [][]string{{o.node, at("peer.js"), "times", o.dir}}, missing: noTimes},
		{name: "words", cmds: own("words")},
		{name: "words node-rs", cmds: [][]string{{o.node, at("peer.js"), "words", o.dir}}, missing: noWords},
		{name: "words Python", cmds: [][]string{{o.python, at("words.py"), o.dir}}, missing: noPython},
	}...), nil
}

// productSteps are the product on the folder of pages: all of it, again with nothing
// changed, again with one page changed, and a tenth of the pages.
func productSteps(at func(string) string, product func(...string) []string) []step {
	changed := 0
	change := func() error {
		changed++
		name := at("pages/000000.html")
		page, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(at("000000.html"), fmt.Appendf(page, "<!-- %d --><p>第%d次修订。</p>", changed, changed), 0o644)
	}
	anew := func() error { return os.RemoveAll(at("data")) }
	return []step{
		{name: "tenth", prepare: anew, cmds: [][]string{product("add", at("tenth")), product("run")}},
		{name: "pages", prepare: anew, cmds: [][]string{product("add", at("pages")), product("run")}},
		{name: "nothing changed", cmds: [][]string{product("run")}},
		{name: "one added", prepare: change, cmds: [][]string{product("add", at("000000.html")), product("run")}},
		{name: "status", cmds: [][]string{product("status")}},
		{name: "search", cmds: [][]string{product("search", "办公用房")}},
		{name: "extract one", cmds: [][]string{product("extract", "--json", at("pages/000000.html"))}},
	}
}

// recoll indexes the pages with recollindex, in a configuration of its own.
func recoll(at func(string) string) step {
	conf := at("recoll")
	s := step{name: "pages recollindex", cmds: [][]string{{"recollindex", "-c", conf}}}
	if _, err := exec.LookPath("recollindex"); err != nil {
		s.missing = "no recollindex"
	}
	s.prepare = func() error {
		if err := os.RemoveAll(conf); err != nil {
			return err
		}
		if err := os.MkdirAll(conf, 0o755); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(conf, "recoll.conf"), []byte("topdirs = "+at("pages")+"\n"), 0o644)
	}
	return s
}

// lucenePeer compiles the peer in Java and gives its commands, or why there are none.
func lucenePeer(o options, at func(string) string) (command func(args ...string) [][]string, missing string) {
	path := at("classes") + string(os.PathListSeparator) + filepath.Join(o.lucene, "*")
	command = func(args ...string) [][]string {
		return [][]string{append([]string{"java", "-cp", path, "Lucene"}, args...)}
	}
	if o.lucene == "" {
		return command, "no folder with Lucene (-lucene)"
	}
	return command, lacks("Java compiler, or not the jars it takes (-lucene)", "javac", "-encoding", "UTF-8", "-cp", path, "-d", at("classes"), at("Lucene.java"))
}

// lacks says that what is missing where the command does not end well.
func lacks(what string, args ...string) string {
	if exec.Command(args[0], args[1:]...).Run() != nil {
		return "no " + what
	}
	return ""
}

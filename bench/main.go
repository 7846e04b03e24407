//go:build unix

// Command bench sets the product beside the tools that somebody would pick in its
// place, on one corpus that is always the same, each work in a process of its own, in
// turns, for some rounds, and prints how they compare. It needs the go command, to
// build the product with; peers that are not there are named and left out.
//
//	go run ./bench -docs 1000 -rounds 3
//
// The peers: python3 with its sqlite3 module (FTS5 trigram); with jieba and
// readability-lxml from PyPI (-python names the interpreter that has them); node with
// @node-rs/jieba and chrono-node from npm (NODE_PATH says where); recollindex;
// go-readability is built in.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// options are the command line.
type options struct {
	docs, rounds      int
	dir, python, node string
	lucene            string // folder of its jars
	only              *regexp.Regexp
}

func main() {
	// A set of its own: a module registers flags of the same names.
	f := flag.NewFlagSet("bench", flag.ExitOnError)
	var o options
	f.IntVar(&o.docs, "docs", 1000, "documents of the corpus")
	f.IntVar(&o.rounds, "rounds", 3, "rounds; every work once a round, in turns")
	f.StringVar(&o.dir, "dir", filepath.Join(os.TempDir(), "tuogou-bench"), "folder for the corpus and what is made of it, kept")
	f.StringVar(&o.python, "python", "python3", "the Python interpreter")
	f.StringVar(&o.node, "node", "node", "the node interpreter")
	f.StringVar(&o.lucene, "lucene", "", "folder with the jars lucene-core, -analysis-common, -queries, -memory and -highlighter of 9.12")
	only := f.String("only", "", "only works whose name matches this pattern, as build|ask|warm")
	work := f.String("work", "", "what a child process does")
	_ = f.Parse(os.Args[1:]) // it ends the program itself
	var err error
	if o.only, err = regexp.Compile(*only); err != nil {
		fmt.Fprintln(os.Stderr, "bench: -only:", err)
		os.Exit(2)
	}
	if *work != "" {
		err = child(*work, o)
	} else {
		err = compare(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// step is one work of a round.
type step struct {
	name    string
	prepare func() error // not measured; may be nil
	cmds    [][]string   // one after another, their costs added
	missing string       // why it cannot be done here; "" where it can
}

// cost is what one work took.
type cost struct {
	wall, cpu float64 // seconds
	peak      float64 // MiB, of its largest process
	out       []byte  // of the last command
}

func (s step) run() (cost, error) {
	var sum cost
	if s.prepare != nil {
		if err := s.prepare(); err != nil {
			return sum, fmt.Errorf("%s: %w", s.name, err)
		}
	}
	for _, args := range s.cmds {
		c := exec.Command(args[0], args[1:]...)
		var out, errs bytes.Buffer
		c.Stdout, c.Stderr = &out, &errs
		at := time.Now()
		if err := c.Run(); err != nil {
			return sum, fmt.Errorf("%s: %w\n%s", s.name, err, errs.Bytes())
		}
		sum.wall += time.Since(at).Seconds()
		sum.cpu += (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds()
		if u, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
			sum.peak = max(sum.peak, float64(u.Maxrss)/1024)
		}
		sum.out = out.Bytes()
	}
	return sum, nil
}

// compare makes the corpus, runs all steps in turns and prints the tables.
func compare(o options) error {
	c, err := makeCorpus(o.dir, o.docs)
	if err != nil {
		return err
	}
	tuogou := filepath.Join(o.dir, "tuogou")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", tuogou, "./cmd/tuogou").CombinedOutput(); err != nil {
		return fmt.Errorf("build the product (run this in its folder): %w\n%s", err, out)
	}
	steps, err := allSteps(o, tuogou)
	if err != nil {
		return err
	}
	costs := map[string][]cost{}
	for _, s := range steps {
		if s.missing != "" {
			fmt.Fprintf(os.Stderr, "left out: %s: %s\n", s.name, s.missing)
		}
	}
	for n := range o.rounds {
		for _, s := range steps {
			if s.missing != "" || !o.only.MatchString(s.name) {
				continue
			}
			fmt.Fprintf(os.Stderr, "round %d of %d: %s\n", n+1, o.rounds, s.name)
			k, err := s.run()
			if err != nil {
				return err
			}
			costs[s.name] = append(costs[s.name], k)
		}
	}
	return report(os.Stdout, o, c, steps, costs)
}

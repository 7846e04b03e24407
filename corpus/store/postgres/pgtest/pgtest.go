// Package pgtest starts a PostgreSQL server for tests, from the programs of the
// system's package, in a folder of its own that is gone afterwards:
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
//
// Where there are no such programs the tests that need them are skipped.
package pgtest

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Server is a running server, reached by a socket in its folder.
type Server struct {
	bin, dir string
	schemas  atomic.Int64
}

var errMissing = errors.New("no PostgreSQL here: install the package postgresql")

// the is the one server of a test binary, started when first asked for.
var the struct {
	once   sync.Once
	server *Server
	err    error
}

// Main runs the tests and stops the server that they started.
func Main(m *testing.M) int {
	code := m.Run()
	if the.server != nil {
		the.server.remove()
	}
	return code
}

// Of is the server of this test binary. The test is skipped where it cannot be had.
func Of(t testing.TB) *Server {
	t.Helper()
	the.once.Do(func() { the.server, the.err = start() })
	if errors.Is(the.err, errMissing) {
		t.Skip(the.err)
	}
	if the.err != nil {
		t.Fatal(the.err)
	}
	return the.server
}

// Address is that of a schema of its own, empty.
func Address(t testing.TB) string {
	t.Helper()
	s := Of(t)
	return s.Address(fmt.Sprint("t", s.schemas.Add(1)))
}

// Address is that of a schema by its name.
func (s *Server) Address(schema string) string {
	q := url.Values{"host": {s.dir}, "search_path": {schema}}
	return "postgres://postgres@/postgres?" + q.Encode()
}

// Restart stops the server as a crash would, and starts it again.
func (s *Server) Restart() error {
	if err := s.Crash(); err != nil {
		return err
	}
	return s.Up()
}

// Crash stops the server without a word to anybody.
func (s *Server) Crash() error {
	return s.run("pg_ctl", "stop", "-D", s.data(), "-m", "immediate", "-w")
}

// Up starts the server and waits until it answers.
func (s *Server) Up() error {
	return s.run("pg_ctl", "start", "-D", s.data(), "-w", "-t", "60", "-l", filepath.Join(s.dir, "log"),
		"-o", "-c listen_addresses='' -c unix_socket_directories="+s.dir+" -c fsync=off -c full_page_writes=off -c max_connections=200")
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func start() (*Server, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return nil, errMissing
	}
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	s := &Server{bin: filepath.Dir(found[len(found)-1]), dir: dir}
	if err := s.give(); err != nil {
		return nil, err
	}
	if err := s.run("initdb", "-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"); err != nil {
		return nil, err
	}
	return s, s.Up()
}

// give makes the folder that of the user postgres, where we are root: the server
// refuses to run as root.
func (s *Server) give() error {
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return errMissing
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	return os.Chown(s.dir, uid, -1)
}

// run runs a program of the server.
func (s *Server) run(name string, args ...string) error {
	args = append([]string{filepath.Join(s.bin, name)}, args...)
	if os.Geteuid() == 0 {
		args = append([]string{"runuser", "-u", "postgres", "--"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = s.dir
	// A file, not a pipe: the server that is started keeps what it is given open.
	out, err := os.Create(filepath.Join(s.dir, name+".out"))
	if err != nil {
		return err
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name()) // it only explains
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(string(said)))
	}
	return nil
}

func (s *Server) remove() {
	_ = s.Crash() // it may be down already
	_ = os.RemoveAll(s.dir)
}

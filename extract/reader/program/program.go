// Package program runs programs that may be installed beside this one:
// tesseract, which reads pictures of text, and soffice, which turns office
// files into others. Their paths are given by the caller; nothing here looks
// for them. A program gets a folder of its own that is removed afterwards, and
// is ended with all its children when its time is over.
package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// ErrTooLarge is returned where a program writes more than it may.
var ErrTooLarge = errors.New("the program wrote more than it may")

// grace is how long a program's children may hold its output open after its end.
const grace = 2 * time.Second

// run runs one program in dir and returns what it wrote to its standard
// output, at most limit bytes. When ctx ends, the program and all it started
// are killed.
func run(ctx context.Context, dir, path string, limit int, stdin []byte, args ...string) ([]byte, error) {
	if path == "" {
		return nil, errors.New("no program given")
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "OMP_THREAD_LIMIT=1") // several files at once: threads of one would wait for each other
	cmd.Stdin = bytes.NewReader(stdin)
	out := &bounded{left: limit}
	said := &bounded{left: 4096}
	cmd.Stdout, cmd.Stderr = out, said
	cmd.WaitDelay = grace
	ownGroup(cmd)
	cmd.Cancel = func() error { return killGroup(cmd) }
	err := cmd.Run()
	_ = killGroup(cmd) // what it left behind
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("%s: %w", path, ctx.Err())
	case out.over:
		return nil, fmt.Errorf("%s: %w", path, ErrTooLarge)
	case err != nil:
		return nil, fmt.Errorf("%s: %w: %s", path, err, firstLine(said.buf.String()))
	}
	return out.buf.Bytes(), nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// bounded keeps the first bytes that are written to it and drops the rest, so
// that the program can end in peace.
type bounded struct {
	buf  bytes.Buffer // not embedded: its ReadFrom would go round the bound
	left int
	over bool
}

func (b *bounded) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.left -= n
	b.over = b.over || n < len(p)
	b.buf.Write(p[:n])
	return len(p), nil
}

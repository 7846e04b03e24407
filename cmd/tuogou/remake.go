package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"

	"tuogou/prove"
)

// makers are the commands that write what verify can make again. They read only.
var makers = []string{"compare", "coverage", "export", "search", "show", "text", "timeline"}

// remade proves a file by the command that made it: it is run once more, and what it
// writes has to be the file.
func (v *verdict) remade(ctx context.Context, name string, args []string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return usage("%w", err)
	}
	again, err := v.remake(ctx, args)
	if err != nil {
		return err
	}
	n, err := prove.Same(name, data, again, v.found)
	if errors.Is(err, prove.ErrForm) {
		return usage("%w", err)
	}
	v.Facts, v.Proved = v.Facts+n.Facts, v.Proved+n.Proved
	return err
}

// remake is what a command writes, to its file or to standard output.
func (v *verdict) remake(ctx context.Context, args []string) ([]byte, error) {
	var out bytes.Buffer
	sub := &app{Env: v.Env, data: v.data, rulesDir: v.rulesDir, limits: v.limits, caught: &out}
	sub.Stdout = &out
	defer sub.close()
	root := sub.root()
	if len(args) > 0 && args[0] == root.Name() {
		args = args[1:]
	}
	cmd, _, err := root.Find(args)
	if err != nil || cmd.Parent() != root || !slices.Contains(makers, cmd.Name()) {
		return nil, usage("after -- verify takes the command that made the file, one of %v", makers)
	}
	if slices.Contains(args, "--save-lock") {
		return nil, usage("--save-lock writes a file: leave it out after --")
	}
	// What verify was told holds for the command too, which may say otherwise.
	given := []string{"--data", v.data, "--rules", v.rulesDir, "--lang", v.langFlag}
	if v.contacts {
		given = append(given, "--contacts")
	}
	root.SetArgs(append(given, args...))
	err = root.ExecuteContext(ctx)
	return out.Bytes(), err
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/corpus/store/sqlite"
)

const (
	manifestName = "backup.json"
	databaseName = "tuogou.db"
)

// manifest says what a backup holds.
type manifest struct {
	At     string                 `json:"at"`     // RFC 3339, UTC
	Digest string                 `json:"digest"` // of the store, as store.Digest
	Files  map[string]corpus.Hash `json:"files"`  // by path, with slashes
}

func (a *app) backupCmd() *cobra.Command {
	return &cobra.Command{
		Use: "backup FOLDER", Short: "Copy the data folder while it is in use", Args: cobra.ExactArgs(1),
		Long: `backup copies the data folder into FOLDER, which must be empty or new: the database as
it stands at one moment, also while another process writes, the archives, reports and
your own files. The index is left out; it can be made again. The copy is read and
proved, and backup.json in it says what it holds.

Exit codes: 0 ok, 1 error, 2 usage, 3 the copy holds what cannot be proved (and so
does the data folder: see verify).`,
		Example: "  tuogou backup /media/disk/tuogou-2026-11-25",
		RunE:    func(cmd *cobra.Command, args []string) error { return a.backup(cmd.Context(), args[0]) },
	}
}

func (a *app) backup(ctx context.Context, dest string) error {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	switch address, err := a.storeAddress(); {
	case err != nil:
		return err
	case address != "":
		return usage("backup copies a data folder; the data are in a database: use pg_dump, or tuogou migrate --to %s", dest)
	}
	if left, err := os.ReadDir(dest); err == nil && len(left) > 0 {
		return usage("%s is not empty", dest)
	}
	if inside(dest, dir) {
		return usage("%s lies in the data folder itself", dest)
	}
	if err := sqlite.Backup(ctx, dir, dest); err != nil {
		return err
	}
	m := manifest{At: a.Now().UTC().Format("2006-01-02T15:04:05Z"), Files: map[string]corpus.Hash{}}
	names, err := besideDatabase(dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if m.Files[filepath.ToSlash(name)], err = copyFile(filepath.Join(dir, name), filepath.Join(dest, name)); err != nil {
			return fmt.Errorf("back up %s: %w", name, err)
		}
	}
	if m.Files[databaseName], err = hashFile(filepath.Join(dest, databaseName)); err != nil {
		return err
	}
	problems := 0
	if m.Digest, problems, err = proveFolder(ctx, dest); err != nil {
		return err
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dest, manifestName), append(data, '\n'), 0o644); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	a.say("backup.done", dest, len(m.Files), m.Digest[:12])
	if problems > 0 {
		a.tell("%s", a.msg("backup.problems", problems))
		return errFailures
	}
	return nil
}

// inside reports whether path lies in dir.
func inside(path, dir string) bool {
	p, err := filepath.Abs(path)
	d, err2 := filepath.Abs(dir)
	if err != nil || err2 != nil {
		return false
	}
	rel, err := filepath.Rel(d, p)
	return err == nil && filepath.IsLocal(rel)
}

// besideDatabase are the files of a data folder that cannot be made again.
func besideDatabase(dir string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		switch {
		case e.IsDir() && (name == "index" || strings.HasPrefix(e.Name(), ".") && name != "."):
			return fs.SkipDir
		case !e.Type().IsRegular(), strings.HasPrefix(name, databaseName), name == "lock", name == manifestName, strings.HasPrefix(e.Name(), "."):
			return nil
		}
		out = append(out, name)
		return nil
	})
	return out, err
}

// copyFile copies a file to the disk, and gives the hash of what was written.
func copyFile(from, to string) (h corpus.Hash, err error) {
	in, err := os.Open(from)
	if err != nil {
		return "", err
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return "", err
	}
	out, err := os.CreateTemp(filepath.Dir(to), ".copy-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(out.Name())
	_, err = io.Copy(out, in)
	err = errors.Join(err, out.Sync(), out.Close())
	if err == nil {
		err = os.Chmod(out.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(out.Name(), to)
	}
	if err != nil {
		return "", err
	}
	return hashFile(to)
}

func hashFile(name string) (corpus.Hash, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return corpus.HashReader(f)
}

// proveFolder is the digest of a data folder, and how many problems it has.
func proveFolder(ctx context.Context, dir string) (digest string, problems int, err error) {
	s, err := sqlite.Open(ctx, dir, store.Options{ReadOnly: true})
	if err != nil {
		return "", 0, err
	}
	defer s.Close()
	for _, err := range s.Verify(ctx) {
		if err != nil {
			return "", 0, err
		}
		problems++
	}
	digest, err = store.Digest(ctx, s)
	if errors.Is(err, store.ErrCorrupt) && problems > 0 {
		return strings.Repeat("0", 64), problems, nil
	}
	return digest, problems, err
}

func (a *app) restoreCmd() *cobra.Command {
	return &cobra.Command{
		Use: "restore FOLDER", Short: "Make the data folder from a backup", Args: cobra.ExactArgs(1),
		Long: `restore makes the data folder (--data) from a backup: every file is compared with
backup.json before, and the store after. The data folder must not hold a database; move
an old one away first. Then tuogou run makes the index.

Exit codes: 0 ok, 1 error, 2 usage.`,
		Example: "  tuogou restore /media/disk/tuogou-2026-11-25 --data /srv/tuogou && tuogou run --data /srv/tuogou",
		RunE:    func(cmd *cobra.Command, args []string) error { return a.restore(cmd.Context(), args[0]) },
	}
}

func (a *app) restore(ctx context.Context, from string) error {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	data, err := os.ReadFile(filepath.Join(from, manifestName))
	if err != nil {
		return usage("%s is no backup: %w", from, err)
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil || m.Files[databaseName] == "" {
		return usage("%s is no backup: %s cannot be read", from, manifestName)
	}
	if _, err := os.Stat(filepath.Join(dir, databaseName)); !errors.Is(err, fs.ErrNotExist) {
		return usage("%s holds a database already: move it away, or give another folder with --data", dir)
	}
	names := make([]string, 0, len(m.Files))
	for name := range m.Files {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("restore: %s names a file outside the folder: %s", manifestName, name)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		h, err := hashFile(filepath.Join(from, filepath.FromSlash(name)))
		if err != nil {
			return fmt.Errorf("restore: %w", err)
		}
		if h != m.Files[name] {
			return fmt.Errorf("restore: %s is not what was backed up: nothing was restored", name)
		}
	}
	// The database goes last: until then the folder holds no store.
	names = append(slices.DeleteFunc(names, func(n string) bool { return n == databaseName }), databaseName)
	for _, name := range names {
		if _, err := copyFile(filepath.Join(from, filepath.FromSlash(name)), filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return fmt.Errorf("restore %s: %w", name, err)
		}
	}
	digest, problems, err := proveFolder(ctx, dir)
	if err != nil {
		return err
	}
	if digest != m.Digest && problems == 0 {
		return fmt.Errorf("restore: the store in %s is not the one that was backed up", dir)
	}
	a.say("restore.done", dir, len(m.Files), digest[:12])
	return nil
}

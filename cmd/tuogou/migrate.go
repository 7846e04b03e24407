package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tuogou/corpus/store"
)

// metaMoving stands in a store from before the first row that is moved into it until
// its digest has been compared.
const metaMoving = "moving from"

func (a *app) migrateCmd() *cobra.Command {
	to := ""
	c := &cobra.Command{
		Use: "migrate --to URL|FOLDER", Short: "Move all data to another engine, and prove it", Args: cobra.NoArgs,
		Long: `migrate copies what the store holds (captures, blobs, records, outcomes, queues,
corrections, rule sets, the ledger) to a PostgreSQL database, or from there to a data
folder. The copy is read and its digest compared with that of the origin, which is left
as it is. It can be stopped and run again. Nobody should write meanwhile. Archives,
reports and own files stay in the data folder; the index can be made again.

Exit codes: 0 ok, 1 error, 2 usage.`,
		Example: "  tuogou migrate --to postgres://tuogou@db.example.org/tuogou\n  TUOGOU_STORE=postgres://tuogou@db.example.org/tuogou tuogou migrate --to /srv/tuogou",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if to == "" {
				return usage("say where to with --to: a data folder, or postgres://USER@HOST/DATABASE")
			}
			return a.migrate(cmd.Context(), to)
		},
	}
	c.Flags().StringVar(&to, "to", "", "data folder, or address of a database")
	return c
}

func (a *app) migrate(ctx context.Context, to string) error {
	from, err := a.open(ctx, false)
	if err != nil {
		return err
	}
	address, dir := "", to
	if isPostgres(to) {
		address, dir = to, ""
	}
	origin, err := a.origin()
	if err != nil {
		return err
	}
	target, err := openStore(ctx, address, dir, store.Options{})
	if err != nil {
		return err
	}
	defer target.Close()
	if err := a.mayMove(ctx, target, shown(to), origin); err != nil {
		return err
	}
	if err := a.move(ctx, target, from); err != nil {
		return err
	}
	want, err := store.Digest(ctx, from)
	if err != nil {
		return err
	}
	got, err := store.Digest(ctx, target)
	if err != nil {
		return err
	}
	a.print("%s  %s\n%s  %s\n", want, origin, got, shown(to))
	if got != want {
		return fmt.Errorf("the copy is not the origin: did somebody write meanwhile? Empty %s and run again", shown(to))
	}
	if err := target.PutMeta(ctx, metaMoving, ""); err != nil {
		return err
	}
	return target.Close()
}

// origin names the store in use.
func (a *app) origin() (string, error) {
	address, err := a.storeAddress()
	if err != nil || address != "" {
		return shown(address), err
	}
	return a.dir()
}

// mayMove refuses a target that holds other data than those of a move that was stopped.
func (a *app) mayMove(ctx context.Context, target store.Store, name, origin string) error {
	switch from, err := target.Meta(ctx, metaMoving); {
	case err == nil && from == origin:
		return nil
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	}
	st, err := target.Status(ctx)
	if err != nil {
		return err
	}
	if st.Captures+st.Blobs+len(st.Frontier) > 0 {
		return usage("%s holds data already: name an empty one", name)
	}
	return target.PutMeta(ctx, metaMoving, origin)
}

func (a *app) move(ctx context.Context, to, from store.Store) error {
	t, ok := to.(store.Movable)
	f, ok2 := from.(store.Movable)
	if !ok || !ok2 {
		return errors.New("this store cannot be moved")
	}
	st, err := from.Status(ctx)
	if err != nil {
		return err
	}
	bar := a.progress(st.Blobs, "migrate")
	defer bar.Close()
	return store.Copy(ctx, t, f, func(table string, rows int) {
		if table == "blob_data" {
			_ = bar.Add(rows) // a bar that cannot be drawn is no reason to stop
		}
	})
}

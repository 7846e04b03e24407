package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"tuogou/corpus/store"
	"tuogou/timeline"
	"tuogou/timeline/deliver"
)

func (a *app) hooksCmd() *cobra.Command {
	c := &cobra.Command{
		Use: "hooks", Short: "Subscribers that are told of changes", Args: cobra.NoArgs,
		Long:    "hooks lists, adds and removes webhooks. deliver sends to them.\n\nExit codes: 0 ok, 1 error, 2 usage.",
		Example: "  tuogou timeline hooks add https://tracker.example.org/hook --query place:220106",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.listHooks(cmd.Context()) },
	}
	c.AddCommand(a.hooksAddCmd(), &cobra.Command{
		Use: "remove ID", Short: "Forget a subscriber", Args: cobra.ExactArgs(1),
		Long: "remove forgets a subscriber; what was not sent to it never will be.\n\nExit codes: 0 ok, 1 error, 2 usage.", Example: "  tuogou timeline hooks remove h0123456",
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := a.open(cmd.Context(), true)
			if err != nil {
				return err
			}
			if err = s.DeleteHook(cmd.Context(), args[0]); errors.Is(err, store.ErrNotFound) {
				return usage("no hook has the id %q; tuogou timeline hooks lists them", args[0])
			}
			return err
		},
	})
	return c
}

func (a *app) listHooks(ctx context.Context) error {
	s, err := a.open(ctx, false)
	if err != nil {
		return err
	}
	list, err := s.Hooks(ctx)
	if err != nil {
		return err
	}
	end, err := s.LedgerEnd(ctx)
	if err != nil {
		return err
	}
	for _, h := range list {
		h.Secret = "" // it was shown once
		if a.json {
			if err := a.printJSON(h); err != nil {
				return err
			}
			continue
		}
		a.print("%s  %s  %s\n", h.ID, h.URL, h.Query)
		a.say("hooks.state", h.Cursor, end, h.Failures, h.Error)
	}
	return nil
}

func (a *app) hooksAddCmd() *cobra.Command {
	var h store.Hook
	since := "end"
	c := &cobra.Command{
		Use: "add URL", Short: "Tell an address of changes", Args: cobra.ExactArgs(1),
		Long: `add subscribes an address: deliver sends it a POST with each change, signed with the
secret (HMAC-SHA256, as Standard Webhooks has it). The secret is printed once. Without
--since it is told of what happens from now on.

Exit codes: 0 ok, 1 error, 2 usage.`,
		Example: "  tuogou timeline hooks add https://tracker.example.org/hook --query 'place:220106 clause:asset' --since 0",
		RunE: func(cmd *cobra.Command, args []string) error {
			h.URL = args[0]
			return a.addHook(cmd.Context(), h, since)
		},
	}
	c.Flags().StringVar(&h.Query, "query", "", "which obligations, in the language of search")
	c.Flags().StringVar(&h.Secret, "secret", "", "the secret to sign with, whsec_… (default: a new one)")
	c.Flags().StringVar(&since, "since", since, "cursor to begin after: 0 is everything, end is what comes from now on")
	return c
}

func (a *app) addHook(ctx context.Context, h store.Hook, since string) error {
	if h.Secret == "" {
		h.Secret = deliver.NewSecret()
	}
	if err := deliver.CheckHook(h); err != nil {
		return usage("%w", err)
	}
	if _, err := a.obligationQuery(h.Query); err != nil {
		return err
	}
	s, err := a.writableLedger(ctx)
	if err != nil {
		return err
	}
	if since == "end" {
		h.Cursor, err = s.LedgerEnd(ctx)
	} else {
		var n int64
		if n, err = timeline.ParseCursor(since); err != nil {
			return usage("--since: %w", err)
		}
		h.Cursor = store.Cursor(n)
	}
	if err != nil {
		return err
	}
	h.At = a.Now()
	sum := sha256.Sum256([]byte(h.URL + "\x00" + h.Query + "\x00" + store.Stamp(h.At)))
	h.ID = "h" + hex.EncodeToString(sum[:4])
	if err := s.PutHook(ctx, h); err != nil {
		return err
	}
	a.print("%s\n%s\n", h.ID, h.Secret)
	return nil
}

func (a *app) deliverCmd() *cobra.Command {
	var follow bool
	every := 30 * time.Second
	c := &cobra.Command{
		Use: "deliver", Short: "Send changes to the subscribers", Args: cobra.NoArgs,
		Long: `deliver sends to each hook what it has not taken, in order. A hook that fails is tried
again after 5 seconds, then 10, 20 and so on up to an hour; nothing is ever left out.
With --follow it goes on and looks for new changes; between its rounds others can write.

Exit codes: 0 all is sent, 1 error, 2 usage, 3 something is still to be sent.`,
		Example: "  tuogou timeline deliver --follow",
		RunE: func(cmd *cobra.Command, _ []string) error {
			for {
				waiting, err := a.deliver(cmd.Context())
				if follow && errors.Is(err, store.ErrLocked) { // the next round will do
					err, waiting = nil, true
				}
				if err != nil || !follow {
					if err == nil && waiting {
						return errFailures
					}
					return err
				}
				if err := a.closeStore(); err != nil {
					return err
				}
				select {
				case <-cmd.Context().Done():
					return cmd.Context().Err()
				case <-time.After(every):
				}
			}
		},
	}
	c.Flags().BoolVar(&follow, "follow", false, "go on until stopped")
	c.Flags().DurationVar(&every, "every", every, "with --follow: the pause between rounds")
	return c
}

// deliver makes one round over all hooks, side by side, so that one that hangs delays no
// other. It reports whether something is still to be sent.
func (a *app) deliver(ctx context.Context) (waiting bool, err error) {
	s, err := a.writableLedger(ctx)
	if err != nil {
		return false, err
	}
	hooks, err := s.Hooks(ctx)
	if err != nil {
		return false, err
	}
	send := &deliver.Sender{Now: a.Now}
	reports, errs := make([]deliver.Report, len(hooks)), make([]error, len(hooks))
	var wg sync.WaitGroup
	for i, h := range hooks {
		q, err := a.obligationQuery(h.Query)
		if err != nil {
			errs[i] = err
			continue
		}
		wg.Go(func() {
			reports[i], errs[i] = send.Pass(ctx, s, h, func(ctx context.Context, c timeline.Change) (bool, error) { return timeline.Concerns(ctx, s, q, c) })
		})
	}
	wg.Wait()
	for _, r := range reports {
		if r.Sent > 0 || r.Waiting {
			a.tell(a.msg("hooks.sent"), r.Hook.ID, r.Sent, strings.TrimSpace(r.Hook.Error))
		}
	}
	return slices.ContainsFunc(reports, func(r deliver.Report) bool { return r.Waiting }), errors.Join(errs...)
}

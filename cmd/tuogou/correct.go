package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tuogou/compare"
	"tuogou/compare/render"
	"tuogou/corpus"
	"tuogou/corpus/store"
	"tuogou/correct"
	"tuogou/correct/agree"
)

const correctExit = "\n\nExit codes: 0 ok, 1 error, 2 usage."

func (a *app) correctCmd() *cobra.Command {
	c := &cobra.Command{
		Use: "correct", Short: "Accept, fix, reject or add facts, and share what was corrected", Args: cobra.NoArgs,
		Long: `correct keeps what people say against the machine's records. A correction stands
beside the record, anchored by the words it is about, and is laid over it wherever
it is read: show, search, compare, timeline, export, the pages. It survives another
extraction, other rules and a new version of the page, or is listed as orphaned.
docs/corrections.md tells all of it.` + correctExit,
		Example: "  tuogou correct facts 220106\n  tuogou correct fix 220106 /deadlines/0/end 2018-06-30 --note 见原件",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.factsCmd(), a.sayCmd(corpus.ReviewAccept), a.sayCmd(corpus.ReviewReject), a.sayCmd(corpus.ReviewFix), a.sayCmd(corpus.ReviewAdd),
		a.correctListCmd(), a.undoCmd(), a.correctExportCmd(), a.correctImportCmd(), a.agreeCmd())
	return c
}

// corrected runs over all records as people corrected them.
func corrected(ctx context.Context, s store.Reader) iter.Seq2[*corpus.Record, error] {
	return correct.Over(s).Records(ctx, store.Filter{})
}

func (a *app) desk(ctx context.Context) (*correct.Service, error) {
	s, err := a.open(ctx, true)
	if err != nil {
		return nil, err
	}
	k, err := a.knowledge()
	if err != nil {
		return nil, err
	}
	return &correct.Service{Store: s, Places: k.places, Now: a.Now}, nil
}

// who is the person at the keyboard.
func (a *app) who(by string) (string, error) {
	for _, s := range []string{by, a.Getenv("TUOGOU_BY"), a.Getenv("USER"), a.Getenv("USERNAME")} {
		if s != "" {
			return s, nil
		}
	}
	return "", usage("a correction names who made it: give --by NAME, or set TUOGOU_BY")
}

func (a *app) factsCmd() *cobra.Command {
	return &cobra.Command{
		Use: "facts ID", Short: "List the facts of a document with the names that corrections take", Args: cobra.ExactArgs(1),
		Long:    "facts prints each fact: its pointer, its value, the words it came from, and what people\nsaid of it." + correctExit,
		Example: "  tuogou correct facts 220106",
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := a.find(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			facts, err := correct.Facts(a.printable(r))
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(facts)
			}
			for _, f := range facts {
				a.print("%-22s %s", f.Field, f.Value)
				if f.Quote != "" {
					a.print("  “%s”", short(f.Quote, 40))
				}
				a.print("\n")
				a.reviews(f.Reviews)
			}
			return nil
		},
	}
}

// reviews prints what people said of one fact.
func (a *app) reviews(vs []corpus.Review) {
	for _, v := range vs {
		a.print("    ✎ %s\n", a.reviewWords(v))
	}
}

func (a *app) reviewWords(v corpus.Review) string { return render.ReviewWords(v, a.lang()) }

// sayCmd is accept, reject, fix or add.
func (a *app) sayCmd(action corpus.ReviewAction) *cobra.Command {
	var ch correct.Change
	var set []string
	form := map[corpus.ReviewAction]struct {
		use, short, long, example string
		args                      int
	}{
		corpus.ReviewAccept: {"accept ID FIELD", "Say that a fact is right", "accept says that a fact is right. A list (/deadlines) or the whole record (/) is accepted\nas it stands: nothing is missing from it.", "accept 220106 /deadlines/0", 2},
		corpus.ReviewReject: {"reject ID FIELD", "Say that there is no such fact", "reject takes a fact out of the record.", "reject 220106 /deadlines/2 --note 引述文件的日期", 2},
		corpus.ReviewFix:    {"fix ID FIELD VALUE", "Give a fact another value", "fix gives a fact another value. Without the name of a field the date of a deadline is meant.", "fix 220106 /dates/signed 2018-03-13 --quote 2018年3月13日", 3},
		corpus.ReviewAdd:    {"add ID LIST", "Add a fact that the machine does not have", "add adds an item to a list (deadlines, duties, clauses, provisions, references, issuers,\nterms, times, contacts). It stands on words of the text.", "add 220106 deadlines --quote 2018年6月底前 --set kind=by --set end=2018-06-30 --set task=完成脱钩", 2},
	}[action]
	c := &cobra.Command{
		Use: form.use, Short: form.short, Long: form.long + correctExit, Example: "  tuogou correct " + form.example, Args: cobra.ExactArgs(form.args),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if ch.By, err = a.who(ch.By); err != nil {
				return err
			}
			ch.Action, ch.Field, ch.Set = action, args[1], map[string]string{}
			if action == corpus.ReviewFix {
				ch.Value = args[2]
			}
			for _, s := range set {
				name, value, ok := strings.Cut(s, "=")
				if !ok {
					return usage("--set %s: write NAME=VALUE", s)
				}
				ch.Set[name] = value
			}
			return a.say1(cmd.Context(), args[0], ch)
		},
	}
	f := c.Flags()
	f.StringVar(&ch.By, "by", "", "who says so (default $TUOGOU_BY, else the user's name)")
	f.StringVar(&ch.Note, "note", "", "why")
	if action == corpus.ReviewAdd || action == corpus.ReviewFix {
		f.StringVar(&ch.Quote, "quote", "", "the words of the text that carry the fact")
	}
	if action == corpus.ReviewAdd {
		f.StringArrayVar(&set, "set", nil, "a value of the new item, as NAME=VALUE: kind, end, start, role, type, task, organ …")
	}
	return c
}

func (a *app) say1(ctx context.Context, name string, ch correct.Change) error {
	desk, err := a.desk(ctx)
	if err != nil {
		return err
	}
	r, err := a.find(ctx, name)
	if err != nil {
		return err
	}
	ch.Doc = r.ID
	c, v, err := desk.Make(ctx, ch)
	if errors.Is(err, correct.ErrInvalid) {
		return usage("%w", err)
	}
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(v)
	}
	a.print("%s %s %s\n", c.ID, c.Field, a.reviewWords(v))
	return nil
}

func (a *app) undoCmd() *cobra.Command {
	var by, note string
	c := &cobra.Command{
		Use: "undo CORRECTION", Short: "Take a correction back", Args: cobra.ExactArgs(1),
		Long:    "undo takes a correction back. It stays in the store, and so does the undo, which can be\ntaken back itself." + correctExit,
		Example: "  tuogou correct undo c4924c51",
		RunE: func(cmd *cobra.Command, args []string) error {
			desk, err := a.desk(cmd.Context())
			if err != nil {
				return err
			}
			who, err := a.who(by)
			if err != nil {
				return err
			}
			u, err := desk.Undo(cmd.Context(), args[0], who, note)
			if errors.Is(err, correct.ErrInvalid) {
				return usage("%w", err)
			}
			if err != nil {
				return err
			}
			a.print("%s %s\n", u.ID, a.msg("review.undo", u.By, u.Want))
			return nil
		},
	}
	c.Flags().StringVar(&by, "by", "", "who says so (default $TUOGOU_BY, else the user's name)")
	c.Flags().StringVar(&note, "note", "", "why")
	return c
}

func (a *app) correctListCmd() *cobra.Command {
	var orphaned bool
	c := &cobra.Command{
		Use: "list [ID]", Short: "List corrections and what became of them", Args: cobra.MaximumNArgs(1),
		Long:    "list prints every correction, those that were taken back among them.\n\nExit codes: 0 ok, 1 error, 2 usage, 3 some are orphaned.",
		Example: "  tuogou correct list --orphaned",
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			var id corpus.DocID
			if len(args) == 1 {
				r, err := a.find(ctx, args[0])
				if err != nil {
					return err
				}
				id = r.ID
			}
			s, err := a.open(ctx, false)
			if err != nil {
				return err
			}
			all, err := (&correct.Service{Store: s}).List(ctx, id)
			if err != nil {
				return err
			}
			if !a.contacts {
				if err := a.veil(ctx, s, all); err != nil {
					return err
				}
			}
			return a.printCorrections(all, orphaned)
		},
	}
	c.Flags().BoolVar(&orphaned, "orphaned", false, "only those whose words are gone")
	return c
}

// veil hides personal data in what corrections quote: that of the version that the person
// looked at, and that of the record.
func (a *app) veil(ctx context.Context, s store.Store, all []correct.Listed) error {
	k, err := a.knowledge()
	if err != nil {
		return err
	}
	seen := map[corpus.Hash][]*corpus.Record{} // by the bytes the person looked at
	for i := range all {
		c := &all[i]
		list, known := seen[c.Bytes+corpus.Hash(c.Doc)]
		if !known {
			now, err := s.Record(ctx, c.Doc)
			switch {
			case err == nil:
				list = append(list, now)
			case !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrCorrupt):
				return err
			}
			if err != nil || now.Source.SHA256 != c.Bytes {
				if data, err := s.Blob(ctx, c.Bytes); err == nil { // else nothing is known of that version
					if then, err := k.read(corpus.Capture{SHA256: c.Bytes}, data, k.kept(ctx, s), noOptions); err == nil {
						list = append(list, then)
					}
				}
			}
			seen[c.Bytes+corpus.Hash(c.Doc)] = list
		}
		for _, r := range list {
			parts := compare.HideParts(r, c.Anchor.Prefix, c.Anchor.Exact, c.Anchor.Suffix)
			c.Anchor.Prefix, c.Anchor.Exact, c.Anchor.Suffix = parts[0], parts[1], parts[2]
			for _, words := range []*string{&c.Was, &c.Want, &c.Note, &c.Anchor.Section, &c.Anchor.Item, &c.Shown.Was, &c.Shown.Want, &c.Shown.Now, &c.Shown.Quote, &c.Shown.Note} {
				*words = compare.Hide(r, *words)
			}
		}
	}
	return nil
}

func (a *app) printCorrections(all []correct.Listed, orphaned bool) error {
	lost := 0
	for _, l := range all {
		if l.State == corpus.ReviewOrphaned {
			lost++
		} else if orphaned {
			continue
		}
		if a.json {
			if err := a.printJSON(l); err != nil {
				return err
			}
			continue
		}
		words := a.reviewWords(l.Shown)
		switch {
		case l.Action == store.Undo:
			words = a.msg("review.undo", l.By, l.Want)
		case l.State == "":
			words = a.msg("review.gone", l.By)
		}
		a.print("%s %s %s %s\n", l.ID, l.Doc, l.Field, words)
		if l.State == corpus.ReviewOrphaned && l.Anchor.Exact != "" {
			a.print("    …%s[%s]%s…\n", flat(l.Anchor.Prefix), flat(l.Anchor.Exact), flat(l.Anchor.Suffix))
		}
	}
	if lost > 0 {
		return errFailures
	}
	return nil
}

func (a *app) correctExportCmd() *cobra.Command {
	var out, gold string
	c := &cobra.Command{
		Use: "export", Short: "Write all corrections as plain text, or checked records as gold", Args: cobra.NoArgs,
		Long: `export writes every correction as a block of lines that can be read, compared and
merged. With --to-gold it writes a label and the text of each document that somebody
accepted as a whole (tuogou correct accept ID /), for tuogou eval. Neither masks
personal data: corrections quote the text.` + correctExit,
		Example: "  tuogou correct export -o corrections.txt\n  tuogou correct export --to-gold gold/ && tuogou eval --gold gold/ gold/",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if gold != "" {
				return a.toGold(cmd.Context(), gold)
			}
			s, err := a.open(cmd.Context(), false)
			if err != nil {
				return err
			}
			all, err := s.Corrections(cmd.Context(), "")
			if err != nil {
				return err
			}
			if len(all) > 0 {
				a.tell("%s", a.msg("correct.open"))
			}
			return a.output(out, func(w io.Writer) error { return correct.Write(w, all) })
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "file to write (default standard output)")
	c.Flags().StringVar(&gold, "to-gold", "", "folder to write labels and texts of accepted documents to")
	return c
}

func (a *app) toGold(ctx context.Context, dir string) error {
	s, err := a.open(ctx, false)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("gold: %w", err)
	}
	n := 0
	for r, err := range corrected(ctx, s) {
		if errors.Is(err, store.ErrCorrupt) {
			a.tell("left out: %v", err)
			continue
		}
		if err != nil {
			return err
		}
		if !correct.Checked(r) {
			continue
		}
		data, err := s.Blob(ctx, r.Source.SHA256)
		if err != nil {
			return err
		}
		file := string(r.ID) + extOf(r)
		label, err := correct.WriteLabel(correct.Label(r, file))
		if err != nil {
			return err
		}
		if err := errors.Join(os.WriteFile(filepath.Join(dir, file), data, 0o644),
			os.WriteFile(filepath.Join(dir, string(r.ID)+".json"), label, 0o644)); err != nil {
			return fmt.Errorf("gold: %w", err)
		}
		n++
	}
	a.say("correct.gold", n, dir)
	return nil
}

// extOf is the ending that tells a reader what the bytes of r are.
func extOf(r *corpus.Record) string {
	for _, name := range []string{r.Source.Path, r.Source.URL} {
		if ext := path.Ext(name); len(ext) > 1 && len(ext) < 6 && ext != ".json" && !strings.ContainsAny(ext, "/?&=") {
			return ext
		}
	}
	if r.Source.MediaType == "text/plain" {
		return ".txt"
	}
	return ".html"
}

func (a *app) correctImportCmd() *cobra.Command {
	return &cobra.Command{
		Use: "import FILE…", Short: "Take in corrections that others wrote", Args: cobra.MinimumNArgs(1),
		Long:    "import keeps every correction of the files that is not kept yet. Those that find no place\nare kept too, as orphaned." + correctExit,
		Example: "  tuogou correct import wang.txt li.txt",
		RunE: func(cmd *cobra.Command, args []string) error {
			desk, err := a.desk(cmd.Context())
			if err != nil {
				return err
			}
			for _, name := range args {
				f, err := os.Open(name)
				if err != nil {
					return usage("%w", err)
				}
				all, err := correct.Read(f)
				f.Close()
				if err != nil {
					return usage("%s: %w", name, err)
				}
				n, err := desk.Import(cmd.Context(), all)
				if err != nil {
					return err
				}
				a.say("correct.imported", name, n, len(all)-n)
			}
			return nil
		},
	}
}

func (a *app) agreeCmd() *cobra.Command {
	return &cobra.Command{
		Use: "agree", Short: "How far coders and the machine agree", Args: cobra.NoArgs,
		Long: `agree compares what people and the machine say of the facts that somebody looked at:
Cohen's kappa of each two, Krippendorff's alpha of all (nominal), and alpha of days
(interval). Acceptances of whole lists name no facts and do not count.` + correctExit,
		Example: "  tuogou correct agree",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.open(cmd.Context(), false)
			if err != nil {
				return err
			}
			all, err := s.Corrections(cmd.Context(), "")
			if err != nil {
				return err
			}
			return a.printAgreement(correct.Code(all))
		},
	}
}

// pairView is the agreement of two coders. A value is null where it is not
// defined.
type pairView struct {
	A        string   `json:"a"`
	B        string   `json:"b"`
	Units    int      `json:"units"`
	Observed *float64 `json:"observed"`
	Kappa    *float64 `json:"kappa"`
}

type alphaView struct {
	Scale  string   `json:"scale"`
	Values int      `json:"values"`
	Alpha  *float64 `json:"alpha"`
}

func (a *app) printAgreement(c correct.Coding) error {
	var pairs []pairView
	for i, x := range c.Coders {
		for _, y := range c.Coders[i+1:] {
			k, seen, n := agree.Kappa(c.Units, x, y)
			if n > 0 {
				pairs = append(pairs, pairView{x, y, n, defined(seen), defined(k)})
			}
		}
	}
	var alphas []alphaView
	for _, s := range []struct {
		scale string
		units []agree.Unit
		diff  agree.Difference
	}{{"nominal", c.Units, agree.Nominal}, {"days", c.Days, correct.DayDifference()}} {
		v, n := agree.Alpha(s.units, s.diff)
		alphas = append(alphas, alphaView{s.scale, n, defined(v)})
	}
	if a.json {
		return a.printJSON(map[string]any{"units": len(c.Units), "pairs": pairs, "alpha": alphas})
	}
	for _, p := range pairs {
		a.print("%s × %s: n = %d, %s %s, kappa %s\n", p.A, p.B, p.Units, a.msg("agree.observed"), three(p.Observed), three(p.Kappa))
	}
	for _, v := range alphas {
		a.print("alpha (%s): %s, n = %d\n", v.Scale, three(v.Alpha), v.Values)
	}
	return nil
}

func defined(f float64) *float64 {
	if f != f {
		return nil
	}
	return &f
}

func three(f *float64) string {
	if f == nil {
		return "–"
	}
	return fmt.Sprintf("%.3f", *f)
}

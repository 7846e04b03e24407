package rules

import (
	"fmt"
	"io/fs"
	"time"

	"tuogou/rules/dfa"
)

// Times is the knowledge about time expressions, from times.toml.
type Times struct {
	Expressions []TimeExpression
	Affixes     []Affix
	Range       *Pattern
	Cues        TimeCues
	Either      *Pattern // between two cores of which one is meant
	Vague       []VagueTime
	Lengths     []BareLength
	Workdays    *Workdays
	YearShift   map[string]int  // 明年 → 1
	YearBeside  map[string]bool // 当年: counted from a year named before it
	MonthShift  map[string]int
	DayShift    map[string]int            // 明天 → 1
	Plans       map[string][2]int         // 十三五 → 2016, 2020
	Feasts      map[string][2]int         // 国庆 → 10, 1
	MovedFeasts map[string]map[int][2]int // 春节 → 2018 → 2, 16

	first runeSet  // what an expression can begin with
	cores *dfa.Set // the patterns of the expressions
	vague *dfa.Set
}

// CanBegin reports whether an expression may begin with r. It may say yes wrongly.
func (t *Times) CanBegin(r rune) bool { return t.first.has(r) }

// Cores are the expressions, by index, that may match at byte i of s.
func (t *Times) Cores(s string, i int) dfa.Bits { return t.cores.At(s, i) }

// VagueIn are the vague words, by index, that may stand in s.
func (t *Times) VagueIn(s string) dfa.Bits { return t.vague.Match(s) }

// At is the match of expression k that begins at byte i of s, with its groups, or nil.
func (t *Times) At(k int, s string, i int) []int {
	return t.Expressions[k].Pattern.At(s, i)
}

// index fills what CanBegin, Cores and VagueIn look up. Every expression must have
// a beginning that can be told by a character.
func (t *Times) index() error {
	for k := range t.Expressions {
		p := t.Expressions[k].Pattern
		if !p.begins {
			return fmt.Errorf("rules: times.toml: %s: may begin with anything", t.Expressions[k].ID)
		}
		t.first.join(&p.first)
	}
	var err error
	if t.cores, err = setOf(each(t.Expressions, func(e *TimeExpression) *Pattern { return e.Pattern })); err != nil {
		return fmt.Errorf("rules: times.toml: %w", err)
	}
	if t.vague, err = setOf(each(t.Vague, func(v *VagueTime) *Pattern { return v.Pattern })); err != nil {
		return fmt.Errorf("rules: times.toml: %w", err)
	}
	return nil
}

// TimeExpression finds the core of a time. The meaning of its named groups is
// told at the top of times.toml.
type TimeExpression struct {
	ID, Convention string
	Pattern        *Pattern
	NotBefore      *Pattern // nil or what must not end right before a match
	NotAfter       *Pattern // nil or what must not start right after it
	Bound          *Pattern // nil or what must touch it on neither side
	OnlyRight      bool     // only as the right side of a range
	NeedsAffix     bool     // only with an affix
	Pair           bool     // with NeedsAffix: or as a part of a range
	AsOf           bool     // how things stand on the document's date
	Forward        bool     // a length counted from the document's date
	Start          bool     // a start without an end
	Term           bool     // a standing rule
	Recurring      string   // YEARLY or MONTHLY
	Examples       []TimeExample
	Nonexamples    []string
}

// TimeExample is what an expression must make of Text, in a plan signed on
// 2018-08-09.
type TimeExample struct {
	Text  string `toml:"text"`
	Quote string `toml:"quote"`
	EDTF  string `toml:"edtf"`
	ISO   string `toml:"iso"`   // for terms
	RRule string `toml:"rrule"` // for recurring ones
}

// VagueTime are words that sound like time and set none. Read tells what may be
// said of them: open (from the document's date on), back (a time named before),
// event (of an unknown day), none.
type VagueTime struct {
	Read                  string
	Pattern               *Pattern
	NotBefore, NotAfter   *Pattern
	Examples, Nonexamples []string
}

// BareLength finds a length of time that no word binds ("连续两年"). Its group n is
// the number (or n2), unit (or unit2, unit3) the unit, half a half more. RuleBefore
// and RuleAfter tell a standing rule from a mere length; where both are nil, all are.
type BareLength struct {
	Pattern               *Pattern
	NotBefore, NotAfter   *Pattern
	RuleBefore, RuleAfter *Pattern
	Examples, Nonexamples []string
}

// Affix is a word directly before or after a core.
type Affix struct {
	Before    bool
	Pattern   *Pattern
	NotBefore *Pattern
	NotAfter  *Pattern
	Binds     string // by, from, until, within, after, as_of, since, about
}

// TimeCues decide on the role of a time from the words around it.
type TimeCues struct {
	PastBefore, PastIn, PastNews, FutureIn       *Pattern
	TaskBefore, TaskAfter, NameAfter             *Pattern
	AttributeAfter, EdgeWord                     *Pattern
	TermAfter, TermTrigger, TaskIn               *Pattern
	DescribesBefore, DescribesAfter, ToldDone    *Pattern
	LeadsList, PhaseName, DueAfter               *Pattern
	InForceBefore, NamedBefore                   *Pattern
	Goal, Hedge, Phase, Superseded, Moved        *Pattern
	AnchorPrinted, AnchorEffective, AnchorPosted *Pattern
	AnchorNow                                    *Pattern
	YearTaskAfter, InForce                       *Pattern
	SubjectAfter, PhaseAfter, Motto              *Pattern
	Standing, ToldPast, SpanBefore, TimeHeading  *Pattern
	// ObjectBefore leads in what is handed in, CitedBefore, CitedAfter and IssuedAfter
	// stand around the day of another document.
	MovedFrom, PhaseIs, AttributeBefore                *Pattern
	ObjectBefore, CitedBefore, CitedAfter, IssuedAfter *Pattern
	// IssueAnchor is an anchor that is the document's own issue, whole; its
	// group title, where it took part, must be the document's own title.
	IssueAnchor *Pattern
	// AfterEvent finds the event (group event) that a length in the next clause
	// counts from; NotEvent rejects words that only end like one (今后).
	AfterEvent, NotEvent *Pattern
	// DatelineBefore and DatelineAfter stand around the day of a story, DatelineOpens behind
	// one that opens it.
	DatelineBefore, DatelineAfter, DatelineOpens *Pattern
	BarePhase                                    *Pattern // a phase named by its count alone
	// DueBefore is a label of a time by which, RecurringTask what is done each time,
	// OwnReceipt the receipt of the document itself.
	DueBefore, RecurringTask, OwnReceipt *Pattern
	GoalWords, Strict                    *Pattern // of an expression's own words
	Closing, StatusAfter                 *Pattern // 截止 written for 截至
	// AppointmentBefore and AppointmentAfter tell a meeting, NoTask a fee.
	AppointmentBefore, AppointmentAfter, NoTask *Pattern
	TargetBefore                                *Pattern // a length that something is cut to
	BareAction, ActionEnd                       *Pattern
	// Objectless is an action whose object stands before the time, Excuse what leads
	// over to a later time for the same task, InCharge a verb that only says who acts.
	Objectless, Excuse, InCharge *Pattern
	TriggerCore                  *Pattern // its first group is an event without 自 and 后
}

type timesFile struct {
	Vars       map[string]string `toml:"vars"`
	Expression []struct {
		ID          string        `toml:"id"`
		Convention  string        `toml:"convention"`
		Pattern     string        `toml:"pattern"`
		NotBefore   string        `toml:"not_before"`
		NotAfter    string        `toml:"not_after"`
		Bound       string        `toml:"bound"`
		OnlyRight   bool          `toml:"only_right"`
		NeedsAffix  bool          `toml:"needs_affix"`
		Pair        bool          `toml:"pair"`
		AsOf        bool          `toml:"as_of"`
		Forward     bool          `toml:"forward"`
		Start       bool          `toml:"start"`
		Term        bool          `toml:"term"`
		Recurring   string        `toml:"recurring"`
		Examples    []TimeExample `toml:"examples"`
		Nonexamples []string      `toml:"nonexamples"`
	} `toml:"expression"`
	Vague []struct {
		Read        string   `toml:"read"`
		Pattern     string   `toml:"pattern"`
		NotBefore   string   `toml:"not_before"`
		NotAfter    string   `toml:"not_after"`
		Examples    []string `toml:"examples"`
		Nonexamples []string `toml:"nonexamples"`
	} `toml:"vague"`
	Length []struct {
		Pattern     string   `toml:"pattern"`
		NotBefore   string   `toml:"not_before"`
		NotAfter    string   `toml:"not_after"`
		RuleBefore  string   `toml:"rule_before"`
		RuleAfter   string   `toml:"rule_after"`
		Examples    []string `toml:"examples"`
		Nonexamples []string `toml:"nonexamples"`
	} `toml:"length"`
	YearWord []shift `toml:"year_word"`
	MonWord  []shift `toml:"month_word"`
	DayWord  []shift `toml:"day_word"`
	Plan     []struct {
		Word string `toml:"word"`
		From int    `toml:"from"`
		To   int    `toml:"to"`
	} `toml:"plan_years"`
	Feast []struct {
		Word  string   `toml:"word"`
		Month int      `toml:"month"`
		Day   int      `toml:"day"`
		Days  []string `toml:"days"`
	} `toml:"feast_day"`
	Range struct {
		Pattern string `toml:"pattern"`
	} `toml:"range"`
	Either struct {
		Pattern string `toml:"pattern"`
	} `toml:"either"`
	Affix []struct {
		Side      string `toml:"side"`
		Pattern   string `toml:"pattern"`
		NotBefore string `toml:"not_before"`
		NotAfter  string `toml:"not_after"`
		Binds     string `toml:"binds"`
	} `toml:"affix"`
	Cues cueFile `toml:"cues"`
}

type cueFile struct {
	PastBefore        string `toml:"past_before"`
	PastIn            string `toml:"past_in"`
	PastNews          string `toml:"past_news"`
	FutureIn          string `toml:"future_in"`
	TaskBefore        string `toml:"task_before"`
	TaskAfter         string `toml:"task_after"`
	NameAfter         string `toml:"name_after"`
	AttributeAfter    string `toml:"attribute_after"`
	EdgeWord          string `toml:"edge_word"`
	TermAfter         string `toml:"term_after"`
	DescribesBefore   string `toml:"describes_before"`
	DescribesAfter    string `toml:"describes_after"`
	ToldDone          string `toml:"told_done"`
	LeadsList         string `toml:"leads_list"`
	PhaseName         string `toml:"phase_name"`
	DueAfter          string `toml:"due_after"`
	InForceBefore     string `toml:"in_force_before"`
	NamedBefore       string `toml:"named_before"`
	TermTrigger       string `toml:"term_trigger"`
	TaskIn            string `toml:"task_in"`
	Goal              string `toml:"goal"`
	Hedge             string `toml:"hedge"`
	Phase             string `toml:"phase"`
	Superseded        string `toml:"superseded"`
	Moved             string `toml:"moved"`
	YearTask          string `toml:"year_task_after"`
	SubjectAfter      string `toml:"subject_after"`
	PhaseAfter        string `toml:"phase_after"`
	Motto             string `toml:"motto"`
	Standing          string `toml:"standing"`
	ToldPast          string `toml:"told_past"`
	SpanBefore        string `toml:"span_before"`
	TimeHeading       string `toml:"time_heading"`
	MovedFrom         string `toml:"moved_from"`
	AttributeBefore   string `toml:"attribute_before"`
	PhaseIs           string `toml:"phase_is"`
	ObjectBefore      string `toml:"object_before"`
	CitedBefore       string `toml:"cited_before"`
	CitedAfter        string `toml:"cited_after"`
	IssuedAfter       string `toml:"issued_after"`
	InForce           string `toml:"in_force"`
	IssueAnchor       string `toml:"issue_anchor"`
	AfterEvent        string `toml:"after_event"`
	NotEvent          string `toml:"not_event"`
	DatelineBefore    string `toml:"dateline_before"`
	DatelineOpens     string `toml:"dateline_opens"`
	DatelineAfter     string `toml:"dateline_after"`
	ExplainedAfter    string `toml:"explained_after"`
	BarePhase         string `toml:"bare_phase"`
	GoalWords         string `toml:"goal_words"`
	DueBefore         string `toml:"due_before"`
	RecurringTask     string `toml:"recurring_task"`
	OwnReceipt        string `toml:"own_receipt"`
	Strict            string `toml:"strict"`
	Closing           string `toml:"closing"`
	StatusAfter       string `toml:"status_after"`
	AppointmentBefore string `toml:"appointment_before"`
	AppointmentAfter  string `toml:"appointment_after"`
	NoTask            string `toml:"no_task"`
	TargetBefore      string `toml:"target_before"`
	BareAction        string `toml:"bare_action"`
	ActionEnd         string `toml:"action_end"`
	Objectless        string `toml:"objectless"`
	Excuse            string `toml:"excuse"`
	InCharge          string `toml:"in_charge"`
	TriggerCore       string `toml:"trigger_core"`
	AnchorPrinted     string `toml:"anchor_printed"`
	AnchorEffective   string `toml:"anchor_effective"`
	AnchorPosted      string `toml:"anchor_posted"`
	AnchorNow         string `toml:"anchor_now"`
}

type shift struct {
	Words  []string `toml:"words"`
	Shift  int      `toml:"shift"`
	Beside bool     `toml:"beside"`
}

func loadTimes(fsys fs.FS) (*Times, error) {
	var f timesFile
	if err := decode(fsys, timesName, &f); err != nil {
		return nil, err
	}
	c := compiler{file: timesName, vars: f.Vars}
	t := &Times{
		Range:       c.quick("range", f.Range.Pattern),
		Either:      c.quick("either", f.Either.Pattern),
		MovedFeasts: map[string]map[int][2]int{},
		YearShift:   map[string]int{}, YearBeside: map[string]bool{}, MonthShift: map[string]int{}, DayShift: map[string]int{},
		Plans: map[string][2]int{}, Feasts: map[string][2]int{},
	}
	for _, add := range []func(*timesFile, *compiler) error{t.addExpressions, t.addAffixes, t.addLoose, t.addWords} {
		if err := add(&f, &c); err != nil {
			return nil, err
		}
	}
	var err error
	if t.Workdays, err = loadWorkdays(fsys); err != nil {
		return nil, err
	}
	t.Cues = compileCues(&c, &f.Cues)
	if c.err != nil {
		return nil, c.err
	}
	return t, t.index()
}

const timesName = "times.toml"

func (t *Times) addExpressions(f *timesFile, c *compiler) error {
	seen := map[string]bool{}
	for _, e := range f.Expression {
		if seen[e.ID] {
			return fmt.Errorf("rules: %s: expression %q stands twice", timesName, e.ID)
		}
		seen[e.ID] = true
		if len(e.Examples) < 2 || len(e.Nonexamples) < 1 {
			return fmt.Errorf("rules: %s: expression %q needs two examples and a counter-example", timesName, e.ID)
		}
		t.Expressions = append(t.Expressions, TimeExpression{
			ID: e.ID, Convention: e.Convention,
			Pattern:   c.quick(e.ID, e.Pattern),
			NotBefore: c.quickOptional(e.ID, e.NotBefore), NotAfter: c.quickOptional(e.ID, e.NotAfter), Bound: c.quickOptional(e.ID, e.Bound),
			OnlyRight: e.OnlyRight, NeedsAffix: e.NeedsAffix, Pair: e.Pair, AsOf: e.AsOf, Forward: e.Forward, Start: e.Start, Term: e.Term,
			Recurring: e.Recurring, Examples: e.Examples, Nonexamples: e.Nonexamples,
		})
	}
	return nil
}

func (t *Times) addAffixes(f *timesFile, c *compiler) error {
	for i, a := range f.Affix {
		id := fmt.Sprintf("affix %d", i+1)
		if a.Side != "before" && a.Side != "after" {
			return fmt.Errorf("rules: %s: %s: side is %q, want before or after", timesName, id, a.Side)
		}
		t.Affixes = append(t.Affixes, Affix{
			Before: a.Side == "before", Pattern: c.quick(id, a.Pattern),
			NotBefore: c.quickOptional(id, a.NotBefore), NotAfter: c.quickOptional(id, a.NotAfter), Binds: a.Binds,
		})
	}
	return nil
}

// addLoose adds what is no core of a time: vague words and bare lengths.
func (t *Times) addLoose(f *timesFile, c *compiler) error {
	for i, v := range f.Vague {
		id := fmt.Sprintf("vague %d", i+1)
		if len(v.Examples) == 0 || len(v.Nonexamples) == 0 {
			return fmt.Errorf("rules: %s: %s needs an example and a counter-example", timesName, id)
		}
		t.Vague = append(t.Vague, VagueTime{Read: v.Read, Pattern: c.quick(id, v.Pattern),
			NotBefore: c.quickOptional(id, v.NotBefore), NotAfter: c.quickOptional(id, v.NotAfter), Examples: v.Examples, Nonexamples: v.Nonexamples})
	}
	for i, v := range f.Length {
		id := fmt.Sprintf("length %d", i+1)
		if len(v.Examples) == 0 || len(v.Nonexamples) == 0 {
			return fmt.Errorf("rules: %s: %s needs an example and a counter-example", timesName, id)
		}
		t.Lengths = append(t.Lengths, BareLength{Pattern: c.quick(id, v.Pattern),
			NotBefore: c.quickOptional(id, v.NotBefore), NotAfter: c.quickOptional(id, v.NotAfter),
			RuleBefore: c.quickOptional(id, v.RuleBefore), RuleAfter: c.quickOptional(id, v.RuleAfter), Examples: v.Examples, Nonexamples: v.Nonexamples})
	}
	return nil
}

// addWords adds the lists of words: years, months, days, plans and feasts.
func (t *Times) addWords(f *timesFile, _ *compiler) error {
	fill(t.YearShift, f.YearWord)
	for _, w := range f.YearWord {
		for _, s := range w.Words {
			t.YearBeside[s] = w.Beside
		}
	}
	fill(t.MonthShift, f.MonWord)
	fill(t.DayShift, f.DayWord)
	for _, p := range f.Plan {
		t.Plans[p.Word] = [2]int{p.From, p.To}
	}
	return t.addFeasts(f)
}

func (t *Times) addFeasts(f *timesFile) error {
	for _, p := range f.Feast {
		if len(p.Days) == 0 {
			t.Feasts[p.Word] = [2]int{p.Month, p.Day}
			continue
		}
		t.MovedFeasts[p.Word] = map[int][2]int{}
		for _, s := range p.Days {
			day, err := time.Parse(time.DateOnly, s)
			if err != nil {
				return fmt.Errorf("rules: times.toml: %s: %w", p.Word, err)
			}
			t.MovedFeasts[p.Word][day.Year()] = [2]int{int(day.Month()), day.Day()}
		}
	}
	return nil
}

func compileCues(c *compiler, q *cueFile) TimeCues {
	return TimeCues{
		PastBefore: c.quick("past_before", q.PastBefore), PastIn: c.quick("past_in", q.PastIn),
		PastNews: c.quick("past_news", q.PastNews), FutureIn: c.quick("future_in", q.FutureIn),
		TaskBefore: c.quick("task_before", q.TaskBefore), TaskAfter: c.quick("task_after", q.TaskAfter),
		AttributeAfter: c.quick("attribute_after", q.AttributeAfter), EdgeWord: c.quick("edge_word", q.EdgeWord),
		NameAfter: c.quick("name_after", q.NameAfter), TermAfter: c.quick("term_after", q.TermAfter),
		DescribesBefore: c.quick("describes_before", q.DescribesBefore), DescribesAfter: c.quick("describes_after", q.DescribesAfter), ToldDone: c.quick("told_done", q.ToldDone),
		LeadsList: c.quick("leads_list", q.LeadsList), PhaseName: c.quick("phase_name", q.PhaseName), DueAfter: c.quick("due_after", q.DueAfter), InForceBefore: c.quick("in_force_before", q.InForceBefore), NamedBefore: c.quick("named_before", q.NamedBefore),
		TermTrigger: c.quick("term_trigger", q.TermTrigger), TaskIn: c.quick("task_in", q.TaskIn),
		Goal: c.quick("goal", q.Goal), Hedge: c.quick("hedge", q.Hedge), Phase: c.quick("phase", q.Phase),
		Superseded: c.quick("superseded", q.Superseded), Moved: c.quick("moved", q.Moved),
		SubjectAfter: c.quick("subject_after", q.SubjectAfter), PhaseAfter: c.quick("phase_after", q.PhaseAfter), Motto: c.quick("motto", q.Motto),
		Standing: c.quick("standing", q.Standing), ToldPast: c.quick("told_past", q.ToldPast), SpanBefore: c.quick("span_before", q.SpanBefore), TimeHeading: c.quick("time_heading", q.TimeHeading),
		MovedFrom: c.quick("moved_from", q.MovedFrom), AttributeBefore: c.quick("attribute_before", q.AttributeBefore), PhaseIs: c.quick("phase_is", q.PhaseIs),
		ObjectBefore: c.quick("object_before", q.ObjectBefore), CitedBefore: c.quick("cited_before", q.CitedBefore),
		CitedAfter: c.quick("cited_after", q.CitedAfter), IssuedAfter: c.quick("issued_after", q.IssuedAfter),
		YearTaskAfter: c.quick("year_task_after", q.YearTask), InForce: c.quick("in_force", q.InForce),
		IssueAnchor: c.quick("issue_anchor", q.IssueAnchor),
		AfterEvent:  c.quick("after_event", q.AfterEvent), NotEvent: c.quick("not_event", q.NotEvent), BarePhase: c.quick("bare_phase", q.BarePhase),
		GoalWords:      c.quick("goal_words", q.GoalWords),
		DatelineBefore: c.quick("dateline_before", q.DatelineBefore), DatelineOpens: c.quick("dateline_opens", q.DatelineOpens),
		DatelineAfter:     c.quick("dateline_after", q.DatelineAfter),
		DueBefore:         c.quick("due_before", q.DueBefore),
		RecurringTask:     c.quick("recurring_task", q.RecurringTask),
		OwnReceipt:        c.quick("own_receipt", q.OwnReceipt),
		Strict:            c.quick("strict", q.Strict),
		Closing:           c.quick("closing", q.Closing),
		StatusAfter:       c.quick("status_after", q.StatusAfter),
		AppointmentBefore: c.quick("appointment_before", q.AppointmentBefore),
		AppointmentAfter:  c.quick("appointment_after", q.AppointmentAfter),
		NoTask:            c.quick("no_task", q.NoTask),
		TargetBefore:      c.quick("target_before", q.TargetBefore),
		BareAction:        c.quick("bare_action", q.BareAction),
		ActionEnd:         c.quick("action_end", q.ActionEnd),
		Objectless:        c.quick("objectless", q.Objectless),
		Excuse:            c.quick("excuse", q.Excuse),
		InCharge:          c.quick("in_charge", q.InCharge),
		TriggerCore:       c.quick("trigger_core", q.TriggerCore),
		AnchorPrinted:     c.quick("anchor_printed", q.AnchorPrinted), AnchorEffective: c.quick("anchor_effective", q.AnchorEffective),
		AnchorPosted: c.quick("anchor_posted", q.AnchorPosted), AnchorNow: c.quick("anchor_now", q.AnchorNow),
	}
}

func fill(into map[string]int, from []shift) {
	for _, s := range from {
		for _, w := range s.Words {
			into[w] = s.Shift
		}
	}
}

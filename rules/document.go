package rules

import (
	"io/fs"

	"tuogou/corpus"
)

// Documents is the knowledge about what a document is, from document.toml.
type Documents struct {
	Kinds      []KindRule
	Styles     []StyleCue
	StyleLeast int
	// Paper is the title of what is none of the kinds.
	Paper         *Pattern
	PaperExamples []string
	// CarrierExamples are titles that Carrier matches.
	CarrierExamples []string
	Carrier         *Pattern // groups book, bare: the title of what a notice wraps
	Bulletin        *Pattern // 省委办公厅印发《X》, over the whole text: the first group is X
	InFull          *Pattern // 《X》全文如下, above the text of X: group title
	Handing         *Pattern // 现将…印发给你们
	Office          *Pattern // behind an organ: its office, which signs for it
	NoTitle         *Pattern // a first line that is a day or the heading of a section
	TitleOpens      *Pattern // a title whose organs stand on the line above
	Titles          *Pattern // what stands between two titles: 》和《
	Annex           *Pattern // the line above an attachment: 附件1
	NamesAnnex      *Pattern // a line that only names one: 附件：《甲》
	TitleNote       *Pattern // what may end a title or not: （试行）
	TitleFiller     []string // words that come and go in one
	About           *Pattern // the word before the matter of a title
	NotPlace        *Pattern // a verb that sounds like the end of a place, unless it stands behind PlaceAfter
	PlaceAfter      *Pattern
	Date            DateRules
	Number          NumberRules
	Reference       ReferenceRules
	Topic           TopicRules
	Generations     []GenerationRule
	Waves           WaveRules
	Central         []Central
	Fresh           *Pattern
	ToldOn          *Pattern // between a day and a year counted from it
	Published       *Pattern
	Ours            *Pattern // 我省, 全市: group level
	Nation          *Pattern
	Addressed       *Pattern // the departments addressed: group level
	Local           *Pattern // 辖区各…
	Zone, Town      *Pattern // the groups are the name without its organ
	Dateline        *Pattern // what follows a place that only dates a story: 北京7月8日电
	NewsLead        *Pattern // what may stand before the place that opens a story
	ActualBefore    *Pattern // around the place that a text says it is written for: 结合|示例市|实际
	ActualAfter     *Pattern
	Region          *Pattern          // an organ of the region that 全区 may mean
	PlaceSubject    *Pattern          // what may stand before the place that a clause is about
	OwnDocument     *Pattern          // the rest of a title behind a place that makes it the place's own plan
	StoryDay        *Pattern          // the day of a story, in its first line: group date
	Hosts           map[string]string // code of the place of a host
}

// KindRule reads the kind of a document from its title.
type KindRule struct {
	Kind     corpus.Kind
	Title    *Pattern
	Examples []string
}

// StyleCue speaks for a kind where the title does not decide. Each match adds
// Weight, up to Most. OfTitle: it is looked for in the title, not in the text.
type StyleCue struct {
	Kind         corpus.Kind
	Pattern      *Pattern
	Weight, Most int
	OfTitle      bool
}

// DateRules find the dates of a document. Each has a group date.
type DateRules struct{ Line, Tail, Within, Seal, Printed, Adopted, Effective *Pattern }

// NumberRules find document numbers: groups agency, year, serial.
type NumberRules struct {
	Full, Lost, Order, OrderEnd, Yearly, Register, LeadIn, AgencyEnd, NotAgency, NotOrder, Whole, Label *Pattern
	Addressed                                                                                           *Pattern // what may follow a number that is glued to the title
	Examples, Nonexamples                                                                               []string
}

// ReferenceRules find other documents and how they are used.
type ReferenceRules struct {
	Issued                                                                                  *Pattern // behind a title: the document itself hands it out
	Title, Basis, Chain, HandsOn, Asks, Implements, Self, IsDocument, NotDocument, OfNotice *Pattern
	Told, ToldAfter                                                                         *Pattern
	Repeals, RepealsBefore, RepealTitle                                                     *Pattern
	Short                                                                                   *Pattern // each group may be the name
	Unmarked                                                                                *Pattern // group title
}

// TopicRules decide whether a text is about the decoupling.
type TopicRules struct {
	Association, Decoupling, Strong, TitleStrong *Pattern
	LeastStrong                                  int // passages that are enough by themselves
	LeastLoose                                   int // mentions of Decoupling that are enough beside one such passage
	Least, Share                                 int // words, and one in so many characters, that make a text one about associations
	ShortText                                    int // characters of a text in which one is enough
}

// GenerationRule is a wave of the reform; the latest stands first.
type GenerationRule struct {
	Generation corpus.Generation
	From       string // YYYY-MM-DD, first day of the wave
}

// WaveRules weigh what speaks for a wave.
type WaveRules struct {
	Day, Posted, Year int // the weight of the text's day, of its day of posting, of a year in it
	Least             int // the sum that is needed
	Signs             []WaveSign
}

// WaveSign speaks for a wave, once a text.
type WaveSign struct {
	Generation            corpus.Generation
	Weight                int
	Pattern               *Pattern
	Examples, Nonexamples []string
}

// Central is a central document with its date.
type Central struct {
	Title  string `toml:"title"`
	Number string `toml:"number"`
	Issued string `toml:"issued"` // YYYY-MM-DD
}

type documentFile struct {
	Vars map[string]string `toml:"vars"`
	Kind []struct {
		ID       string   `toml:"id"`
		Title    string   `toml:"title"`
		Examples []string `toml:"examples"`
	} `toml:"kind"`
	Style struct {
		Least         int      `toml:"least"`
		Paper         string   `toml:"paper"`
		PaperExamples []string `toml:"paper_examples"`
		Cue           []struct {
			Kind    string `toml:"kind"`
			Pattern string `toml:"pattern"`
			Weight  int    `toml:"weight"`
			Most    int    `toml:"most"`
			Title   bool   `toml:"title"`
		} `toml:"cue"`
	} `toml:"style"`
	Carrier struct {
		Title    string   `toml:"title"`
		Examples []string `toml:"examples"`
		Handing  string   `toml:"handing"`
		NoTitle  string   `toml:"no_title"`
		Bulletin string   `toml:"bulletin"`
		InFull   string   `toml:"in_full"`
		Opens    string   `toml:"opens"`
		Titles   string   `toml:"titles"`
		Annex    string   `toml:"annex"`
		Names    string   `toml:"names_annex"`
		Note     string   `toml:"title_note"`
		Filler   []string `toml:"title_filler"`
		About    string   `toml:"about"`
	} `toml:"carrier"`
	Dates struct {
		Line      string `toml:"line"`
		Tail      string `toml:"tail"`
		Within    string `toml:"within"`
		Seal      string `toml:"seal"`
		Office    string `toml:"office"`
		Printed   string `toml:"printed"`
		Adopted   string `toml:"adopted"`
		Effective string `toml:"effective"`
	} `toml:"dates"`
	Number struct {
		Full        string   `toml:"full"`
		Lost        string   `toml:"lost"`
		Order       string   `toml:"order"`
		OrderEnd    string   `toml:"order_end"`
		Yearly      string   `toml:"yearly"`
		Register    string   `toml:"register"`
		LeadIn      string   `toml:"lead_in"`
		AgencyEnd   string   `toml:"agency_end"`
		NotAgency   string   `toml:"not_agency"`
		NotOrder    string   `toml:"not_order"`
		Whole       string   `toml:"whole"`
		Label       string   `toml:"label"`
		Addressed   string   `toml:"addressed"`
		Examples    []string `toml:"examples"`
		Nonexamples []string `toml:"nonexamples"`
	} `toml:"number"`
	Reference struct {
		Title         string `toml:"title"`
		Basis         string `toml:"basis"`
		Chain         string `toml:"chain"`
		HandsOn       string `toml:"hands_on"`
		Asks          string `toml:"asks"`
		OfNotice      string `toml:"of_notice"`
		Implements    string `toml:"implements"`
		Told          string `toml:"told"`
		ToldAfter     string `toml:"told_after"`
		Repeals       string `toml:"repeals"`
		RepealsBefore string `toml:"repeals_before"`
		RepealTitle   string `toml:"repeal_title"`
		Self          string `toml:"self"`
		Issued        string `toml:"issued"`
		IsDocument    string `toml:"is_document"`
		NotDocument   string `toml:"not_document"`
		Short         string `toml:"short"`
		Unmarked      string `toml:"unmarked"`
	} `toml:"reference"`
	Topic struct {
		Association string `toml:"association"`
		Decoupling  string `toml:"decoupling"`
		Strong      string `toml:"strong"`
		LeastStrong int    `toml:"least_strong"`
		LeastLoose  int    `toml:"least_loose"`
		ShortText   int    `toml:"short_text"`
		Least       int    `toml:"least_association"`
		Share       int    `toml:"share_association"`
		TitleStrong string `toml:"title_strong"`
	} `toml:"topic"`
	Generation []struct {
		ID   string `toml:"id"`
		From string `toml:"from"`
	} `toml:"generation"`
	Waves struct {
		Day    int `toml:"day"`
		Posted int `toml:"posted"`
		Year   int `toml:"year"`
		Least  int `toml:"least"`
	} `toml:"waves"`
	Sign []struct {
		Generation  string   `toml:"generation"`
		Weight      int      `toml:"weight"`
		Pattern     string   `toml:"pattern"`
		Examples    []string `toml:"examples"`
		Nonexamples []string `toml:"nonexamples"`
	} `toml:"sign"`
	Central []Central `toml:"central"`
	Event   struct {
		Fresh     string `toml:"fresh"`
		ToldOn    string `toml:"told_on"`
		Published string `toml:"published"`
	} `toml:"event"`
	Place struct {
		Ours      string            `toml:"ours"`
		Nation    string            `toml:"nation"`
		Addressed string            `toml:"addressed"`
		Local     string            `toml:"local"`
		Zone      string            `toml:"zone"`
		Town      string            `toml:"town"`
		Dateline  string            `toml:"dateline"`
		NewsLead  string            `toml:"news_lead"`
		Subject   string            `toml:"place_subject"`
		Region    string            `toml:"region"`
		NotPlace  string            `toml:"not_place"`
		After     string            `toml:"place_after"`
		Actual    string            `toml:"actual_before"`
		ActualEnd string            `toml:"actual_after"`
		OwnDoc    string            `toml:"own_document"`
		StoryDay  string            `toml:"story_day"`
		Hosts     map[string]string `toml:"hosts"`
	} `toml:"place"`
}

func loadDocuments(fsys fs.FS) (*Documents, error) {
	const name = "document.toml"
	var f documentFile
	if err := decode(fsys, name, &f); err != nil {
		return nil, err
	}
	c := compiler{file: name, vars: f.Vars}
	d := &Documents{
		StyleLeast: f.Style.Least, Paper: c.quick("style paper", f.Style.Paper), PaperExamples: f.Style.PaperExamples,
		Carrier: c.quick("carrier", f.Carrier.Title), Handing: c.quick("carrier handing", f.Carrier.Handing), NoTitle: c.quick("carrier no_title", f.Carrier.NoTitle),
		CarrierExamples: f.Carrier.Examples,
		TitleOpens:      c.quick("carrier opens", f.Carrier.Opens), Titles: c.quick("carrier titles", f.Carrier.Titles),
		NamesAnnex: c.quick("carrier names_annex", f.Carrier.Names), TitleNote: c.quick("carrier title_note", f.Carrier.Note), TitleFiller: f.Carrier.Filler,
		About: c.quick("carrier about", f.Carrier.About), NotPlace: c.quick("place not_place", f.Place.NotPlace), PlaceAfter: c.quick("place place_after", f.Place.After),
		Annex: c.quick("carrier annex", f.Carrier.Annex), Bulletin: c.quick("carrier bulletin", f.Carrier.Bulletin),
		InFull: c.quick("carrier in_full", f.Carrier.InFull),
		Date: DateRules{
			Line: c.quick("date line", f.Dates.Line), Tail: c.quick("date tail", f.Dates.Tail), Within: c.quick("date within", f.Dates.Within),
			Seal:    c.quick("date seal", f.Dates.Seal),
			Printed: c.quick("date printed", f.Dates.Printed), Adopted: c.quick("date adopted", f.Dates.Adopted),
			Effective: c.quick("date effective", f.Dates.Effective),
		},
		Number: NumberRules{
			Full: c.quick("number full", f.Number.Full), Lost: c.quick("number lost", f.Number.Lost),
			Order: c.quick("number order", f.Number.Order), OrderEnd: c.quick("number order_end", f.Number.OrderEnd),
			Yearly: c.quick("number yearly", f.Number.Yearly), Register: c.quick("number register", f.Number.Register),
			LeadIn: c.quick("number lead_in", f.Number.LeadIn), AgencyEnd: c.quick("number agency_end", f.Number.AgencyEnd), NotAgency: c.quick("number not_agency", f.Number.NotAgency), NotOrder: c.quick("number not_order", f.Number.NotOrder), Whole: c.quick("number whole", f.Number.Whole), Label: c.quick("number label", f.Number.Label),
			Addressed: c.quick("number addressed", f.Number.Addressed), Examples: f.Number.Examples, Nonexamples: f.Number.Nonexamples,
		},
		Reference: ReferenceRules{
			Title: c.quick("reference title", f.Reference.Title), Basis: c.quick("reference basis", f.Reference.Basis),
			Chain: c.quick("reference chain", f.Reference.Chain), HandsOn: c.quick("reference hands_on", f.Reference.HandsOn), Asks: c.quick("reference asks", f.Reference.Asks), OfNotice: c.quick("reference of_notice", f.Reference.OfNotice),
			Implements: c.quick("reference implements", f.Reference.Implements),
			Told:       c.quick("reference told", f.Reference.Told), ToldAfter: c.quick("reference told_after", f.Reference.ToldAfter), Self: c.quick("reference self", f.Reference.Self),
			IsDocument: c.quick("reference is_document", f.Reference.IsDocument), NotDocument: c.quick("reference not_document", f.Reference.NotDocument),
			Issued:  c.quick("reference issued", f.Reference.Issued),
			Repeals: c.quick("reference repeals", f.Reference.Repeals), RepealsBefore: c.quick("reference repeals_before", f.Reference.RepealsBefore),
			RepealTitle: c.quick("reference repeal_title", f.Reference.RepealTitle),
			Short:       c.quick("reference short", f.Reference.Short), Unmarked: c.quick("reference unmarked", f.Reference.Unmarked),
		},
		Topic: TopicRules{
			Association: c.quick("topic association", f.Topic.Association), Decoupling: c.quick("topic decoupling", f.Topic.Decoupling),
			Strong: c.quick("topic strong", f.Topic.Strong), TitleStrong: c.quick("topic title", f.Topic.TitleStrong),
			LeastStrong: f.Topic.LeastStrong, LeastLoose: f.Topic.LeastLoose, Least: f.Topic.Least, Share: f.Topic.Share, ShortText: f.Topic.ShortText,
		},
		Office:  c.quick("dates office", f.Dates.Office),
		Central: f.Central,
		ToldOn:  c.quick("event told_on", f.Event.ToldOn),
		Fresh:   c.quick("event fresh", f.Event.Fresh), Published: c.quick("event published", f.Event.Published),
		Ours: c.quick("place ours", f.Place.Ours), Nation: c.quick("place nation", f.Place.Nation),
		Addressed: c.quick("place addressed", f.Place.Addressed), Local: c.quick("place local", f.Place.Local),
		Zone: c.quick("place zone", f.Place.Zone), Town: c.quick("place town", f.Place.Town),
		Dateline: c.quick("place dateline", f.Place.Dateline), NewsLead: c.quick("place news_lead", f.Place.NewsLead),
		PlaceSubject: c.quick("place place_subject", f.Place.Subject), Region: c.quick("place region", f.Place.Region),
		ActualBefore: c.quick("place actual_before", f.Place.Actual), ActualAfter: c.quick("place actual_after", f.Place.ActualEnd), OwnDocument: c.quick("place own_document", f.Place.OwnDoc), StoryDay: c.quick("place story_day", f.Place.StoryDay), Hosts: f.Place.Hosts,
	}
	for _, k := range f.Kind {
		d.Kinds = append(d.Kinds, KindRule{corpus.Kind(k.ID), c.quick("kind "+k.ID, k.Title), k.Examples})
	}
	for _, s := range f.Style.Cue {
		d.Styles = append(d.Styles, StyleCue{corpus.Kind(s.Kind), c.quick("style "+s.Kind, s.Pattern), s.Weight, s.Most, s.Title})
	}
	for _, g := range f.Generation {
		d.Generations = append(d.Generations, GenerationRule{corpus.Generation(g.ID), g.From})
	}
	d.Waves = WaveRules{Day: f.Waves.Day, Posted: f.Waves.Posted, Year: f.Waves.Year, Least: f.Waves.Least}
	for _, g := range f.Sign {
		d.Waves.Signs = append(d.Waves.Signs, WaveSign{corpus.Generation(g.Generation), g.Weight,
			c.quick("sign "+g.Generation, g.Pattern), g.Examples, g.Nonexamples})
	}
	return d, c.err
}

package corpus

// State tells four things apart that an empty string would mix up.
type State string

// The states of a fact.
const (
	Stated     State = "stated"     // found, with evidence
	NotStated  State = "not_stated" // the text is whole and does not say
	NotFound   State = "not_found"  // not in the text given, which is cut or is in an attachment
	Unresolved State = "unresolved" // said, but open: see the candidates
)

// Kind is the kind of a document.
type Kind string

// The kinds of documents.
const (
	KindPlan           Kind = "plan"           // 方案
	KindNotice         Kind = "notice"         // 通知
	KindOpinion        Kind = "opinion"        // 意见
	KindMeasures       Kind = "measures"       // 办法, 规定, 细则
	KindInterpretation Kind = "interpretation" // 政策解读
	KindList           Kind = "list"           // 名单, 清单
	KindSummary        Kind = "summary"        // 工作总结 of an organ
	KindNews           Kind = "news"
	KindCommentary     Kind = "commentary" // 评论, an op-ed or an essay
	KindReply          Kind = "reply"      // 批复, 复函, 答复
	KindOther          Kind = "other"
)

// Generation is the wave of the reform that a document belongs to.
type Generation string

// The generations.
const (
	Decoupling2015 Generation = "decoupling_2015" // 中办发〔2015〕39号 and its local plans
	Decoupling2019 Generation = "decoupling_2019" // 发改体改〔2019〕1063号 and its local plans
	Reform2026     Generation = "reform_2026"     // the 2026 opinions on deepening
	Precursor      Generation = "precursor"       // 政会分开, 四分开 and other programmes before 2015
	Related        Generation = "related"         // about associations, not about decoupling
	NoGeneration   Generation = "none"
)

// Level is the administrative level of a place or organ.
type Level string

// The levels, highest first.
const (
	Nation     Level = "nation"
	Province   Level = "province"
	Prefecture Level = "prefecture"
	County     Level = "county"
	Town       Level = "town"
	Zone       Level = "zone" // 开发区, 新区 and others outside GB/T 2260
)

// ClauseType is one of the five separations (五分离).
type ClauseType string

// The five clauses, in the order of the central plan of 2015.
const (
	Institution ClauseType = "institution" // 机构分离
	Function    ClauseType = "function"    // 职能分离
	Asset       ClauseType = "asset"       // 资产财务分离
	Personnel   ClauseType = "personnel"   // 人员管理分离
	Party       ClauseType = "party"       // 党建、外事等事项分离
)

// ClauseTypes are the five, in order.
var ClauseTypes = [...]ClauseType{Institution, Function, Asset, Personnel, Party}

// ClauseForm says how a clause appears in a text.
type ClauseForm string

// The forms of a clause.
const (
	FormSection ClauseForm = "section" // a heading with its own content
	FormInline  ClauseForm = "inline"  // named within a sentence, with its norm or some content
	FormMention ClauseForm = "mention" // only named in a list of the five
)

// TimeRole says what a time expression does in its sentence.
type TimeRole string

// The roles of a time expression.
const (
	RoleDeadline  TimeRole = "deadline"
	RoleStart     TimeRole = "start"
	RolePeriod    TimeRole = "period"
	RolePhase     TimeRole = "phase"
	RoleAsOf      TimeRole = "as_of"
	RolePast      TimeRole = "past"
	RoleCited     TimeRole = "cited"
	RoleIssued    TimeRole = "issued"
	RoleRecurring TimeRole = "recurring"
	RoleTerm      TimeRole = "term"
	RoleVague     TimeRole = "vague"
)

// DeadlineKind says how a time binds its task.
type DeadlineKind string

// The kinds of deadlines.
const (
	KindBy        DeadlineKind = "by"        // not later than the end
	KindFrom      DeadlineKind = "from"      // from the start on
	KindWithin    DeadlineKind = "within"    // inside the interval
	KindDuring    DeadlineKind = "during"    // throughout the interval
	KindPhase     DeadlineKind = "phase"     // a named phase of the work
	KindRecurring DeadlineKind = "recurring" // each year, each month
)

// Precision is the unit in which a time was written.
type Precision string

// The precisions.
const (
	ByDay     Precision = "day"
	ByTenday  Precision = "tenday" // 上旬, 中旬, 下旬
	ByMonth   Precision = "month"
	ByQuarter Precision = "quarter"
	ByHalf    Precision = "half"
	ByYear    Precision = "year"
	ByPlan    Precision = "plan" // 五年规划
)

// DutyRole is what an organ does about a task.
type DutyRole string

// The roles of duties.
const (
	Lead        DutyRole = "lead"        // 牵头
	Joint       DutyRole = "joint"       // 会同 (the one taken along), 共同
	Responsible DutyRole = "responsible" // 负责
	Support     DutyRole = "support"     // 配合
	Approve     DutyRole = "approve"     // 审批, 核准
	Receive     DutyRole = "receive"     // 报送, 备案
	Supervise   DutyRole = "supervise"   // 指导, 监督
)

// Relation is how a document uses another one.
type Relation string

// The relations.
const (
	Basis      Relation = "basis"      // 根据, 按照, 为贯彻落实
	Forwards   Relation = "forwards"   // 印发, 转发
	Implements Relation = "implements" // 制定并落实
	Cites      Relation = "cites"
	Repeals    Relation = "repeals" // 同时废止
)

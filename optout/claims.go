package optout

// claim is a rule for words that mean something, and when they don't.
type claim struct {
	rule  string
	kind  Kind
	voids []string // rules that take it back if they end right before it
	timed timing
}

// timing is how words bear a time.
type timing int

const (
	always timing = iota // a time changes nothing
	by                   // "stop calling me now" is no wish about the time, "stop calling me at night" is
	at                   // any time makes it one: "don't call me now"
	wanted               // the time is when calls are wanted: "call me after six" is "not before six", "call me Friday" "not before Friday"
)

// claims is what is looked for, the weightiest first.
var claims = []claim{
	{"STOPDO", Refusal, []string{"VOID", "ACTOR"}, by},
	{"STOPIT", Refusal, []string{"VOID", "UNWANTED"}, by},
	{"DONOT", Refusal, []string{"NEGATED", "REPORT", "DOER"}, at},
	{"YOUNOT", Refusal, []string{"ASIF", "NEGATED", "REPORT"}, at},
	{"NOTTO", Refusal, []string{"DOERTO", "NEGATED"}, at},
	{"WISHNOT", Refusal, []string{"NEGATED", "REPORT", "COND", "MEANS"}, at},
	{"FEDUP", Refusal, []string{"NEGATED", "REPORT", "COND"}, always},
	{"PLEASED", Refusal, []string{"NEGATED", "REPORT"}, by},
	{"NONEMORE", Refusal, []string{"HADNONE", "NEGATED", "REPORT"}, at},
	{"REMOVING", Refusal, []string{"VOID", "UNWANTED", "IDOIT"}, always},
	{"LISTING", Refusal, []string{"VOID"}, always},
	{"OPTING", Refusal, []string{"VOID"}, always},
	{"CONSENTING", Refusal, []string{"VOID"}, always},
	{"ALONE", Refusal, []string{"VOID"}, by},
	{"BARE", Refusal, nil, always},
	{"ESNO", Refusal, []string{"ESVOID", "ESDOER"}, at},
	{"ESSTOPIT", Refusal, []string{"ESVOID"}, by},
	{"ESGONE", Refusal, []string{"ESVOID"}, always},
	{"ESREVOKE", Refusal, []string{"ESVOID"}, always},
	{"WRONG", WrongNumber, []string{"WRONGVOID"}, always},
	{"NEWHERE", WrongNumber, []string{"NEGATED", "REPORT", "COND"}, always},
	{"ESWRONG", WrongNumber, []string{"ESWVOID"}, always},
	{"DECEASED", Deceased, []string{"DEADVOID"}, always},
	{"ESDEAD", Deceased, []string{"ESDVOID"}, always},
	{"MINOR", Minor, nil, always},
	{"LAWYER", Represented, []string{"LAWVOID"}, always},
	{"RECSTOP", StopRecording, []string{"RECVOID"}, always},
	{"RECNOT", StopRecording, []string{"RECVOID2"}, always},
	{"NOTAT", Preference, []string{"NEGATED"}, at},
	{"CALLWHEN", Preference, []string{"VOID", "ACTOR", "CALLBY"}, wanted},
	{"WANTEDAT", Preference, []string{"NEGATED", "REPORT", "COND"}, wanted},
	{"ESCALLWHEN", Preference, []string{"ESVOID"}, wanted},
	{"UNSURE", Unclear, []string{"UNVOID"}, at},
	{"ESUNSURE", Unclear, []string{"ESVOID"}, at},
}

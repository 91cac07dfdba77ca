package consent

// The parts of the catalogue, each filled in its own file. (Placeholders until then.)
var (
	numberRules     []rule
	consentRules    []rule
	refusalRules    []rule
	listRules       []rule
	reassignedRules []rule
	frequencyRules  []rule
	stateRules      []rule
	callerRules     []rule
	dutyRules       []rule
	ledgerRules     []rule
)

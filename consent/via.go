package consent

// Via is the route by which a fact reached the ledger. The server sets it from what
// it knows; no client can choose one that may do more.
type Via string

// The routes.
const (
	ViaAPI    Via = "api"    // an operator's request
	ViaImport Via = "import" // a file; it never lifts a refusal
	ViaCLI    Via = "cli"    // an operator's command
	ViaSMS    Via = "sms"    // a text from the number itself
	ViaCall   Via = "call"   // said or keyed on a call
	ViaLink   Via = "link"   // a signed one-time link or code that was sent to the number and came back
)

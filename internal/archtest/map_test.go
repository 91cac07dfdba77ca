package archtest

// module is the path that all packages of ours begin with.
const module = "github.com/patchcord/patchcord"

// row is a package of ours, by its folder, and those it may import itself.
type row struct {
	folder string
	may    []string
}

// theMap has every package with an import of ours. Imports point down: a row may
// name only rows below it. A package without a row may import nothing of ours.
//
// cmd/bridge and demo put the program together and may import everything, as may
// clients/serve, which runs others' clients against the test kits, callers/play,
// which has recorded people call, and the examples. A test kit, such as evi/evitest, may import what it imitates,
// all that this may, and the kits of that.
var theMap = []row{
	{"console", []string{"server"}},
	{"server", []string{"call", "calllog", "consent", "erasure", "hume", "internal/plain", "keys", "optout", "permits",
		"phone", "recording", "remind", "tools", "twilio", "twiml"}},
	{"postgres", []string{"calllog", "consent", "erasure", "internal/loopback", "keys", "migrations", "permits",
		"phone", "remind"}},
	{"anchors", []string{"consent"}},
	{"permits", []string{"consent", "internal/loopback", "phone"}},
	{"erasure", []string{"consent", "phone"}},
	{"lookup", []string{"consent", "internal/loopback", "phone"}},
	{"remind", []string{"call", "calllog", "consent", "phone"}},
	{"routing", []string{"call", "internal/loopback"}},
	{"call", []string{"agent", "calllog", "consent", "expression", "media", "optout", "phone", "recording", "tools",
		"twilio", "twiml"}},
	{"agent/desk", []string{"agent", "media"}},
	{"agent", []string{"evi", "media", "realtime", "tools"}},
	{"migrations", nil},
	{"twilio", []string{"phone"}},
	{"evi", []string{"internal/wire"}},
	{"evi/account", nil},
	{"hume", nil},
	{"realtime", []string{"internal/wire"}},
	{"tcp", nil},
	{"tools", []string{"internal/plain"}},
	{"consent", []string{"phone"}},
	{"calllog", []string{"phone"}},
	{"recording", []string{"media"}},
	{"expression", []string{"media"}},
	{"internal/wire", nil},
	{"internal/hostile", nil},
	{"internal/table", nil},
	{"internal/loopback", nil},
	{"keys", nil},
	{"internal/autotls", nil},
	{"media", nil},
	{"twiml", nil},
	{"optout", nil},
	{"phone", nil},
	{"internal/sandbox", []string{"internal/plain"}},
	{"internal/plain", nil},
}

// assembles are the packages that may import everything.
var assembles = []string{"callers/play", "clients/serve", "cmd/bridge", "bridge", "demo",
	"examples/evi", "examples/phone", "examples/realtime", "examples/tool"}

// reaches is, for a package, all of ours that it may need, directly or not: what
// someone takes along who copies it into another program. evi and realtime share the
// socket below their messages: without it 700 lines, each with faults of its own, would be
// written twice.
var reaches = map[string][]string{
	"phone":             nil,
	"twiml":             nil,
	"optout":            nil,
	"internal/hostile":  nil,
	"internal/table":    nil,
	"internal/loopback": nil,
	"internal/autotls":  nil,
	"internal/plain":    nil,
	"media":             nil,
	"internal/wire":     nil,
	"evi":               {"internal/wire"},
	"evi/account":       nil,
	"hume":              nil,
	"realtime":          {"internal/wire"},
	"tcp":               nil,
	"tools":             {"internal/plain"},
	"keys":              nil,
	"migrations":        nil,
	"consent":           {"phone"},
	"lookup":            {"consent", "internal/loopback", "phone"},
	"calllog":           {"phone"},
	"twilio":            {"phone"},
	"recording":         {"media"},
	"expression":        {"media"},
}

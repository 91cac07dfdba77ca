package archtest

// module is the path that all packages of ours begin with.
const module = "github.com/patchcord/patchcord"

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
	"internal/build":    nil,
	"internal/plain":    nil,
	"media":             nil,
	"internal/wire":     nil,
	"evi":               {"internal/wire"},
	"hume":              nil,
	"realtime":          {"internal/wire"},
	"tcp":               nil,
	"tools":             {"internal/plain"},
	"redact":            {"internal/plain", "tools"},
	"keys":              nil,
	"migrations":        nil,
	"consent":           {"phone"},
	"consent/proof":     {"consent", "phone"},
	"lookup":            {"consent", "internal/loopback", "phone"},
	"calllog":           {"phone"},
	"api":               {"calllog", "consent", "consent/proof", "phone"},
	"twilio":            {"phone"},
	"carrier":           {"consent", "phone"},
	"recording":         {"media"},
	"expression":        {"media"},
}

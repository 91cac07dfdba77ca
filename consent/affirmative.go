package consent

import "strings"

// affirmative tells whether a fact is an act of the person, with evidence, and
// not somebody's list.
func affirmative(f *Fact) bool {
	return f.Source != "" && !bulk(f) && f.Evidence != nil && f.Evidence.Method != "" && f.Evidence.Text != ""
}

// bulk tells whether a fact came out of a file or another system.
func bulk(f *Fact) bool {
	return f.Via == ViaImport || anyWord(f.Source, bulkWords) || anyWord(f.Actor, bulkWords) || f.Evidence != nil &&
		anyWord(f.Evidence.Method, bulkWords)
}

// intermediary tells whether somebody stood between the person and the seller.
func intermediary(f *Fact) bool { return bulk(f) || anyWord(f.Source, intermediaryWords) }

var (
	bulkWords = []string{"import", "imported", "csv", "crm", "bulk", "batch", "list", "file", "upload", "sync",
		"migration", "backfill", "restore", "export"}
	intermediaryWords = []string{"lead", "leads", "vendor", "partner", "partners", "broker", "affiliate", "reseller",
		"aggregator", "purchased", "bought", "third"}
)

// anyWord tells whether one of some words is a part of an identifier such as
// csv_import or crm-sync.
func anyWord(s string, list []string) bool {
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool {
		return r == '_' || r == '-' || r == ' ' ||
			r == '.' || r == '/' || r == ':'
	}) {
		for _, w := range list {
			if strings.EqualFold(part, w) {
				return true
			}
		}
	}
	return false
}

func verifiedBy(f *Fact) string {
	if f.Evidence == nil {
		return ""
	}
	return strings.TrimSpace(f.Evidence.VerifiedBy)
}

// listed is identifiers as a reason says them.
func listed[S ~string](list []S) string {
	if len(list) == 0 {
		return "nothing"
	}
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = words(string(s))
	}
	return strings.Join(parts, " and ")
}

package consent

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The table of docs/CONSENT.md has every rule of the catalogue, in its order, and no
// other. A rule of the states stands there with XX behind it.
func TestTheDocumentNamesEveryRule(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../docs/CONSENT.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(doc), "\n## The rules\n")
	if table, _, _ = strings.Cut(table, "\n## "); !found {
		t.Fatal("docs/CONSENT.md has no section The rules")
	}
	var told, want []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_.]+[a-z](?:\\.XX)?)` \\|").FindAllStringSubmatch(table, -1) {
		told = append(told, strings.TrimSuffix(row[1], ".XX"))
	}
	for _, r := range rules() {
		want = append(want, r.id)
	}
	for _, id := range want {
		if !slices.Contains(told, id) {
			t.Errorf("docs/CONSENT.md does not name %s", id)
		}
	}
	for _, id := range told {
		if !slices.Contains(want, id) {
			t.Errorf("docs/CONSENT.md names %s, which is no rule", id)
		}
	}
}

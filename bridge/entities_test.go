package bridge

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/rs/zerolog"
)

func TestSellersOfOneLegalPerson(t *testing.T) {
	yaml := func(sellers string) string {
		return "sellers:\n" + sellers + "agents:\n  a: {seller: s}\nnumbers:\n  \"+14155550100\": a\n"
	}
	for _, x := range []struct{ name, sellers, want string }{
		{"one", "  s: {legal_name: S LLC, affiliates: group, was: [old, older]}\n", ""},
		{"two of one name", "  s: {legal_name: S LLC, affiliates: group}\n  z: {legal_name: \"S, Inc.\"}\n", ""},
		{"two of one name and one group", "  s: {legal_name: S LLC, affiliates: group}\n  z: {legal_name: S, affiliates: group}\n", ""},
		{"two of one name and two groups", "  s: {legal_name: S LLC, affiliates: group}\n  z: {legal_name: S, affiliates: other}\n", "line 3: sellers.z.affiliates: s has the same legal_name, and affiliates group"},
		{"an earlier key that is a seller", "  s: {legal_name: S LLC, was: [z]}\n  z: {legal_name: Z}\n", "line 2: sellers.s.was.0: z is a seller of this file"},
		{"an earlier key of two", "  s: {legal_name: S LLC, was: [old]}\n  z: {legal_name: Z, was: [old]}\n", "sellers.z.was.0: old is an earlier key of s, too"},
		{"an earlier key that was none", "  s: {legal_name: S LLC, was: [\"O L D\"]}\n", "sellers.s.was.0: want the earlier key"},
		{"an earlier key of its own", "  s: {legal_name: S LLC, was: [s]}\n", "line 2: sellers.s.was.0: s is a seller of this file"},
		{"a legal name of signs", "  s: {legal_name: \"- & -\"}\n", "sellers.s.legal_name: has no letter or digit"},
		{"a group of no name", "  s: {legal_name: S LLC, affiliates: \"the group!\"}\n", "sellers.s.affiliates: want lower-case"},
	} {
		in(t, map[string]string{".env": enoughEnv, "bridge.yaml": yaml(x.sellers)})
		switch _, err := load(); {
		case x.want == "" && err != nil:
			t.Errorf("%s: %v", x.name, err)
		case x.want != "" && (err == nil || !strings.Contains(err.Error(), x.want)):
			t.Errorf("%s: %v, want %s", x.name, err, x.want)
		}
	}
}

// A seller whose key was changed takes its refusals along, or the service does not start.
func TestASellerThatIsRenamedKeepsItsStops(t *testing.T) {
	b := serving(t)
	exits(t, exitDone, []string{"consent", "revoke", person, "--seller", "riverbend"})
	exits(t, exitDone, []string{"consent", "revoke", person, "--seller", "harbor"})
	opens := func(old ...string) error {
		t.Helper()
		if err := os.WriteFile("bridge.yaml", []byte(strings.NewReplacer(old...).Replace(benchYAML)), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := load()
		if err != nil {
			t.Fatal(err)
		}
		master, err := c.keptKey()
		if err != nil {
			t.Fatal(err)
		}
		g, err := c.openGate(t.Context(), b.s.db.DB, master, zerolog.Nop())
		if err == nil {
			g.close()
		}
		return err
	}
	if err := opens(); err != nil {
		t.Errorf("as it was: %v", err)
	}
	var bad *configError
	err := opens("riverbend", "river")
	if !errors.As(err, &bad) || len(bad.problems) != 1 || !strings.Contains(err.Error(), "line 1: sellers: the ledger has opt-outs said to riverbend") || !strings.Contains(err.Error(), "was: [riverbend]") {
		t.Errorf("renamed: %v", err)
	}
	if err := opens("riverbend: {", "river: {was: [riverbend], ", "seller: riverbend", "seller: river"); err != nil {
		t.Errorf("renamed, with its earlier key: %v", err)
	}
}

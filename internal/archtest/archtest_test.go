package archtest

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// root is the top of the tree, seen from this folder.
const root = "../.."

func TestImportsPointDown(t *testing.T) {
	in := readImports(t, root)
	if _, ok := in["internal/archtest"]; !ok {
		t.Fatalf("found no package in %s, not even this one: %v", root, in)
	}
	for _, violation := range in.violations() {
		t.Error(violation)
	}
}

func TestWhatStandsAlone(t *testing.T) {
	in := readImports(t, root)
	for folder, may := range reaches {
		for _, needed := range in.reach(folder) {
			if !slices.Contains(may, needed) {
				t.Errorf("%s needs %s, if not directly: of ours it may need %v", folder, needed, may)
			}
		}
	}
}

// The map itself has an order, and nothing in it points up.
func TestMapPointsDown(t *testing.T) {
	for i, r := range theMap {
		for _, imported := range r.may {
			if !slices.ContainsFunc(theMap[i+1:], func(below row) bool { return below.folder == imported }) {
				t.Errorf("%s may import %s, which is not below it", r.folder, imported)
			}
		}
	}
}

// The checks find what they are there to find.
func TestViolations(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   imports
		want []string
	}{
		{"downward", imports{"call": {"agent", "media"}, "agent": {"evi"}}, nil},
		{"upward", imports{"phone": {"call"}}, []string{"phone imports call: of ours it may import []"}},
		{"past the seam", imports{"call": {"evi"}}, []string{"call imports evi: of ours it may import [agent calllog " +
			"consent expression media optout phone recording tools twilio twiml]"}},
		{"no row", imports{"util": {"phone"}}, []string{"util imports phone: of ours it may import []"}},
		{"anything, assembled", imports{"cmd/bridge": {"util"}, "demo": {"evi/evitest", "server"}}, nil},
		{"kit knows its wire", imports{"twilio/twiliotest": {"twilio", "phone"}}, nil},
		{"kit knows no more", imports{"evi/evitest": {"twilio"}},
			[]string{"evi/evitest imports twilio: of ours it may import [evi internal/wire internal/wire/wiretest]"}},
		{"kit shares a kit", imports{"evi/evitest": {"internal/wire/wiretest"}}, nil},
		{"kit in production", imports{"agent": {"evi/evitest"}},
			[]string{"agent imports evi/evitest: test kits are for tests and the demo"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.in.violations()); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReach(t *testing.T) {
	in := imports{"consent": {"rules"}, "rules": {"phone", "consent"}, "phone": nil}
	if diff := cmp.Diff([]string{"consent", "phone", "rules"}, in.reach("consent")); diff != "" {
		t.Errorf("reach (-want +got):\n%s", diff)
	}
}

// A row here and its rule in .golangci.yaml allow the same.
func TestLintRulesAgree(t *testing.T) {
	text, err := os.ReadFile(root + "/.golangci.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Linters struct {
			Settings struct {
				Depguard struct {
					Rules map[string]struct {
						Files, Allow []string
					}
				}
			}
		}
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatalf(".golangci.yaml: %v", err)
	}

	// What the rule of each folder allows of ours.
	linted := map[string][]string{}
	for _, rule := range config.Linters.Settings.Depguard.Rules {
		folder, ok := strings.CutPrefix(rule.Files[0], "${base-path}/")
		if !ok {
			continue // a rule about a library, for all folders
		}
		may := []string{}
		for _, pkg := range rule.Allow {
			if below, ok := strings.CutPrefix(pkg, module+"/"); ok {
				may = append(may, strings.TrimSuffix(below, "$"))
			}
		}
		slices.Sort(may)
		linted[strings.TrimSuffix(folder, "/*.go")] = may
	}
	mapped := map[string][]string{}
	for _, r := range theMap {
		mapped[r.folder] = append([]string{}, r.may...)
	}
	if diff := cmp.Diff(mapped, linted); diff != "" {
		t.Errorf("the map (-) and .golangci.yaml (+) differ:\n%s", diff)
	}
}

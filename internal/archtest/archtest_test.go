package archtest

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// root is the top of the tree, seen from this folder.
const root = "../.."

func TestImportsPointDown(t *testing.T) {
	in := readImports(t, root)
	if _, ok := in["internal/archtest"]; !ok {
		t.Fatalf("found no package in %s, not even this one: %v", root, in)
	}
	rs := readRules(t)
	for _, wrong := range slices.Concat(rs.homeless(in), rs.violations(in)) {
		t.Error(wrong)
	}
}

func TestWhatStandsAlone(t *testing.T) {
	in := readImports(t, root)
	for folder, may := range reaches {
		if _, ok := in[folder]; !ok {
			t.Errorf("there is no package %s", folder)
		}
		for _, needed := range in.reach(folder) {
			if !slices.Contains(may, needed) {
				t.Errorf("%s needs %s, if not directly: of ours it may need %v", folder, needed, may)
			}
		}
	}
}

// The rules themselves have an order, and nothing in it points up. Each allows a package of ours
// without those below it, and one that there is.
func TestRulesPointDown(t *testing.T) {
	in := readImports(t, root)
	allowed := imports{}
	for name, r := range readRules(t) {
		folder, ok := r.folder()
		if !ok || name == "assembly" {
			continue
		}
		if !strings.HasSuffix(r.Files[0], "/**") {
			t.Errorf("the rule %s begins with %s: packages below escape it, write /**", name, r.Files[0])
			continue
		}
		if _, twice := allowed[folder]; twice || !r.holds(folder) {
			t.Errorf("the rule %s must be the only one that begins with %s, and hold for it", name, folder)
		}
		allowed[folder] = nil
		for _, pkg := range r.Allow {
			if below, ok := strings.CutPrefix(pkg, module+"/"); ok {
				below, alone := strings.CutSuffix(below, "$")
				if _, ok := in[below]; !ok || !alone {
					t.Errorf("the rule %s allows %s, which is not a package of ours and a $", name, pkg)
				}
				allowed[folder] = append(allowed[folder], below)
			}
		}
	}
	for folder := range allowed {
		if slices.Contains(allowed.reach(folder), folder) {
			t.Errorf("%s may import, if not directly, itself", folder)
		}
	}
}

// No program has a test kit, whatever its rule allows otherwise.
func TestKitsAreForTests(t *testing.T) {
	rs := readRules(t)
	for kit := range readImports(t, root) {
		if isKit(kit) && len(rs.violations(imports{"bridge": {kit}, "cmd/bridge": {kit}})) != 2 {
			t.Errorf("the rule kits does not deny %s", kit)
		}
	}
}

// The rules do what they say: what is found in our source would be found.
func TestViolations(t *testing.T) {
	rs := readRules(t)
	for _, tt := range []struct {
		name string
		in   imports
		want []string
	}{
		{"downward", imports{"call": {"agent", "media"}, "agent": {"evi"}}, nil},
		{"upward", imports{"phone": {"call"}}, []string{"phone imports call, against the rule phone-stands-alone"}},
		{"past the seam", imports{"call": {"evi"}}, []string{"call imports evi, against the rule call"}},
		{"a package below", imports{"phone/zones": {"call"}, "call/hold/music": {"evi"}, "twiml/x": nil}, []string{
			"call/hold/music imports evi, against the rule call",
			"phone/zones imports call, against the rule phone-stands-alone",
		}},
		{"below what is allowed", imports{"call": {"agent/desk"}},
			[]string{"call imports agent/desk, against the rule call"}},
		{"its own rule", imports{"agent/desk": {"agent"}, "agent/desk/clips": {"evi"}},
			[]string{"agent/desk/clips imports evi, against the rule desk"}},
		{"anything, assembled", imports{"cmd/bridge": {"server"}, "demo": {"evi/evitest", "server"}}, nil},
		{"kit knows its wire", imports{"twilio/twiliotest": {"twilio", "phone"}}, nil},
		{"kit knows no more", imports{"evi/evitest": {"twilio"}},
			[]string{"evi/evitest imports twilio, against the rule evitest"}},
		{"kit shares a kit", imports{"evi/evitest": {"internal/wire/wiretest"}}, nil},
		{"kit in production", imports{"agent": {"evi/evitest"}}, []string{
			"agent imports evi/evitest, against the rule agent", "agent imports evi/evitest, against the rule kits"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, rs.violations(tt.in)); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

// A package that no rule is about is found, and so is one that two are about.
func TestHomeless(t *testing.T) {
	rs := parseRules(t, `{linters: {settings: {depguard: {rules: {
		phone: {files: ["${base-path}/phone/**", "!$test"]},
		agent: {files: ["${base-path}/agent/**", "!${base-path}/agent/desk/**", "!$test"]},
		desk: {files: ["${base-path}/agent/desk/**"]},
		evi: {files: ["${base-path}/evi/**"]},
		chat: {files: ["${base-path}/evi/chat/**"]},
		wrong: {files: ["${base-path}/tools/**/*.go"]},
		everywhere: {files: ["$all"]}}}}}}`)
	got := rs.homeless(imports{"phone": nil, "phone/zones": nil, "phones": nil, "agent": nil, "agent/desk": nil,
		"evi": nil, "evi/chat": nil, "tools": nil})
	want := []string{
		"evi/chat has 2 rules [chat evi], and must have one",
		"phones has 0 rules [], and must have one",
		"tools has 0 rules [], and must have one",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("homeless (-want +got):\n%s", diff)
	}
}

func TestReach(t *testing.T) {
	in := imports{"consent": {"rules"}, "rules": {"phone", "consent"}, "phone": nil}
	if diff := cmp.Diff([]string{"consent", "phone", "rules"}, in.reach("consent")); diff != "" {
		t.Errorf("reach (-want +got):\n%s", diff)
	}
}

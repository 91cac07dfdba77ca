package config

import (
	"strings"
	"testing"

	"github.com/patchcord/patchcord/internal/config/configtest"
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
		{"an earlier key that is a seller", "  s: {legal_name: S LLC, was: [z]}\n  z: {legal_name: Z}\n", "line 2: sellers.s.was.0: z is a seller in this file"},
		{"an earlier key of two", "  s: {legal_name: S LLC, was: [old]}\n  z: {legal_name: Z, was: [old]}\n", "sellers.z.was.0: old is an earlier key of s, too"},
		{"an earlier key that was none", "  s: {legal_name: S LLC, was: [\"O L D\"]}\n", "sellers.s.was.0: want the earlier key"},
		{"an earlier key of its own", "  s: {legal_name: S LLC, was: [s]}\n", "line 2: sellers.s.was.0: s is a seller in this file"},
		{"a legal name of signs", "  s: {legal_name: \"- & -\"}\n", "sellers.s.legal_name: contains no letter or digit"},
		{"a group of no name", "  s: {legal_name: S LLC, affiliates: \"the group!\"}\n", "sellers.s.affiliates: want lower-case"},
	} {
		configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": yaml(x.sellers)})
		switch _, err := Load(); {
		case x.want == "" && err != nil:
			t.Errorf("%s: %v", x.name, err)
		case x.want != "" && (err == nil || !strings.Contains(err.Error(), x.want)):
			t.Errorf("%s: %v, want %s", x.name, err, x.want)
		}
	}
}

package consent

import (
	"slices"
	"testing"
	"time"
)

func TestOneLegalNameInManyForms(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"Riverbend Dental LLC", "riverbend dental", "RIVERBEND DENTAL, L.L.C.", "Riverbend  Dental Llc.",
			"RiverbendDental", "Riverbend-Dental", "Riverbend Dental, Inc."},
		{"Acme Co., Ltd.", "acme", "Acme Corp", "ACME Company Limited"},
		{"O'Hara's Smiles Inc", "O’Haras Smiles", "ohara's smiles"},
		{"Clínica Núñez", "clinica nunez LLC"},
		{"Co", "CO."},
		{"Smith & Sons LLC", "Smith and Sons", "Smith + Sons, L. L. C.", "SMITH &amp; SONS"},
		{"Riverbend Dental Inc", "Ｒｉｖｅｒｂｅｎｄ Dental", "River\u200bbend Dental, Inc\u200b.", "Rivеrbend Dеntаl",
			"Riverbend Dental (I.N.C.)"},
		{"Peña & Co., Ltd.", "Pen\u0303a", "PEÑA AND COMPANY"},
		{"Łódź Szkło", "łodz szkło Corp."},
	} {
		for _, name := range same {
			if LegalEntity(name) != LegalEntity(same[0]) {
				t.Errorf("%q is %q, and %q is %q", same[0], LegalEntity(same[0]), name, LegalEntity(name))
			}
		}
	}
	for _, other := range []string{"Riverbend Dental Group LLC", "Riverbend", "Riverbend Dental 2", ""} {
		if LegalEntity(other) == LegalEntity("Riverbend Dental LLC") {
			t.Errorf("%q is taken for Riverbend Dental", other)
		}
	}
}

func TestWhoIsOneCaller(t *testing.T) {
	t.Parallel()
	sellers := map[string]Seller{
		"riverbend": {Name: "riverbend", LegalName: "Riverbend Dental LLC", Group: "Riverbend Group"},
		"river2":    {Name: "river2", LegalName: "RIVERBEND DENTAL"},
		"lakeside":  {Name: "lakeside", LegalName: "Lakeside Dental Inc", Group: "riverbend-group"},
		"harbor":    {Name: "harbor", LegalName: "Harbor Bank NA"},
	}
	Relate(sellers, map[string][]string{"riverbend": {"river-old"}, "harbor": {"port"}})
	for _, x := range []struct {
		seller     string
		keys, is   []string
		group, not string
	}{
		{"riverbend", []string{"river-old", "river2", "riverbend"}, []string{"lakeside", "river-old", "river2",
			"riverbend"}, "riverbendgroup", "harbor"},
		{"river2", []string{"river-old", "river2", "riverbend"}, []string{"lakeside", "river-old", "river2", "riverbend"},
			"riverbendgroup", "port"},
		{"lakeside", []string{"lakeside"}, []string{"lakeside", "river-old", "river2", "riverbend"}, "riverbendgroup",
			"harbor"},
		{"harbor", []string{"harbor", "port"}, []string{"harbor", "port"}, "", "lakeside"},
	} {
		s := sellers[x.seller]
		if !slices.Equal(s.Keys, x.keys) || !slices.Equal(s.Names, x.is) || s.Group != x.group || s.Is(x.not) ||
			s.Owns(x.not) || !s.Is("new") || s.Owns("new") || s.Is("") {
			t.Errorf("%s: %+v", x.seller, s)
		}
	}
}

// A refusal binds the legal person and its group, under whichever key it was recorded;
// a consent belongs to the legal person alone.
func TestRulesOfOneEntity(t *testing.T) {
	t.Parallel()
	sellers := map[string]Seller{
		river.Name: river, "river2": {Name: "river2", LegalName: "riverbend dental"},
		"lakeside": {Name: "lakeside", LegalName: "Lakeside Inc", Group: "g"},
		"mill":     {Name: "mill", LegalName: "Mill Inc", Group: "g"},
	}
	Relate(sellers, map[string][]string{river.Name: {"river-old"}})
	as := func(name string) func(*Request) {
		return func(r *Request) { r.Seller, r.FromSeller = sellers[name], name }
	}
	of := func(seller string) func(*Fact) { return func(f *Fact) { f.Seller = seller } }
	decide := func(as func(*Request), facts ...Fact) Decision {
		return setup{req: call(as), s: ledgerOf(facts...)}.decide()
	}
	all := func(seller string) []Fact {
		return []Fact{granted(of(seller)), scrubbed(of(seller)), lookedUp(of(seller))}
	}
	permitEnded := ended("1", time.Hour, "no_answer")
	permitEnded.Seller = "lakeside"
	for _, x := range []struct {
		name, rule string
		d          Decision
		want       Status
	}{
		{"a consent to an earlier key", "consent.missing", decide(as(river.Name), all("river-old")...), Pass},
		{"a consent to another key of one legal name", "consent.missing", decide(as("river2"), all(river.Name)...), Pass},
		{"a consent to an affiliate", "consent.missing", decide(as("mill"), all("lakeside")...), Fail},
		{"a stop to an earlier key", "revoked",
			decide(as(river.Name), and(all(river.Name), revocation(of("river-old")))...), Fail},
		{"a stop to another key of one legal name", "revoked",
			decide(as(river.Name), and(all(river.Name), revocation(of("river2")))...), Fail},
		{"a stop to an affiliate", "revoked", decide(as("mill"), and(all("mill"), revocation(of("lakeside")))...), Fail},
		{"on an affiliate's list", "dnc.internal",
			decide(as("mill"), and(all("mill"), fact(Fact{Type: DNCAdd}, of("lakeside")))...), Fail},
		{"a stop to a seller that only another instance's file has", "revoked",
			decide(as("mill"), and(all("mill"), revocation(of("mill-new")))...), Fail},
		{"a consent to a seller that only another instance's file has", "consent.missing",
			decide(as("mill"), all("mill-new")...), Fail},
		{"a call that goes on for a seller that only another instance's file has", "multi_line",
			decide(as("mill"), and(all("mill"), permit1("1", 0, of("mill-new")))...), Fail},
		{"a stop to somebody else", "revoked", decide(as("mill"), and(all("mill"), revocation(of(river.Name)))...), Pass},
		{"an affiliate's call of an hour ago", "frequency.policy", decide(as("mill"), and(all("mill"), permitEnded)...),
			Fail},
		{"an affiliate's call that goes on", "multi_line",
			decide(as("mill"), and(all("mill"), permit1("1", 0, of("lakeside")))...), Fail},
		{"somebody else's call that goes on", "multi_line",
			decide(as("mill"), and(all("mill"), permit1("1", 0, of(river.Name)))...), Pass},
		{"the number of another key of one legal name", "caller_id", decide(as("river2"), all("river2")...), Pass},
	} {
		if r := result(t, x.d, x.rule); r.Status != x.want {
			t.Errorf("%s: %s: %s: %s", x.name, x.rule, r.Status, r.Reason)
		}
	}
}

package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// imports writes a file and imports it.
func (b *bench) imports(code int, csv string, args []string, says ...string) result {
	b.Helper()
	if err := os.WriteFile("import.csv", []byte(csv), 0o600); err != nil {
		b.Fatal(err)
	}
	return exits(b, code, append([]string{"consent", "import", "import.csv"}, args...), says...)
}

// history is what the ledger knows of a number. The simulated Twilio asks, too, while the test already ends.
func (b *bench) history(number string) []consent.Fact {
	b.Helper()
	n, err := knownNumber(number)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	facts, err := b.s.Gate.PGLedger.History(ctx, n)
	if err != nil {
		b.Fatal(err)
	}
	return facts
}

// TestImports imports into one service, which takes a second to start: each of these has numbers of its own.
func TestImports(t *testing.T) {
	shared := serving(t)
	for name, test := range map[string]func(*testing.T, *bench){
		"files as spreadsheets write them": importsSpreadsheets,
		"refusals by nobody":               importsRefusalsByNobody,
		"bad lines":                        importTellsBadLines,
		"no files at all":                  importRefusesFiles,
		"files that went wrong":            importsFilesThatWentWrong,
		"dates of the US":                  importsDatesOfTheUS,
		"a workbook":                       importsAWorkbook,
	} {
		t.Run(name, func(t *testing.T) {
			b := *shared
			b.T = t
			test(t, &b)
		})
	}
}

// Files as spreadsheets write them.
func importsSpreadsheets(t *testing.T, b *bench) {
	for i, csv := range []string{
		"type,number,seller,occurred_at,source\nrevoke,+1212235%04d,riverbend,2026-01-02T15:04:05Z,phone\n",
		"\ufefftype,number,seller,occurred_at,source\r\nrevoke,(212) 235-%04d,riverbend,2026-01-02T15:04:05Z,phone\r\n",
		"Type;Phone Number;Seller;Occurred at;Source\n\"revoke\";\"212.235.%04d\";\"riverbend\";\"2026-01-02 15:04:05\";\"phone\"\n",
		"type\tnumber\tseller\toccurred_at\tsource\nrevoke\t1 212 235 %04d\triverbend\t2026-01-02T15:04:05Z\tphone",
		"number,type,,date,seller,source\n\n+1 212 235 %04d , revoke,ignored,2026-01-02T16:04:05+01:00,riverbend,phone\n\n",
	} {
		b.imports(exitDone, fmt.Sprintf(csv, 1000+i), nil, "1 lines recorded, 0 refused")
		facts := b.history(fmt.Sprintf("+1212235%04d", 1000+i))
		if len(facts) != 2 || facts[1].Type != consent.DNCAdd || facts[0].Type != consent.Revoke || facts[0].Seller != "riverbend" || facts[0].Source != "phone" || facts[0].Actor != "cli" ||
			!facts[0].OccurredAt.Equal(time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)) || facts[0].Scope != consent.AllAutomated {
			t.Errorf("file %d: %+v", i, facts)
		}
	}
}

// A refusal is taken for every number of +1 that can be written as E.164, and a consent for
// one that can be called alone. What may have lost a digit is refused either way.
func importsRefusalsByNobody(t *testing.T, b *bench) {
	for line, want := range map[string]string{
		"revoke,+12005550142": "1 lines recorded", "dnc_add,+10005550142": "1 lines recorded", "optout_unclear,+12005550142": "1 lines recorded",
		"revoke,2005550142": "area code", "revoke,+1200555014": "digits", "revoke,+2122352616": "country code", "scrub,+12005550142": "area code", "number_fact,+12005550142": "area code",
	} {
		code := exitFailed
		if strings.HasSuffix(want, "recorded") {
			code = exitDone
		}
		b.imports(code, "type,number,seller,source\n"+line+",riverbend,phone\n", nil, want)
	}
	exits(t, exitDone, []string{"consent", "unclear", "resolve", "+12005550142", "--seller", "riverbend", "--row", fmt.Sprint(b.rowOf("+12005550142", consent.OptOutUnclear)), "--as", "refusal", "--reason", "wrote", "--by", "Ana"})
}

// rowOf is the first row of a type about a number.
func (b *bench) rowOf(number string, kind consent.Type) int64 {
	b.Helper()
	for _, f := range b.history(number) {
		if f.Type == kind {
			return f.Seq
		}
	}
	b.Fatalf("%s has no %s", number, kind)
	return 0
}

func TestImportFillsIn(t *testing.T) {
	b := serving(t)
	b.imports(exitDone, "number,date,consent_text,method,purposes\n"+person+",2026-01-02,\"I agree,\nto \"\"all\"\" of it\",paper,\n+12122352672,2026-01-02,ok,paper,research | informational\n",
		[]string{"--type", "grant", "--seller", "riverbend", "--tier", "express", "--purpose", "informational", "--channel", "voice_ai", "--zone", "America/New_York"}, "2 lines recorded")
	f := b.history(person)[0]
	if f.Source != "import" || f.Tier != consent.Express || len(f.Purposes) != 1 || f.Purposes[0] != "informational" || f.Channels[0] != consent.VoiceAI ||
		f.Evidence.Text != "I agree,\nto \"all\" of it" || f.OccurredOn != "2026-01-02" {
		t.Errorf("got %+v %+v", f, f.Evidence)
	}
	if f := b.history("+12122352672")[0]; len(f.Purposes) != 2 {
		t.Errorf("got %+v", f.Purposes)
	}
}

// Lines that can't be recorded are told one by one; the rest is recorded.
func importTellsBadLines(t *testing.T, b *bench) {
	own := b.ledgerRows() // about the policy and the sellers
	var csv strings.Builder
	csv.WriteString("type,number,seller,occurred_at,source,tier\n")
	for i := range 560 {
		switch i {
		case 10:
			csv.WriteString("revoke,12,riverbend,2026-01-02,phone,\n") // line 12
		case 20:
			csv.WriteString("revoke,+12122352671,nobody,2026-01-02,phone,\n") // line 22
		case 30:
			csv.WriteString("nonsense,+12122352671,riverbend,2026-01-02,phone,\n") // line 32
		case 40:
			csv.WriteString("revoke,+12122352671,riverbend\n") // line 42
		case 50:
			csv.WriteString("revoke,+12122352671,riverbend,2099-01-02,phone,express\n") // line 52
		case 520: // in the second request
			csv.WriteString("revoke,+12122352671,riverbend,never,phone,\n") // line 522
		default:
			fmt.Fprintf(&csv, "revoke,+1212235%04d,riverbend,2026-01-02,phone,\n", 3000+i)
		}
	}
	r := b.imports(exitFailed, csv.String(), nil, "554 lines recorded, 6 refused", "line 12: number: ", "line 22: seller: unknown seller", "line 32: type: ", "line 42: line: ", "line 52: occurred_at: ", "line 52: tier: ", "line 522: occurred_at: ")
	if n := strings.Count(r.err, "line "); n < 7 {
		t.Errorf("%d lines in\n%s", n, r.err)
	}
	if list, err := b.s.Gate.PGLedger.Snapshot(with(t)); err != nil || len(list) > 1 {
		t.Error(list, err)
	}
	if n := b.ledgerRows() - own; n != 2*554 { // each with its entry on the list
		t.Errorf("%d rows", n)
	}
	b.imports(exitFailed, csv.String(), []string{"--from-line", "520", "--dry-run"}, "41 lines valid (nothing was recorded), 1 refused")
	b.imports(exitFailed, csv.String(), []string{"--json", "--dry-run"}, `{"line":12,"errors":[{"field":"number"`, `{"recorded":554,"refused":6,"dry_run":true}`)
	if n := b.ledgerRows() - own; n != 2*554 {
		t.Errorf("after dry runs %d rows", n)
	}
}

// ledgerRows counts the ledger's rows.
func (b *bench) ledgerRows() int64 {
	b.Helper()
	v, err := b.s.Gate.PGLedger.Verify(with(b))
	if err != nil || !v.OK {
		b.Fatal(v, err)
	}
	return v.Rows
}

func importRefusesFiles(t *testing.T, b *bench) {
	for csv, about := range map[string]string{
		"":                                     "empty",
		"\ufeff":                               "empty",
		"type,phone no\n":                      "no column number: it has type, phone no",
		"type,number,phone\n":                  "duplicate column number",
		"type,\"number\nrevoke,+12122352671\n": "header",
	} {
		b.imports(exitUsage, csv, nil, about)
	}
	b.imports(exitDone, "type,number\n", nil, "0 lines recorded")
	good := "revoke,+12122352671,riverbend,phone\n"
	b.imports(exitFailed, "type,number,seller,source\n"+good+"revoke,\"+12122352671,riverbend,phone\n"+good+good, nil, "1 lines recorded, 1 refused", "line 3: line: ", "line 3 is never closed", "--from-line 3")
	b.imports(exitFailed, "type,number,seller,source\n"+good+"revoke,\"+1\"2,riverbend,phone\n"+good, nil, "2 lines recorded, 1 refused", "line 3: line: ")
	b.imports(exitFailed, "number\n+12122352671\n", nil, "line 2: type: required")
	exits(t, exitUsage, []string{"consent", "import", "import.csv", "--zone", "Mars"}, "--zone")
}

// An import brings nobody back who has said no.
func TestImportBringsNobodyBack(t *testing.T) {
	b := serving(t)
	b.cleared()
	exits(t, exitDone, []string{"consent", "revoke", person, "--seller", "riverbend"}, "revoke recorded")
	b.cleared()
	exits(t, exitRefused, append([]string{"consent", "check"}, ask(person)...), "revoked")
}

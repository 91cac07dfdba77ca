package cli

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/patchcord/patchcord/consent"
)

// told is the lines that an import refused, as it printed them.
func refusedLines(r result) (lines []int) {
	for _, text := range strings.Split(r.err, "\n") {
		var line int
		if n, _ := fmt.Sscanf(text, "line %d: number:", &line); n == 1 {
			lines = append(lines, line)
		}
	}
	return lines
}

// Files that went wrong, through a running service.
func importsFilesThatWentWrong(t *testing.T, b *bench) {
	const head = "type,number,seller,source,occurred_at\n"
	numbers := []string{"+2122352616", "2352616 / 123", "235-2616.101", "0612345678", "1234567890", "+44 (0)20 7946 0123", `+12122352616,,5`, "212-235-2616 x12", "212-235-2616 (cell)",
		"Home: 212-235-2616", "2122352616 ::: 2122352617", "212-235-2616; 212-235-2617", "\u202a+1\u00a0 212\u2011235\u20112616\u202c", "\u200e+12122352616", "+1 212\u2013235\u20132616",
		"+1\u2009212\u2009235\u20092616", "\ufeff2122352616", "２１２２３５２６１６", "tel:+12122352616", "001 212 235 2616", "+1+12122352616", "1 (212) 235-2616",
		"+1 (212) 235-2616\u200b", "212\u00ad235\u00ad2616", "(212)235-2616\t", "+1-212-235-2616.", "1.212.235.2616", "+ 1 212 235 2616", "00442079460123", "+1 212 235 261"}
	file := head
	for _, n := range numbers {
		file += fmt.Sprintf("revoke,%q,riverbend,phone,2026-11-20\n", n)
	}
	file = strings.NewReplacer(`\u202a`, "\u202a", `\u00a0`, "\u00a0", `\u2011`, "\u2011", `\u202c`, "\u202c", `\u200e`, "\u200e", `\u2009`, "\u2009",
		`\ufeff`, "\ufeff", `\u200b`, "\u200b", `\u00ad`, "\u00ad", `\t`, "\t").Replace(file)
	r := b.imports(exitFailed, file, nil, "14 lines recorded, 16 refused")
	want := []int{2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 21, 22, 30, 31}
	if got := refusedLines(r); !slices.Equal(got, want) {
		t.Errorf("refused are the lines %v, want %v\n%s", got, want, r.err)
	}
	r = b.imports(exitFailed, head+"revoke,1.21224E+10,riverbend,phone,2026-11-20\nrevoke,2.12235E+09,riverbend,phone,2026-11-20\nrevoke,12122352608.0,riverbend,phone,2026-11-20\n"+
		"revoke,2122352608.0,riverbend,phone,2026-11-20\nrevoke,212235260.0,riverbend,phone,2026-11-20\n", nil, "0 lines recorded, 5 refused", "scientific", "decimals")
	if got := refusedLines(r); len(got) != 5 {
		t.Error(got)
	}
	b.imports(exitDone, "type,number,seller,source,occurred_at\r\nrevoke,2122352613,riverbend,phone,2026-11-20\r\n,,,,\r\n,,,,\r\n", nil, "1 lines recorded, 0 refused")
	b.imports(exitDone, "sep=;\r\ntype;number;seller;source;occurred_at\r\nrevoke;2122352607;riverbend;phone;2026-11-20 10:00\r\n", nil, "1 lines recorded, 0 refused")
	b.imports(exitDone, "type\tnumber\tnote\tseller\tsource\toccurred_at\nrevoke\t2122352601\t\triverbend\tphone\t2026-11-20 10:00\nrevoke\t2122352602\tangry\triverbend\tphone\t2026-11-20 10:00\n",
		nil, "2 lines recorded, 0 refused")
	r = b.imports(exitDone, "type,number,seller,source,occurred_at,tier,purposes,channels,method,text,colour\n"+
		"grant,2122352605,riverbend,web_form,2026-11-20 10:00,express,informational,voice_ai,web_form,\"Yo, Jos\xe9 N\xfa\xf1ez, acepto que me llamen \x96 gracias\",red\n", nil,
		"1 lines recorded, 0 refused", "Windows-1252", "ignoring unknown columns: colour")
	if facts := b.history("+12122352605"); len(facts) != 1 || facts[0].Evidence.Text != "Yo, José Núñez, acepto que me llamen – gracias" || facts[0].Via != consent.ViaImport {
		t.Errorf("%+v\n%s", facts, r.err)
	}
}

// Dates are not guessed; one message says how to name their order.
func importsDatesOfTheUS(t *testing.T, b *bench) {
	file := "type,number,seller,source,occurred_at\n"
	dates := []string{"11/20/2026", "11/20/2026 10:00 AM", "11/20/26 14:05", "46346", "46346.4166666667", "2026-11-20 10:00:00+00", "2026-11-20 10:00:00.123456+00", "2026-11-20 10:00:00 UTC",
		"2026-11-20T10:00:00.000+0000", "2026-11-20 9:05", "20 Nov 2026", `"Nov 20, 2026"`, "2026/11/20"}
	for _, d := range dates {
		file += "revoke,2122352615,riverbend,phone," + d + "\n"
	}
	r := b.imports(exitFailed, file, nil, "5 lines recorded, 8 refused", "8 lines have dates that don't show which part is the month, the first in line 2")
	if strings.Count(r.err, "--dates us") != 1 || strings.Contains(r.err, "line 3") {
		t.Errorf("it says\n%s", r.err)
	}
	b.imports(exitDone, file, []string{"--dates", "us"}, "13 lines recorded, 0 refused")
	days := 0
	for _, f := range b.history("+12122352615") {
		if f.Type == consent.Revoke && f.OccurredOn == "2026-11-20" {
			days++
		}
	}
	if days != 5 {
		t.Errorf("%d of them are whole days, want 5", days)
	}
	exits(t, exitUsage, []string{"consent", "import", "import.csv", "--dates", "eu"}, "--dates")
}

// A refusal of a day stands over a consent of its afternoon.
func TestARefusalWithADateOnly(t *testing.T) {
	b := serving(t)
	b.cleared()
	b.imports(exitDone, "type,number,seller,source,occurred_at,note\nrevoke,"+person+",riverbend,phone,"+time.Now().UTC().Format(time.DateOnly)+",called us: stop\n", nil, "1 lines recorded")
	exits(t, exitRefused, append([]string{"consent", "check"}, ask(person)...), "revoked")
}

// Workbooks come the same way, and --map names columns.
func importsAWorkbook(t *testing.T, b *bench) {
	f := excelize.NewFile()
	defer f.Close()
	for cell, v := range map[string]any{"A1": "Mobile #", "B1": "When", "A2": 12122352651, "B2": time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC), "A3": "212-235-2652", "B3": "2026-11-20"} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SaveAs("import.xlsx"); err != nil {
		t.Fatal(err)
	}
	exits(t, exitDone, []string{"consent", "import", "import.xlsx", "--type", "revoke", "--seller", "riverbend", "--map", "Mobile #=number", "--map", "when=occurred_at"}, "2 lines recorded, 0 refused")
	if facts := b.history("+12122352651"); len(facts) == 0 || facts[0].OccurredAt.UTC().Format(time.RFC3339) != "2026-11-20T10:00:00Z" {
		t.Errorf("%+v", facts)
	}
	if facts := b.history("+12122352652"); len(facts) == 0 || facts[0].OccurredOn != "2026-11-20" {
		t.Errorf("%+v", facts)
	}
	exits(t, exitUsage, []string{"consent", "import", "import.xlsx", "--map", "Handy=number"}, "no column")
}

// A dry run decides on each line when it is due, and writes that back.
func TestDryRunLineByLine(t *testing.T) {
	b := serving(t)
	b.cleared()
	day := time.Now().UTC().AddDate(0, 0, 2).Format(time.DateOnly)
	far := time.Now().UTC().AddDate(0, 0, 40).Format(time.DateOnly)
	file := "Name,Phone,due_at,zone,agent\n" +
		"=SUM(A1)," + person + "," + day + " 11:00,America/New_York,reminders\n" +
		"Dana," + person + "," + far + " 11:00,America/New_York,reminders\n" +
		"Ed,212-235-2699," + day + " 11:00,America/New_York,reminders\n" +
		"Flo,12," + day + " 11:00,America/New_York,reminders\n"
	if err := os.WriteFile("plan.csv", []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	exits(t, exitFailed, []string{"remind", "import", "plan.csv", "--dry-run", "--out", "plan.out.csv", "--map", "Name=var.name", "--no-marketing", "--purpose", "informational", "--subject", "appointment"}, "of 3:")
	raw, err := os.ReadFile("plan.out.csv")
	if err != nil {
		t.Fatal(err)
	}
	list, err := csv.NewReader(strings.NewReader(string(raw))).ReadAll()
	if err != nil || len(list) != 5 {
		t.Fatalf("%v\n%s", err, raw)
	}
	if head := strings.Join(list[0], " "); head != "Name Phone due_at zone agent may_call when why remedy" {
		t.Errorf("the header is %s", head)
	}
	if list[1][0] != "'=SUM(A1)" || list[1][1] != "'"+person {
		t.Errorf("a cell is a formula: %q", list[1])
	}
	may := func(line int) string { return list[line][5] }
	if may(1) != "yes" || may(2) != "not yet known" || may(3) != "no" || may(4) != "no" {
		t.Errorf("may they be called? %s, %s, %s, %s\n%s", may(1), may(2), may(3), may(4), raw)
	}
	if when, err := time.Parse(time.RFC3339, list[1][6]); err != nil || when.Format(time.DateOnly) != day || list[1][7] != "" {
		t.Errorf("when? %q", list[1])
	}
	if !strings.Contains(list[2][7], "reassigned.stale: ") || list[2][8] == "" { // by then what is known is too old
		t.Errorf("why not yet? %q", list[2])
	}
	if !strings.Contains(list[3][7], "consent.missing") || !strings.Contains(list[3][8], "bridge consent grant") || !strings.Contains(list[4][7], "to: it has 2 digits") {
		t.Errorf("why not: %q %q", list[3], list[4])
	}
}

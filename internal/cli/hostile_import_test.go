package cli

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/internal/hostile"
)

// Whatever a file holds that is imported, each import ends soon, with an exit code that the help knows, and prints
// nothing that a terminal obeys, and no line of the file's.
func TestHostileImports(t *testing.T) {
	url := answering(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"title":"bad request","detail":"no"}`)
	})
	for which, im := range []struct{ command, head string }{
		{"consent import", "type,number,seller,occurred_at,source"},
		{"remind import", "to,agent,due_at,var.name"},
	} {
		files := hostile.CSV(im.head)
		for i, in := range hostile.Texts() {
			if i%2 != which { // both read columns by the same lines
				continue
			}
			files = append(files, hostile.Input{Name: in.Name + " as a column", Text: im.head + "," + in.Text + "\nrevoke,+12122352671,riverbend,2026-01-02,phone,x\n"})
		}
		if which == 0 && !raced { // 16 MiB each
			files = append(files, hostile.Large()...)
		}
		for _, in := range files {
			if err := os.WriteFile("hostile.csv", []byte(in.Text), 0o600); err != nil {
				t.Fatal(err)
			}
			begun, clock := hostile.CPU(), time.Now()
			r := bridge(t, append(strings.Fields(im.command), "hostile.csv", "--errors", "refused.json", "--url", url)...)
			all := r.out + r.err
			took, waited := hostile.CPU()-begun, time.Since(clock)
			if r.code < exitDone || r.code > exitUsage || took > 15*time.Second || waited > time.Minute || len(all) > 256<<10 {
				t.Errorf("%s: %s: exit code %d and %d bytes after %v of CPU, %v in all", im.command, in.Name, r.code, len(all), took, waited)
			}
			refused, _ := os.ReadFile("refused.json") // there is none where the header can't be read
			_ = os.Remove("refused.json")
			for where, text := range map[string]string{"printed": all, "written": string(refused)} {
				if obeyed(text) || strings.Contains(text, "\nforged") {
					t.Errorf("%s: %s: %s: %.600q", im.command, in.Name, where, text)
				}
			}
		}
	}
}

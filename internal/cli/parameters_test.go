package cli

import (
	"io"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The parameters of the API's lists have the names of the flags: whatever a command can ask for, the
// service knows under the same name.
func TestParametersHaveTheFlagsNames(t *testing.T) {
	b := serving(t)
	for path, of := range map[string]struct {
		command any
		own     []string // flags that never leave the command
	}{
		"/v1/calls":          {callsListCmd{}, nil},
		"/v1/reminders":      {remindListCmd{}, nil},
		"/v1/consent/export": {consentExportCmd{}, []string{"title", "by"}},
	} {
		detail := b.unknownParameter(path)
		for f := range reflect.TypeOf(of.command).Fields() {
			flag := strings.ToLower(f.Name)
			if _, argument := f.Tag.Lookup("arg"); f.Anonymous || argument || slices.Contains(of.own, flag) {
				continue
			}
			if !strings.Contains(strings.NewReplacer(",", " ", `"`, " ").Replace(detail), " "+flag+" ") {
				t.Errorf("%s: the flag --%s is none of its parameters: %s", path, flag, detail)
			}
		}
	}
}

// unknownParameter is how the service says which parameters a path has.
func (b *bench) unknownParameter(path string) string {
	b.Helper()
	a, err := (&apiFlags{}).open()
	if err != nil {
		b.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.Context(), "GET", a.URL+path+"?frob=1", nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+a.Key)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusBadRequest {
		b.Fatalf("%s takes anything: %d, %v", path, res.StatusCode, err)
	}
	return string(said)
}

// README's first step is bridge init.
func TestReadmeBeginsWithInit(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, steps, _ := strings.Cut(string(readme), "## Connect a real number")
	first, _, _ := strings.Cut(steps, "\n2. ")
	if !strings.Contains(first, "`./bin/bridge init`") {
		t.Errorf("the first step is %q", first)
	}
}

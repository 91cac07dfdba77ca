package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What docs/ARCHITECTURE.md tells to open is there: whoever moves a file mends the page, too.
func TestWhatToOpenExists(t *testing.T) {
	page, err := os.ReadFile(root + "/docs/ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## I want to change …\n")
	section, _, _ = strings.Cut(section, "\n## ")
	paths := regexp.MustCompile("`([a-z.]+(/[a-z_*.]+)+)`").FindAllStringSubmatch(section, -1)
	if len(paths) < 10 {
		t.Fatalf("the section names %d paths", len(paths))
	}
	for _, path := range paths {
		if found, err := filepath.Glob(root + "/" + path[1]); err != nil || len(found) == 0 {
			t.Errorf("docs/ARCHITECTURE.md names %s, which is not there", path[1])
		}
	}
}

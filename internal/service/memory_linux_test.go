package service

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/media"
)

// libraryCode is how much of the C libraries' code is in memory, in kB.
func libraryCode(t *testing.T) (sum int) {
	t.Helper()
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	counts := false
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if strings.Contains(line, " r-xp ") {
			counts = strings.Contains(line, ".so")
		} else if first, _, _ := strings.Cut(line, " "); !strings.HasSuffix(first, ":") {
			counts = false
		}
		var kb int
		if _, err := fmt.Sscanf(line, "Rss: %d kB", &kb); err == nil && counts {
			sum += kb
		}
	}
	return sum
}

// What is given back can be used again.
func TestForgetLibraries(t *testing.T) {
	convert := func() []int16 {
		out, err := media.Convert(make([]int16, 4800), 48000, 8000)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	once := len(convert())
	before := libraryCode(t)
	if err := forgetLibraries(); err != nil {
		t.Fatal(err)
	}
	if after := libraryCode(t); before > 0 && after >= before/2 { // without cgo there are none
		t.Errorf("%d kB of the libraries' code before, %d kB after", before, after)
	}
	if n := len(convert()); n != once {
		t.Errorf("%d samples, %d before", n, once)
	}
}

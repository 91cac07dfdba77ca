package postgres

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

func TestCheckVersion(t *testing.T) {
	for version, want := range map[string]string{
		"15.14 (Debian 15.14-0+deb12u1)": "",
		"19beta1":                        "",
		"18":                             "",
		"14.9":                           "version 14; want version 15 or later",
		"9.6.24":                         "version 9; want version 15 or later",
		"":                               "postgres: can't read the server's version",
		"unknown":                        "postgres: can't read the server's version",
	} {
		err := checkVersion(version)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("version %q: %v, want %q", version, err, want)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add(cursor{time.UnixMicro(1), "call"}.String())
	f.Add(cursor{time.UnixMicro(-1), ""}.String())
	f.Add(cursor{time.UnixMicro(1 << 62), "x"}.String())
	f.Add("")
	f.Add("nonsense")
	f.Add("MSBcAP8") // 1, a space, then what is no text
	f.Fuzz(func(t *testing.T, s string) {
		c, err := parseCursor(s)
		if err != nil {
			if !errors.Is(err, calllog.ErrBadFilter) {
				t.Fatalf("the error %v is not ErrBadFilter", err)
			}
			return
		}
		back, err := parseCursor(c.String())
		if err != nil || back != c {
			t.Fatalf("%v comes back as %v, %v", c, back, err)
		}
	})
}

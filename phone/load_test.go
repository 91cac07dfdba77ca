package phone

import "testing"

func TestLoadZone(t *testing.T) {
	for range 2 {
		zone, err := LoadZone("America/Chicago")
		if err != nil || zone.String() != "America/Chicago" {
			t.Errorf("%v, %v", zone, err)
		}
		for _, name := range []string{"", "Local", "Mars/Olympus", "../etc/passwd", "america/chicago/"} {
			if zone, err := LoadZone(name); err == nil {
				t.Errorf("%q is %v", name, zone)
			}
		}
	}
}

func BenchmarkLoadZone(b *testing.B) {
	for b.Loop() {
		if _, err := LoadZone("America/Los_Angeles"); err != nil {
			b.Fatal(err)
		}
	}
}

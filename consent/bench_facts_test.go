package consent

import (
	"testing"
	"time"
)

func BenchmarkFacts(b *testing.B) {
	for name, x := range map[string]setup{
		"allow": reminder(cleared()...),
		"sale":  sale(sellable()...),
		"long":  reminder(and(cleared(), called("caller_hung_up", days(100)...)...)...),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			p := strict()
			for b.Loop() {
				p.Decide(x.req, x.s, noon)
			}
		})
	}
}

// days is so many days, from the second on.
func days(n int) []time.Duration {
	list := make([]time.Duration, n)
	for i := range list {
		list[i] = time.Duration(i+2) * day
	}
	return list
}

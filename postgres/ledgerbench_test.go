package postgres_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
)

// These fill one ledger through its own append path, up to a million rows about
// 200,000 numbers, and measure on the way. The server is one of ours, with its
// writes going to the disk as they do in service.

const benchPeople = 200_000

// subscriber is a number of the benchmarks.
func subscriber(i int) phone.Number {
	n, err := phone.Parse(fmt.Sprintf("+1%03d%07d", 200+i%700, 2_000_000+i))
	if err != nil {
		panic(err)
	}
	return n
}

// past is the i-th fact of a ledger that has been in use for a while.
func past(i int) consent.Fact {
	n, at := subscriber(i%benchPeople), time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(i)*time.Second)
	f := consent.Fact{Number: n, Seller: "riverbend", OccurredAt: at, Source: "import", Actor: "cli"}
	switch i / benchPeople % 5 {
	case 0:
		f = grant(n)
	case 1:
		f.Type, f.LineType, f.State, f.Zone = consent.NumberFact, "wireless", "CA", "America/Los_Angeles"
	case 2:
		f.Type, f.Reassigned, f.DateParam = consent.NumberFact, consent.No, "2026-10-01"
	case 3:
		f.Type, f.PermitID, f.PermitStatus, f.CallID, f.Purpose, f.Subject = consent.Permitted, "permit_ABCDEFGHIJKLMNOPQRSTUVWXYZ", consent.PermitMinted, fmt.Sprint("call_", i), consent.Informational, "appointment"
	case 4:
		f.Type, f.PermitID, f.PermitStatus, f.CallID, f.Outcome, f.FirstAudioMS = consent.Permitted, "permit_ABCDEFGHIJKLMNOPQRSTUVWXYZ", consent.PermitEnded, fmt.Sprint("call_", i), "caller_hung_up", 640
	}
	return f
}

type filled struct {
	*postgres.Ledger
	superuser string
	rows      int
}

func newFilled(b *testing.B) *filled {
	server, err := pgserver.StartPrivate(b.Context(), pgserver.PrivateConfig{Dir: b.TempDir(), Sync: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := server.Stop(); err != nil {
			b.Error(err)
		}
	})
	db := openPrivate(b, server.URLs)
	return &filled{Ledger: openLedger(b, db), superuser: server.URLs.Superuser}
}

// fill appends rows until there are so many, in Records of the given size.
func (f *filled) fill(b *testing.B, to, size int) {
	for f.rows < to {
		facts := make([]consent.Fact, min(size, to-f.rows))
		for i := range facts {
			facts[i] = past(f.rows + i)
		}
		record(b, f.Ledger, facts...)
		f.rows += len(facts)
	}
}

// rest does what a server has long done when its ledger grew in years: pages that
// were filled in a minute are on the disk, and the planner has seen them.
func (f *filled) rest(b *testing.B) {
	conn, err := pgx.Connect(b.Context(), f.superuser)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context())
	for _, s := range []string{`vacuum analyze consent_ledger`, `vacuum analyze ledger_keys`, `checkpoint`} {
		if _, err := conn.Exec(b.Context(), s); err != nil {
			b.Fatal(err)
		}
	}
}

// settle is a decision that costs what the built-in policy's does: 60 results in
// 13 kB of text are worked out and written.
func (f *filled) settle(n phone.Number) (time.Duration, error) {
	begun := time.Now()
	_, err := f.Transact(context.Background(), n, func(s consent.Snapshot) []consent.Fact {
		d := decision(n, 60)
		for i := range d.Decision.Results {
			r := &d.Decision.Results[i]
			r.Reason = fmt.Sprintf("%s, %x, as of %d", r.Reason, uint32(i+len(s.Facts))*2654435761, s.AsOf)
		}
		if len(s.Facts)%2 == 0 {
			return []consent.Fact{d}
		}
		return []consent.Fact{d, {Type: consent.Permitted, Number: n, Seller: "riverbend", PermitID: "permit_ABCDEFGHIJKLMNOPQRSTUVWXYZ", PermitStatus: consent.PermitMinted}}
	})
	return time.Since(begun), err
}

// BenchmarkLedger measures, at growing sizes: Record in batches, as an import does;
// Transact, as fast as it goes and at 1,000 decisions a second; Verify.
func BenchmarkLedger(b *testing.B) {
	f := newFilled(b)
	for _, size := range []int{10_000, 100_000, 1_000_000} {
		f.fill(b, size-5_000, 5_000)
		name := fmt.Sprintf("rows=%d/", size)
		b.Run(name+"record", func(b *testing.B) {
			begun, before := time.Now(), f.rows
			for b.Loop() {
				f.fill(b, f.rows+500, 500)
			}
			b.ReportMetric(float64(f.rows-before)/time.Since(begun).Seconds(), "rows/s")
		})
		f.fill(b, size, 5_000)
		f.rest(b)
		b.Run(name+"settle", func(b *testing.B) { f.closedLoop(b) })
		b.Run(name+"settle-1000-a-second", func(b *testing.B) { f.openLoop(b, 1000) })
		b.Run(name+"verify", func(b *testing.B) {
			var rows int64
			for b.Loop() {
				r := verify(b, f.Ledger)
				if !r.OK {
					b.Fatalf("%+v", r)
				}
				rows += r.Rows
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
		b.Run(name+"export", func(b *testing.B) {
			var n int64
			for b.Loop() {
				if err := f.Export(b.Context(), io.Discard, proof.ExportFilter{From: 1, To: 5000}); err != nil {
					b.Fatal(err)
				}
				n += 5000
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// closedLoop has 64 callers, each of whom asks again when it has its answer.
func (f *filled) closedLoop(b *testing.B) {
	took := make([]time.Duration, b.N)
	asks := make(chan int)
	var all sync.WaitGroup
	b.ResetTimer()
	for range 64 {
		all.Go(func() {
			for i := range asks {
				var err error
				if took[i], err = f.settle(subscriber(i * 7919 % benchPeople)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for i := range b.N {
		asks <- i
	}
	close(asks)
	all.Wait()
	report(b, took)
}

// openLoop asks so often a second, whether or not there are answers: what waits is
// measured too.
func (f *filled) openLoop(b *testing.B, rate int) {
	took := make([]time.Duration, b.N)
	var all sync.WaitGroup
	b.ResetTimer()
	begun := time.Now()
	for i := range b.N {
		due := begun.Add(time.Duration(i) * time.Second / time.Duration(rate))
		time.Sleep(time.Until(due))
		all.Go(func() {
			if _, err := f.settle(subscriber(i * 7919 % benchPeople)); err != nil {
				b.Error(err)
			}
			took[i] = time.Since(due)
		})
	}
	all.Wait()
	report(b, took)
}

func report(b *testing.B, took []time.Duration) {
	b.StopTimer()
	slices.Sort(took)
	ms := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1))]) / float64(time.Millisecond) }
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
	b.ReportMetric(ms(0.5), "p50-ms")
	b.ReportMetric(ms(0.99), "p99-ms")
}

package service

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/patchcord/patchcord/internal/build"
)

// Bounds of what is looked up for the metrics. A scrape never waits for the database.
const (
	gaugesEvery  = 15 * time.Second
	gaugesWait   = 5 * time.Second
	reminderLate = 5 * time.Minute // overdue, after which nothing explains that a reminder waits
)

// Gauges is what the service last found out about its parts.
type Gauges struct {
	database, waiting, late atomic.Int64
	anchored                atomic.Int64 // Unix, seconds: when the ledger's head was written down; 0 for never
	mcp                     *prometheus.GaugeVec
}

func flag(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// Register makes the metrics of the service as a whole.
func (g *Gauges) Register(r prometheus.Registerer, s *Service, capacity int) {
	gauge := func(name, help string, value func() float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	info := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "patchcord_build_info", Help: "Always 1, with the running version in its labels."}, []string{"version", "go"})
	info.WithLabelValues(build.Version, runtime.Version()).Set(1)
	g.mcp = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "patchcord_mcp_up", Help: "1 while an MCP server answers."}, []string{"server"})
	r.MustRegister(info, g.mcp)
	for name := range s.Tools.Up() {
		g.mcp.WithLabelValues(name)
	}
	gauge("patchcord_calls_capacity", "Maximum concurrent calls of this instance (BRIDGE_MAX_CALLS).", func() float64 { return float64(capacity) })
	gauge("patchcord_draining", "1 after the first SIGTERM: new calls are refused.", func() float64 { return flag(s.Switchboard.Draining()) })
	gauge("patchcord_database_up", "1 if the database answered the last check, made every 15 s.", func() float64 { return float64(g.database.Load()) })
	gauge("patchcord_spool_entries", "Log entries on disk waiting for the database.", func() float64 { return float64(s.Writer.Spooled()) })
	gauge("patchcord_ledger_spool_entries", "Consent records on disk waiting for the ledger, such as opt-outs.", func() float64 { return float64(s.Gate.Spool.Waiting()) })
	gauge("patchcord_ledger_head_age_seconds", "Time since any instance last anchored the ledger's head; -1 while unknown.", func() float64 {
		if at := g.anchored.Load(); at != 0 {
			return max(0, time.Since(time.Unix(at, 0)).Seconds())
		}
		return -1
	})
	gauge("patchcord_reminders_waiting", "Reminders still to be placed, on all instances.", func() float64 { return float64(g.waiting.Load()) })
	gauge("patchcord_reminders_late", "Reminders that are more than five minutes overdue.", func() float64 { return float64(g.late.Load()) })
}

// watch looks until ctx ends.
func (g *Gauges) watch(ctx context.Context, s *Service) {
	tick := time.NewTicker(gaugesEvery)
	defer tick.Stop()
	for {
		g.Look(ctx, s)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Look brings the figures up to date. What can't be read keeps its last one, and the database is down.
func (g *Gauges) Look(ctx context.Context, s *Service) {
	ctx, cancel := context.WithTimeout(ctx, gaugesWait)
	defer cancel()
	for name, up := range s.Tools.Up() {
		g.mcp.WithLabelValues(name).Set(flag(up))
	}
	waiting, late, err := s.DB.Reminders().Waiting(ctx, reminderLate)
	if err == nil {
		g.waiting.Store(int64(waiting))
		g.late.Store(int64(late))
		var ago time.Duration
		if ago, err = s.Gate.PGLedger.Anchored(ctx); err == nil && ago > 0 {
			g.anchored.Store(time.Now().Add(-ago).Unix())
		}
	}
	g.database.Store(int64(flag(err == nil)))
}

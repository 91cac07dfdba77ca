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
	info := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "patchcord_build_info", Help: "1, for the version that runs."}, []string{"version", "go"})
	info.WithLabelValues(build.Version, runtime.Version()).Set(1)
	g.mcp = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "patchcord_mcp_up", Help: "1 while an MCP server answers."}, []string{"server"})
	r.MustRegister(info, g.mcp)
	for name := range s.Tools.Up() {
		g.mcp.WithLabelValues(name)
	}
	gauge("patchcord_calls_capacity", "Calls that this instance takes at once (BRIDGE_MAX_CALLS).", func() float64 { return float64(capacity) })
	gauge("patchcord_draining", "1 from the first SIGTERM on: no new calls are taken.", func() float64 { return flag(s.Switchboard.Draining()) })
	gauge("patchcord_database_up", "1 if the database answered when it was last asked, every 15 s.", func() float64 { return float64(g.database.Load()) })
	gauge("patchcord_spool_entries", "Log entries on disk that wait for the database.", func() float64 { return float64(s.Writer.Spooled()) })
	gauge("patchcord_ledger_spool_entries", "Facts on disk that wait for the ledger, such as refusals.", func() float64 { return float64(s.Gate.Spool.Waiting()) })
	gauge("patchcord_ledger_head_age_seconds", "Time since the ledger's head was last written down, by any instance; -1 while that is not known.", func() float64 {
		if at := g.anchored.Load(); at != 0 {
			return max(0, time.Since(time.Unix(at, 0)).Seconds())
		}
		return -1
	})
	gauge("patchcord_reminders_waiting", "Reminders of all instances that are yet to be placed.", func() float64 { return float64(g.waiting.Load()) })
	gauge("patchcord_reminders_late", "Those among them that should have been looked at more than five minutes ago.", func() float64 { return float64(g.late.Load()) })
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

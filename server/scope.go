package server

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/keys"
	"github.com/patchcord/patchcord/permits"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/remind"
)

// as is the server as a key sees it. What a key that is limited to some sellers may not
// see is not there: neither in the directory, nor in what keeps calls, reminders, permits
// and consent.
func (s *Server) as(k keys.Key) *Server {
	v := *s
	if v.key = k; len(k.Sellers) == 0 {
		return &v
	}
	d := s.cfg.Directory.only(k.Sellers)
	agents := slices.Sorted(maps.Keys(d.Agents))
	v.cfg.Directory, v.cfg.Calls, v.cfg.Ledger = d, callsOf{s.cfg.Calls, d, agents}, ledgerOf{s.cfg.Ledger, d}
	if s.cfg.Reminders != nil {
		v.cfg.Reminders = remindersOf{s.cfg.Reminders, d, agents}
	}
	if s.cfg.Permits != nil {
		v.cfg.Permits = permitsOf{s.cfg.Permits, d}
	}
	return &v
}

// only is the part of a directory that belongs to some sellers.
func (d Directory) only(sellers []string) Directory {
	part := d
	part.whole = d.Sellers
	part.Sellers, part.Agents = maps.Clone(d.Sellers), maps.Clone(d.Agents)
	part.Numbers, part.TextsFrom = maps.Clone(d.Numbers), maps.Clone(d.TextsFrom)
	maps.DeleteFunc(part.Sellers, func(name string, _ consent.Seller) bool { return !slices.Contains(sellers, name) })
	maps.DeleteFunc(part.Agents, func(_ string, a DirectoryAgent) bool { return !slices.Contains(sellers, a.Seller) })
	for n, agent := range d.Numbers {
		if _, ok := part.Agents[agent]; !ok {
			delete(part.Numbers, n)
		}
	}
	for name := range d.TextsFrom {
		if !slices.Contains(sellers, name) {
			delete(part.TextsFrom, name)
		}
	}
	return part
}

// shows tells whether what the ledger knows under a seller's name may be seen: all of it,
// unless the directory is a part. What is under no name is about a number alone.
func (d Directory) shows(seller string) bool {
	if d.whole == nil || seller == "" {
		return true
	}
	_, ok := d.seller(seller)
	return ok
}

// names is all names in the ledger of the directory's sellers, earlier ones among them.
func (d Directory) names() (list []string) {
	for name, s := range d.Sellers {
		list = append(list, name)
		for _, known := range s.Known {
			if d.shows(known) {
				list = append(list, known)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// callsOf is the calls of some agents.
type callsOf struct {
	calllog.Store
	d      Directory
	agents []string
}

func (c callsOf) List(ctx context.Context, f calllog.Filter) ([]calllog.Call, string, error) {
	f.Agents = c.agents
	return c.Store.List(ctx, f)
}

func (c callsOf) Get(ctx context.Context, id string) (calllog.Call, error) {
	got, err := c.Store.Get(ctx, id)
	if _, mine := c.d.Agents[got.Agent]; err == nil && !mine {
		return calllog.Call{}, calllog.ErrNotFound
	}
	return got, err
}

// remindersOf is the reminders of some agents.
type remindersOf struct {
	Reminders
	d      Directory
	agents []string
}

func (m remindersOf) List(ctx context.Context, f remind.Filter) ([]remind.Reminder, string, error) {
	f.Agents = m.agents
	return m.Reminders.List(ctx, f)
}

func (m remindersOf) Get(ctx context.Context, id string) (remind.Reminder, error) {
	got, err := m.Reminders.Get(ctx, id)
	if _, mine := m.d.Agents[got.Order.Agent]; err == nil && !mine {
		return remind.Reminder{}, remind.ErrNotFound
	}
	return got, err
}

func (m remindersOf) Cancel(ctx context.Context, id string) (remind.Reminder, error) {
	if _, err := m.Get(ctx, id); err != nil {
		return remind.Reminder{}, err
	}
	return m.Reminders.Cancel(ctx, id)
}

func (m remindersOf) Pauses(ctx context.Context) ([]remind.Pause, error) {
	list, err := m.Reminders.Pauses(ctx)
	return slices.DeleteFunc(list, func(p remind.Pause) bool { _, mine := m.d.Agents[p.Agent]; return !mine }), err
}

// permitsOf is the permits of some sellers.
type permitsOf struct {
	Permits
	d Directory
}

func (p permitsOf) Report(ctx context.Context, id string, e permits.Event) (permits.Answer, error) {
	seller, err := p.Seller(ctx, id)
	if err == nil && !p.d.shows(cmp.Or(seller, "?")) {
		err = permits.ErrUnknown
	}
	if err != nil {
		return permits.Answer{}, err
	}
	return p.Permits.Report(ctx, id, e)
}

// ledgerOf is the rows of some sellers. History has all of a number's, since a state
// depends on them; whoever shows it asks shows.
type ledgerOf struct {
	Ledger
	d Directory
}

func (l ledgerOf) Replay(ctx context.Context, seq int64) (consent.Replayed, error) {
	again, err := l.Ledger.Replay(ctx, seq)
	if err == nil && !l.d.shows(cmp.Or(again.Seller, "?")) {
		return consent.Replayed{}, &consent.ReplayError{Seq: seq, Why: "unknown row"}
	}
	return again, err
}

func (l ledgerOf) Campaigns(ctx context.Context) (map[consent.Campaign]consent.Calls, error) {
	all, err := l.Ledger.Campaigns(ctx)
	maps.DeleteFunc(all, func(c consent.Campaign, _ consent.Calls) bool { return !l.d.shows(c.Seller) })
	return all, err
}

func (l ledgerOf) Unclear(ctx context.Context, kind consent.HeldFor, after int64) ([]consent.Fact, int64, error) {
	list, next, err := l.Ledger.Unclear(ctx, kind, after)
	return slices.DeleteFunc(list, func(f consent.Fact) bool { return !l.d.shows(f.Seller) }), next, err
}

// uses tells whether an agent of the directory may use a tool; in a whole one any may be
// shown.
func (d Directory) uses(tool string) bool {
	if d.whole == nil {
		return true
	}
	server, _, _ := strings.Cut(tool, ".")
	for _, a := range d.Agents {
		if slices.Contains(a.Tools, tool) || slices.Contains(a.Tools, server+".*") {
			return true
		}
	}
	return false
}

// mayShow tells whether calls may show a number as theirs: in a part of a directory it
// has to belong to one of its sellers. The gate has rules of its own.
func (d Directory) mayShow(n phone.Number) bool {
	return d.whole == nil || len(d.sellersAt(n)) > 0
}

package chaos

import (
	"path/filepath"
	"time"

	"github.com/patchcord/patchcord/consent/consenttest"
)

// WorldFaults is what happens to all calls at once.
var WorldFaults = []*Event{
	{Name: "database away", What: "The database can't be reached by any instance.",
		Do: func(w *World, _ *Talk, p Planned) {
			w.db.disturb(true, 0)
			w.ledger.Set(consenttest.Away)
			time.Sleep(p.For)
			w.ledger.Set(consenttest.Well)
			w.db.disturb(false, 0)
		}},
	{Name: "database slow", What: "Every request to the database takes up to 3 s.",
		Do: func(w *World, _ *Talk, p Planned) {
			w.db.disturb(false, p.For/2)
			time.Sleep(p.For)
			w.db.disturb(false, 0)
		}},
	{Name: "instance killed", What: "An instance is killed, and starts again after a while.",
		Do: func(w *World, _ *Talk, p Planned) {
			if i := w.any(p); i != nil {
				w.logf(nil, "%s is killed", i.name)
				w.kills()
				dir := i.kill()
				time.Sleep(p.For)
				w.again(i.name, dir)
			}
		}},
	{Name: "instance lost", What: "An instance is killed, and stays away if there is another.",
		Do: func(w *World, _ *Talk, p Planned) {
			if i := w.any(p); i != nil {
				w.logf(nil, "%s is killed", i.name)
				w.kills()
				dir := i.kill()
				if len(w.alive()) == 0 {
					w.again(i.name, dir)
				}
			}
		}},
	{Name: "instance drained", What: "An instance drains, and is replaced when its calls have ended or its time is up.",
		Do: func(w *World, _ *Talk, p Planned) {
			if i := w.any(p); i != nil {
				w.logf(nil, "%s drains", i.name)
				i.leave(3 * p.For)
				w.logf(nil, "%s has drained", i.name)
				w.again(i.name, i.dir)
			}
		}},
	{Name: "instance added", What: "Another instance starts.", Do: func(w *World, _ *Talk, _ Planned) {
		dir := w.folder()
		w.again("instance-of-"+filepath.Base(dir), dir)
	}},
}

// any is one of the instances that live and don't drain.
func (w *World) any(p Planned) *Instance {
	all := w.serving()
	if len(all) == 0 {
		return nil
	}
	return all[p.Count%len(all)]
}

func (w *World) kills() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.killings++
}

// again starts an instance, as soon as the database is there: without it none does.
func (w *World) again(name, dir string) {
	if dir == "" {
		return
	}
	for range 60 {
		w.db.mu.Lock()
		away := w.db.away
		w.db.mu.Unlock()
		if !away {
			break
		}
		time.Sleep(time.Second)
	}
	if _, err := w.start(name, dir); err != nil {
		w.broken("%v", err)
		return
	}
	w.logf(nil, "%s has started", name)
}

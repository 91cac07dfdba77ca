package remind_test

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/remind"
)

// Two services of several workers on one database, and three jobs for each reminder,
// as river's deliveries "at least once" may have it: everyone is rung once.
func TestEveryoneIsRungOnceByManyWorkers(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	db, other := postgrestest.Open(t, url), postgrestest.Open(t, url)
	w := newWorld(db)
	const people = 60
	due := time.Now().Add(time.Second)
	var list []remind.Reminder
	for i := range people {
		list = append(list, reminder(number(t, i), due))
	}
	a := begin(t, db, w)
	b := begin(t, other, w)
	half := people / 2
	if _, fresh, err := a.Add(t.Context(), list[:half]...); err != nil || fresh != half {
		t.Fatalf("%d added, %v", fresh, err)
	}
	if _, _, err := b.Add(t.Context(), list[half:]...); err != nil {
		t.Fatal(err)
	}
	statement(t, url, `
		insert into river_job (args, kind, max_attempts, queue, scheduled_at, state)
		select args, kind, max_attempts, queue, now(), 'available' from river_job, generate_series(1, 2) where kind = 'reminder'`)
	for end := time.Now().Add(patient); len(w.allRings()) < people && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
	}
	time.Sleep(time.Second) // for calls that should not come
	rings := w.allRings()
	for i := range people {
		if n := number(t, i); rings[n] != 1 {
			t.Errorf("person %d was rung %d times", i, rings[n])
		}
	}
	listed, _, err := a.List(t.Context(), remind.Filter{Limit: remind.MaxLimit})
	if err != nil || len(listed) != people {
		t.Fatalf("%d listed, %v", len(listed), err)
	}
	for _, r := range listed {
		if r.Status != remind.Calling || r.Attempts != 1 || len(r.CallIDs) != 1 {
			t.Errorf("%s: %s, %d attempts, calls %v", r.ID, r.Status, r.Attempts, r.CallIDs)
		}
	}
}

// A job may be lost: by somebody's hand, or because its workers died too often.
func TestReminderThatLostItsJobGetsAnother(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	db := postgrestest.Open(t, url)
	w := newWorld(db)
	s := begin(t, db, w)
	r := add(t, s, reminder(number(t, 1), time.Now().Add(700*time.Millisecond)))
	statement(t, url, `delete from river_job where kind = 'reminder'`)
	becomes(t, s, r.ID, remind.Calling)
}

// A reminder with a key is added once, however often it is sent.
func TestSameKeyIsTheSameReminder(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	s := begin(t, db, w)
	due := time.Now().Add(time.Hour)
	one, two, three := reminder(number(t, 1), due), reminder(number(t, 2), due), reminder(number(t, 3), due)
	one.Key, two.Key = "a", "b"
	first, n, err := s.Add(t.Context(), one, two, three)
	if err != nil || n != 3 {
		t.Fatalf("%d new, %v", n, err)
	}
	four := reminder(number(t, 4), due)
	four.Key = "d"
	again, n, err := s.Add(t.Context(), four, two, one, one, four)
	if err != nil || n != 2 { // the first four, which counts twice in what is returned
		t.Fatalf("%d new, %v", n, err)
	}
	if again[1].ID != first[1].ID || again[2].ID != first[0].ID || again[3].ID != first[0].ID || again[4].ID != again[0].ID {
		t.Errorf("other reminders came back: %v, after %v", ids(again), ids(first))
	}
}

func ids(list []remind.Reminder) (all []string) {
	for _, r := range list {
		all = append(all, r.ID)
	}
	return all
}

// Stopping does not wait for a turn in the line, nor lose the reminder.
func TestStopWhileSomeoneWaits(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	db := postgrestest.Open(t, url)
	w := newWorld(db)
	slow := db.CallRate(0.04)
	if err := slow.TakeSlot(t.Context(), true); err != nil { // the next turn is in 25 s
		t.Fatal(err)
	}
	s := begin(t, db, w, func(c *remind.Config) { c.Line = slow })
	r := add(t, s, reminder(number(t, 1), time.Now()))
	time.Sleep(time.Second) // so that it waits
	began := time.Now()
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("stopping took %v", took)
	}
	if r, err := s.Get(t.Context(), r.ID); err != nil || r.Status != remind.Scheduled {
		t.Errorf("the reminder is %s, %v", r.Status, err)
	}
	statement(t, url, `update call_rate set next_at = now()`)
	second := begin(t, db, w)
	until(t, second, r.ID, "called", func(r remind.Reminder) bool { return r.Attempts == 1 })
	second.CallEnded(w.end(t, number(t, 1), calllog.OutcomeCallerHungUp, true))
	becomes(t, second, r.ID, remind.Done)
}

package remind_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/remind"
)

// The victim is a copy of this test binary that runs a service on a database and
// stops for ever at some point of placing a call, where it is killed.
const (
	victimURL   = "REMIND_TEST_VICTIM"
	victimPoint = "REMIND_TEST_POINT"

	afterClaim  = "claim"  // before the gate is asked
	afterPermit = "permit" // before there is a call
	afterCall   = "call"   // before Place has returned
)

func playVictim(url, point string) error {
	ctx := context.Background()
	db, err := postgres.Open(ctx, url)
	if err != nil {
		return err
	}
	w := newWorld(db)
	stop := func(o call.Order) error {
		fmt.Println(point, o.ID)
		io.Copy(io.Discard, os.Stdin)
		return errors.New("nobody has killed the victim")
	}
	w.placing = func(_ context.Context, o call.Order) error {
		if point == afterClaim || point == afterPermit {
			return stop(o)
		}
		c := calllog.Call{ID: o.ID, Version: 1, Direction: calllog.Outbound, To: o.To.E164(), From: o.From.E164(), Agent: o.Agent, Status: "queued", StartedAt: time.Now()}
		if err := db.Calls().Apply(ctx, []calllog.Change{{Call: &c}}); err != nil {
			return err
		}
		return stop(o)
	}
	policy := quick()
	policy.Place = time.Hour
	policy.Orphaned = 2 * time.Hour
	s, err := remind.New(db.River(), db.Reminders(), remind.Config{Placer: w, Calls: w.calls, Ledger: w, Line: db.CallRate(1000), Policy: policy, Logger: zerolog.Nop()})
	if err != nil {
		return err
	}
	if err := s.Start(ctx); err != nil {
		return err
	}
	select {}
}

func TestKilledWhilePlacing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		point string
		want  remind.Status
		rings int // after the kill
		calls int // in the reminder
		what  string
	}{
		{afterClaim, remind.Calling, 1, 1, "nothing was placed: it is tried again, once"},
		{afterPermit, remind.GaveUp, 0, 0, "it may have rung: it is not tried again"},
		{afterCall, remind.Done, 0, 1, "the call is in the log: it is followed to its end"},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			url := postgrestest.URL(t)
			db := postgrestest.Open(t, url)
			w := newWorld(db)
			n := number(t, 1)

			// The reminder is there before anyone works on it.
			adder, err := remind.New(db.River(), db.Reminders(), remind.Config{Placer: w, Calls: w.calls, Ledger: w, Line: db.CallRate(1000), Logger: zerolog.Nop()})
			if err != nil {
				t.Fatal(err)
			}
			r := add(t, adder, reminder(n, time.Now()))
			callID := killAt(t, url, c.point)
			switch c.point {
			case afterPermit:
				w.mu.Lock()
				w.permit(n, callID, consent.PermitMinted)
				w.mu.Unlock()
			case afterCall:
				w.mu.Lock()
				w.permit(n, callID, consent.PermitMinted)
				w.last[n] = calllog.Call{ID: callID, Version: 1, Direction: calllog.Outbound, To: n.E164(), StartedAt: time.Now()}
				w.mu.Unlock()
			}

			// The time passes after which river takes the job from the dead worker, and
			// the leadership.
			statement(t, url, `update river_job set attempted_at = attempted_at - interval '1 hour' where state = 'running'`)
			statement(t, url, `delete from river_leader`)
			s := begin(t, db, w, hasty)
			if c.point == afterCall {
				until(t, s, r.ID, "found in the log", func(r remind.Reminder) bool { return r.Attempts == 1 })
				w.end(t, n, calllog.OutcomeAgentEnded, true)
			}
			r = until(t, s, r.ID, string(c.want), func(r remind.Reminder) bool { return r.Status == c.want && r.Attempts == 1 })
			time.Sleep(500 * time.Millisecond) // for one that should not come
			if w.rings(n) != c.rings || len(r.CallIDs) != c.calls {
				t.Errorf("%d rings and calls %v after the kill, want %d and %d; %q", w.rings(n), r.CallIDs, c.rings, c.calls, r.Reason)
			}
			if c.point == afterClaim && r.CallIDs[0] == callID {
				t.Error("the new attempt has the call id of the old one")
			}
		})
	}
}

// killAt runs a victim, and kills it -9 when it says that it is at the point.
func killAt(t *testing.T, url, point string) (callID string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victimURL+"="+url, victimPoint+"="+point)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	cmd.Process.Kill()
	cmd.Wait()
	at, callID, _ := strings.Cut(strings.TrimSpace(line), " ")
	if err != nil || at != point {
		t.Fatalf("the victim said %q, %v", line, err)
	}
	return callID
}

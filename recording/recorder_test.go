package recording

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// Both sides at once, each where it was heard: the caller by Twilio's timestamps, whatever
// number they begin with.
func TestBothSides(t *testing.T) {
	inStudio(t, func(s *studio) {
		s.Agent(tone(100, 50), s.begun.Add(ms(30)), -1)
		s.Agent(tone(70, 51), s.begun.Add(ms(130)), -1)
		s.hears(agentSide, ms(30), tone(100, 50))
		s.hears(agentSide, ms(130), tone(70, 51))
		s.says(57, tone(3000, 20))
		s.hears(callerSide, 0, tone(3000, 20))
		s.Agent(tone(500, 52), time.Now(), -1)
		s.hears(agentSide, s.now(), tone(500, 52))
		s.says(3057, tone(1000, 21))
		s.hears(callerSide, ms(3000), tone(1000, 21))
	})
}

// What is cleared before it sounds is not in the recording, to the sample.
func TestCut(t *testing.T) {
	inStudio(t, func(s *studio) {
		for i := range 5 {
			s.Agent(tone(100, 50), s.begun.Add(ms(100*i)), -1)
		}
		time.Sleep(ms(237) + 125*time.Microsecond)
		s.Cut(time.Now())
		s.hears(agentSide, 0, tone(500, 50)[:237*perMS+1])
		s.Agent(tone(40, 51), time.Now(), -1) // the answer begins at once
		s.hears(agentSide, s.now(), tone(40, 51))
		time.Sleep(3 * time.Second)
	})
}

// The marks say how much later than it is due the ear hears it: what begins after a silence
// lies so much later, what goes on isn't torn, and a cut comes as late.
func TestWayToTheEar(t *testing.T) {
	inStudio(t, func(s *studio) {
		s.Agent(tone(100, 50), s.begun, -1)
		s.Agent(tone(100, 50), s.begun.Add(ms(100)), ms(60))
		s.hears(agentSide, 0, tone(200, 50))
		time.Sleep(time.Second)
		s.Agent(tone(100, 51), time.Now(), ms(60))
		s.Agent(tone(300, 51), time.Now().Add(ms(100)), ms(40))
		s.hears(agentSide, s.now()+ms(60), tone(200, 51))
		time.Sleep(ms(200))
		s.Cut(time.Now())
		time.Sleep(time.Second)
	})
}

// A frame that the network lost is silence, and what follows lies where it was said. One
// that comes late lies there, too.
func TestHoles(t *testing.T) {
	inStudio(t, func(s *studio) {
		s.says(0, tone(100, 20))
		time.Sleep(ms(440))
		s.says(540, tone(60, 21))
		s.hears(callerSide, 0, tone(100, 20))
		s.hears(callerSide, ms(540), tone(60, 21))
		time.Sleep(ms(1500)) // the network stalls, then all of it comes at once
		for k := range 75 {
			s.Caller(int64(600+20*k), tone(20, byte(22+k)), time.Now())
			s.hears(callerSide, ms(600+20*k), tone(20, byte(22+k)))
		}
		s.Caller(800, tone(20, 32), time.Now()) // one comes twice
		s.says(2100, tone(20, 9))
		s.hears(callerSide, ms(2100), tone(20, 9))
	})
}

// A call's sound may have to wait until somebody reads it: it lies where it was said all the
// same.
func TestReadLate(t *testing.T) {
	inStudio(t, func(s *studio) {
		time.Sleep(ms(700))
		s.Agent(tone(100, 50), time.Now(), -1)
		s.hears(agentSide, ms(700), tone(100, 50))
		for k := range 34 {
			s.Caller(int64(5+20*k), tone(20, byte(20+k)), time.Now())
			s.hears(callerSide, ms(5+20*k), tone(20, byte(20+k)))
		}
		s.says(685, tone(200, 60))
		s.hears(callerSide, ms(685), tone(200, 60))
		time.Sleep(ms(20))
	})
}

// After a stall of the network there is a hole in what was held up, too. What comes later
// lies where it was said all the same, and what was said in a pause isn't recorded.
func TestHoleInAStall(t *testing.T) {
	inStudio(t, func(s *studio) {
		s.says(0, tone(1000, 20))
		s.hears(callerSide, 0, tone(1000, 20))
		s.Pause(time.Now())
		time.Sleep(ms(4000))
		s.Resume(time.Now())
		for stamp := int64(1100); stamp < 5000; stamp += 20 { // all at once
			s.Caller(stamp, tone(20, 66), time.Now())
		}
		s.says(5000, tone(3000, 21))
		s.hears(callerSide, ms(5000), tone(3000, 21))
	})
}

// Timestamps that can't be: one is ignored, as if the frame came in turn; three are believed.
func TestWrongTimestamps(t *testing.T) {
	inStudio(t, func(s *studio) {
		s.says(0, tone(100, 20))
		s.says(1<<60, tone(20, 21))
		s.says(-5_000_000_000_000_000_000, tone(20, 22))
		s.says(140, tone(100, 23))
		s.hears(callerSide, 0, tone(100, 20))
		s.hears(callerSide, ms(100), tone(20, 21))
		s.hears(callerSide, ms(120), tone(20, 22))
		s.hears(callerSide, ms(140), tone(100, 23))
		s.says(9_000_000, tone(200, 24)) // a clock that was set anew
		s.hears(callerSide, ms(240), tone(200, 24))
		s.says(9_000_300, tone(20, 25)) // and a hole by the new one
		s.hears(callerSide, ms(540), tone(20, 25))
		time.Sleep(ms(200))
	})
}

// A pause silences both at once: also what was sent to the ear before and sounds in it, a
// frame that is on its way, and what comes late when it is over.
func TestPause(t *testing.T) {
	inStudio(t, func(s *studio) {
		s.says(0, tone(200, 20))
		s.hears(callerSide, 0, tone(200, 20))
		s.Agent(tone(500, 50), time.Now(), -1)
		s.says(200, tone(100, 20))
		s.hears(callerSide, ms(200), tone(100, 20))
		s.hears(agentSide, ms(200), tone(100, 50))
		if !s.Pause(time.Now()) || s.Pause(time.Now()) {
			t.Error("want one pause")
		}
		s.Caller(300, tone(20, 66), time.Now()) // under way when it was decided
		s.says(300, tone(3000, 66))
		s.Agent(tone(500, 67), time.Now(), -1) // sounds after the pause, but was sent in it
		if !s.Resume(time.Now()) || s.Resume(time.Now()) {
			t.Error("want one end of the pause")
		}
		s.Caller(3285, tone(20, 68), time.Now()) // the most of it was said in the pause
		s.hears(callerSide, ms(3300), tone(5, 68))
		s.says(3305, tone(500, 21))
		s.hears(callerSide, ms(3305), tone(500, 21))
		s.Agent(tone(200, 51), time.Now(), -1)
		s.hears(agentSide, s.now(), tone(200, 51))
		s.says(3805, tone(500, 22))
		s.hears(callerSide, ms(3805), tone(495, 22))
	})
}

// A stream that is lost ends what was heard; another goes on, however much later, and its
// timestamps begin again. A pause outlives both.
func TestStreams(t *testing.T) {
	inStudio(t, func(s *studio) {
		s.Agent(tone(500, 50), s.begun, -1)
		s.says(0, tone(300, 20))
		s.hears(callerSide, 0, tone(300, 20))
		s.hears(agentSide, 0, tone(300, 50))
		s.Rest(time.Now())
		time.Sleep(40 * time.Second)
		s.Stream(time.Now())
		from := s.now()
		s.Agent(tone(100, 51), time.Now(), -1)
		s.says(57, tone(100, 21))
		s.hears(callerSide, from, tone(100, 21))
		s.hears(agentSide, from, tone(100, 51))
		s.Pause(time.Now())
		s.Rest(time.Now())
		time.Sleep(5 * time.Minute) // with somebody else, say: three hundred times what is written at once
		s.Stream(time.Now())
		s.says(57, tone(100, 66))
		s.Resume(time.Now())
		from = s.now()
		s.says(157, tone(100, 22))
		s.hears(callerSide, from, tone(100, 22))
		s.says(257, tone(20, 23))
		s.hears(callerSide, from+ms(100), tone(20, 23))
	})
}

// The recording ends with the last stream, not with the word that no other came.
func TestEndsWithTheStream(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := &studio{T: t, folder: NewFolder(dir), begun: time.Now()}
		s.Recorder = s.folder.Record("call_1", s.begun)
		s.Stream(s.begun)
		s.says(0, tone(700, 20))
		s.hears(callerSide, 0, tone(700, 20))
		s.Rest(time.Now())
		time.Sleep(4 * time.Second)
		if _, err := s.folder.Open("call_1"); !errors.Is(err, ErrLive) {
			t.Errorf("while it is written: %v", err)
		}
		if err := s.End(time.Now(), time.Minute); err != nil {
			t.Fatal(err)
		}
		s.check(s.read(), ms(700))
		info, err := os.Stat(filepath.Join(dir, "call_1.wav"))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
	})
}

// Who isn't recorded needs no ifs.
func TestNilRecorder(t *testing.T) {
	var r *Recorder
	now := time.Now()
	r.Stream(now)
	r.Caller(0, tone(20, 1), now)
	r.Agent(tone(20, 1), now, 0)
	r.Cut(now)
	r.Rest(now)
	if r.Pause(now) || r.Resume(now) || r.Trouble() != nil || r.Lost() != 0 || r.End(now, 0) != nil {
		t.Error("a recorder that isn't there does something")
	}
}

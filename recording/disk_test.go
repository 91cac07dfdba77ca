package recording

import (
	"errors"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// disk is a file in memory on a disk that can be stuck, or full.
type disk struct {
	mu    sync.Mutex
	bytes []byte
	full  bool
	stuck chan struct{} // closed when it works again; nil if it does
	done  bool
}

func (d *disk) WriteAt(b []byte, at int64) (int, error) {
	d.mu.Lock()
	stuck := d.stuck
	d.mu.Unlock()
	if stuck != nil {
		<-stuck
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.full {
		return 0, syscall.ENOSPC
	}
	if n := int(at) + len(b); n > len(d.bytes) {
		d.bytes = append(d.bytes, make([]byte, n-len(d.bytes))...)
	}
	return copy(d.bytes[at:], b), nil
}

func (d *disk) Truncate(size int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bytes = append(d.bytes, make([]byte, max(0, int(size)-len(d.bytes)))...)[:size]
	return nil
}

func (d *disk) complete() error { d.done = true; return nil }

// onDisk is inStudio with such a disk.
func onDisk(t *testing.T, test func(*studio, *disk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		s := &studio{T: t, begun: time.Now()}
		s.Recorder = newRecorder(s.begun)
		go func() {
			s.write(func() (file, error) { return d, nil })
			close(s.done)
		}()
		s.Stream(s.begun)
		synctest.Wait()
		test(s, d)
		now := time.Now()
		if err := s.End(now, time.Minute); err != nil || !d.done {
			t.Fatal(err)
		}
		s.check(d.bytes, now.Sub(s.begun))
	})
}

// A disk that stands still makes nobody wait. What the window holds is written when it goes
// on; the rest is silence, counted, and told of once.
func TestSlowDisk(t *testing.T) {
	onDisk(t, func(s *studio, d *disk) {
		s.says(0, tone(3000, 20))
		s.hears(callerSide, 0, tone(3000, 20))
		d.mu.Lock()
		stuck := make(chan struct{})
		d.stuck = stuck
		d.mu.Unlock()
		synctest.Wait()
		before := time.Now()
		for k := range 40 {
			s.says(int64(3000+1000*k), tone(1000, byte(21+k)))
		}
		if took := time.Since(before); took != 40*time.Second {
			t.Errorf("the caller waited: %v", took)
		}
		// One block is in the writer's hands, and maxBlocks are in the window.
		s.Recorder.mu.Lock()
		kept := (s.window.tail + maxBlocks) * blockSamples
		s.Recorder.mu.Unlock()
		if kept < 16*8000 {
			t.Errorf("%d samples are kept", kept)
		}
		if want := time.Duration(43*8000-kept) * time.Second / 8000; s.Lost() != want {
			t.Errorf("%v are lost, want %v", s.Lost(), want)
		}
		for k := range 40 {
			s.hears(callerSide, time.Duration(3+k)*time.Second, tone(1000, byte(21+k)))
		}
		s.want[callerSide] = s.want[callerSide][:kept]
		d.mu.Lock()
		d.stuck = nil
		d.mu.Unlock()
		close(stuck)
		synctest.Wait()
		time.Sleep(time.Second)
		s.says(44_000, tone(3000, 20))
		s.hears(callerSide, 44*time.Second, tone(3000, 20))
		if err := <-s.Trouble(); !errors.Is(err, ErrSlow) {
			t.Errorf("told of %v", err)
		}
		select {
		case err := <-s.Trouble():
			t.Errorf("told again: %v", err)
		default:
		}
	})
}

// What a full disk does not take is silence; what it takes later lies where it belongs.
func TestFullDisk(t *testing.T) {
	onDisk(t, func(s *studio, d *disk) {
		fill := func(full bool) {
			d.mu.Lock()
			d.full = full
			d.mu.Unlock()
		}
		s.says(0, tone(4500, 20))
		fill(true)
		s.says(4500, tone(4000, 21))
		fill(false)
		s.says(8500, tone(4000, 22))
		if err := <-s.Trouble(); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("told of %v", err)
		}
		// At 5, 6, 7 and 8 s it was full: a second each, which lay two seconds back.
		if s.Lost() != sides*4*time.Second {
			t.Errorf("%v are lost", s.Lost())
		}
		s.hears(callerSide, 0, tone(2000, 20))
		s.hears(callerSide, 6*time.Second, tone(2500, 21))
		s.hears(callerSide, 8500*time.Millisecond, tone(4000, 22))
	})
}

// Who waits for a file on a disk that stands still doesn't wait for ever.
func TestEndIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{stuck: make(chan struct{})}
		r := newRecorder(time.Now())
		go func() {
			r.write(func() (file, error) { return d, nil })
			close(r.done)
		}()
		before := time.Now()
		if err := r.End(time.Now(), time.Second); !errors.Is(err, ErrUnfinished) || time.Since(before) != time.Second {
			t.Errorf("%v after %v", err, time.Since(before))
		}
		d.mu.Lock()
		close(d.stuck)
		d.stuck = nil
		d.mu.Unlock()
		if err := r.End(time.Now(), time.Second); err != nil {
			t.Error(err)
		}
	})
}

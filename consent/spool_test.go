package consent

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSpoolSurvives(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s, err := OpenSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Put(revocation(), fact(Fact{Type: DNCAdd, Note: "a note\nof two lines"})); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(s.path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode: %v, %v", info.Mode(), err)
	}
	again, err := OpenSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := again.Of(dana)
	if len(got) != 2 || again.Waiting() != 2 || got[0].Type != Revoke || got[0].Number != dana ||
		got[1].Note != "a note\nof two lines" || !got[0].OccurredAt.Equal(noon.Add(-day)) {
		t.Errorf("after a restart: %+v", got)
	}
	if n := len(again.Of(number("+12125552672"))); n != 0 {
		t.Errorf("%d facts of another number", n)
	}
}

func TestSpoolWithATornLastLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := OpenSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Put(revocation()); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := 1; cut < len(whole); cut += 7 {
		if err := os.WriteFile(s.path, append(whole[:len(whole):len(whole)], whole[:cut]...), 0o600); err != nil {
			t.Fatal(err)
		}
		torn, err := OpenSpool(dir)
		if err != nil || torn.Waiting() != 1 {
			t.Fatalf("cut after %d bytes: %v", cut, err)
		}
		// What is put after it must not be lost in the torn line.
		if err := torn.Put(fact(Fact{Type: DNCAdd})); err != nil {
			t.Fatal(err)
		}
		after, err := OpenSpool(dir)
		if err != nil || after.Waiting() != 2 {
			t.Fatalf("cut after %d bytes, and one more: %v", cut, err)
		}
	}
}

// A disk that takes nothing takes what it missed when it is back; meanwhile the facts count, and
// whoever ends calls has heard of each, once.
func TestSpoolOnABadDisk(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s, err := OpenSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	var told []Type
	s.Watch(func(f Fact) {
		if len(s.Of(f.Number)) == 0 {
			t.Error("told of what does not count yet")
		}
		told = append(told, f.Type)
	})
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Put(revocation()); err == nil {
			t.Fatal("a folder that is not there took a fact")
		}
	}
	if n := len(s.Of(dana)); n != 2 || len(told) != 2 {
		t.Errorf("%d facts count, told of %v", n, told)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(fact(Fact{Type: DNCAdd})); err != nil {
		t.Fatal(err)
	}
	again, err := OpenSpool(dir)
	if err != nil || again.Waiting() != 3 || len(told) != 3 {
		t.Errorf("after a restart %d wait, %v; told of %v", again.Waiting(), err, told)
	}
}

func TestSpoolWithALineThatIsNoFact(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "consent.ndjson"), []byte("{\"number\":\"nobody\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSpool(dir); err == nil || strings.Contains(err.Error(), "nobody") ||
		!strings.Contains(err.Error(), "line 1") {
		t.Errorf("%v", err)
	}
}

func TestReplayIsAllOrNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := OpenSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Put(revocation(), fact(Fact{Type: DNCAdd})); err != nil {
		t.Fatal(err)
	}
	l := &memory{away: errors.New("away")}
	if err := s.Replay(context.Background(), l); err == nil || s.Waiting() != 2 {
		t.Errorf("the ledger is away: %v, %d wait", err, s.Waiting())
	}
	l.set(nil)
	if err := s.Replay(context.Background(), l); err != nil || s.Waiting() != 0 || len(l.facts) != 2 {
		t.Errorf("the ledger is there: %v, %d wait, %d are in it", err, s.Waiting(), len(l.facts))
	}
	if again, err := OpenSpool(dir); err != nil || again.Waiting() != 0 {
		t.Errorf("after a restart they wait again: %v", err)
	}
	if err := s.Replay(context.Background(), l); err != nil || len(l.facts) != 2 {
		t.Errorf("nothing waits: %v", err)
	}
}

// picky is a ledger that takes so many facts at once, so many times.
type picky struct {
	*memory
	most, times int
}

func (p *picky) Record(ctx context.Context, facts ...Fact) ([]Receipt, error) {
	if p.times--; len(facts) > p.most || p.times < 0 {
		return nil, errors.New("too much")
	}
	return p.memory.Record(ctx, facts...)
}

// However much was spooled, the ledger gets it in pieces; what it has taken is not
// given again, also by the next run.
func TestReplayOfMuch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := OpenSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	facts := make([]Fact, 2*maxReplay+7)
	for i := range facts {
		facts[i] = Fact{Type: Revoke, Number: dana, Seller: fmt.Sprint(i), OccurredAt: noon}
	}
	if err := s.Put(facts...); err != nil {
		t.Fatal(err)
	}
	l := &picky{&memory{}, maxReplay, 1}
	if err := s.Replay(context.Background(), l); err == nil || s.Waiting() != maxReplay+7 {
		t.Errorf("after one piece %d wait, %v", s.Waiting(), err)
	}
	if s, err = OpenSpool(dir); err != nil {
		t.Fatal(err)
	}
	l.times = 2
	if err := s.Replay(context.Background(), l); err != nil || s.Waiting() != 0 {
		t.Errorf("%d wait, %v", s.Waiting(), err)
	}
	for i, f := range l.facts {
		if f.Seller != fmt.Sprint(i) {
			t.Fatalf("row %d is fact %s", i, f.Seller)
		}
	}
	if len(l.facts) != len(facts) {
		t.Errorf("the ledger has %d facts, want %d", len(l.facts), len(facts))
	}
}

// Several who replay at once give each fact to the ledger once, and drop none that it lacks.
func TestReplayOfSeveralAtOnce(t *testing.T) {
	t.Parallel()
	s, err := OpenSpool(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	facts := make([]Fact, 3*maxReplay)
	for i := range facts {
		facts[i] = Fact{Type: Revoke, Number: dana, Seller: fmt.Sprint(i), OccurredAt: noon}
	}
	if err := s.Put(facts...); err != nil {
		t.Fatal(err)
	}
	l, done := &memory{}, make(chan error)
	for range 4 {
		go func() { done <- s.Replay(context.Background(), l) }()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if len(l.facts) != len(facts) || s.Waiting() != 0 {
		t.Errorf("the ledger has %d facts of %d, and %d wait", len(l.facts), len(facts), s.Waiting())
	}
}

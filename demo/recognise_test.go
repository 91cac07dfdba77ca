package demo

import (
	"math/rand/v2"
	"testing"
	"time"
)

// everyLine is all that is said, by either side.
func everyLine() []*line {
	l := allLines()
	all := []*line{l.greeting, l.askNumber, l.lookingUp, l.orderStatus, l.stillThere, l.goodbye}
	return append(append(all, l.firstVisit...), l.callers()...)
}

// Each line is found where it is, by its sample, and in nothing else that is said.
func TestFind(t *testing.T) {
	for _, l := range everyLine() {
		before := 0
		var talk []int16
		for i, other := range everyLine() {
			talk = append(talk, make([]int16, 100+37*i)...)
			if other == l {
				before = len(talk)
			}
			talk = append(talk, other.pcm...)
		}
		if got := l.find(talk, 0); got != before {
			t.Errorf("“%s” is found at %v, not at %v", l.text, span(max(got, 0)), span(before))
		}
		if got := l.find(talk, before); got != before {
			t.Errorf("“%s” is not found from its own beginning on: %d", l.text, got)
		}
		if got := l.find(talk, before+len(l.pcm)); got != -1 {
			t.Errorf("“%s” is found a second time, at %v", l.text, span(got))
		}
	}
}

func TestFindInNoise(t *testing.T) {
	l := allLines().readAgain
	noise := make([]int16, samples(6*time.Second))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = int16(random.IntN(1201) - 600)
	}
	if got := l.find(noise, 0); got != -1 {
		t.Fatalf("the line is found in noise, at %v", span(got))
	}
	for i, v := range l.pcm {
		noise[9000+i] += v / 2
	}
	if got := l.find(noise, 0); got != -1 {
		t.Errorf("half as loud in noise, it is another sound: found at %v", span(got))
	}
	for i, v := range l.pcm {
		noise[9000+i] += v - v/2
	}
	if got := l.find(noise, 0); got != 9000 {
		t.Errorf("the line is found at sample %d in noise, not at 9000", got)
	}
	if got := l.find(nil, 0); got != -1 {
		t.Errorf("the line is found in no sound at all, at %d", got)
	}
}

func TestExtent(t *testing.T) {
	l := allLines().orderStatus
	cut := samples(1200 * time.Millisecond)
	for _, tt := range []struct {
		name string
		in   []int16
		want time.Duration // ± 100 ms
	}{
		{"whole", l.pcm, span(l.spoken())},
		{"whole, and more after it", join(l.pcm, l.pcm), span(l.spoken())},
		{"cut short", l.pcm[:cut], 1200 * time.Millisecond},
		{"cleared", join(l.pcm[:cut], make([]int16, len(l.pcm))), 1200 * time.Millisecond},
		{"a hole", join(l.pcm[:cut], make([]int16, 50*millisecond), l.pcm[cut:]), 1200 * time.Millisecond},
		{"20 ms lost", join(l.pcm[:cut], l.pcm[cut+frame:]), 1200 * time.Millisecond},
		{"nothing", nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := span(l.extent(tt.in, 0))
			if d := (got - tt.want).Abs(); d > 100*time.Millisecond || got > tt.want && tt.name == "whole" {
				t.Errorf("%v came through, want %v", got, tt.want)
			}
		})
	}
}

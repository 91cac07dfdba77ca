// Play has recorded people call the bridge, over real sockets, and judges the calls.
//
// Usage: play DIR, where DIR has the built bridge and the recordings (see callers/run). The
// recordings are used as they are and go nowhere else. The exit code is 0 if every call was
// as it should be: every frame of the caller's reached the voice, each prompt was one turn,
// who was talked over fell silent, and the call's log says what was heard.
package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"
)

const timeout = time.Minute // for all calls

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: play DIR")
		os.Exit(2)
	}
	if err := play(os.Args[1]); err != nil {
		fmt.Fprintf(os.Stderr, "callers: %v\n", err)
		os.Exit(1)
	}
}

// play plays all calls side by side, as the bridge has them in life.
func play(dir string) error {
	ctx, cancel := context.WithTimeoutCause(context.Background(), timeout, fmt.Errorf("not done within %v", timeout))
	defer cancel()
	scenes, err := newScenes(dir)
	if err != nil {
		return err
	}
	defer scenes.close()
	s, err := openStage(ctx, dir, scenes)
	if err != nil {
		return err
	}
	failed := make([]bool, len(scenes.all))
	var playing sync.WaitGroup
	for i, sc := range scenes.all {
		playing.Go(func() {
			figures, err := sc.play(ctx, s)
			if failed[i] = err != nil; failed[i] {
				fmt.Printf("FAIL  %s: %v\n", sc.name, err)
			} else {
				fmt.Printf("ok    %s: %s\n", sc.name, figures)
			}
		})
	}
	playing.Wait()
	if err := s.close(); err != nil {
		return err
	}
	for i, f := range failed {
		if f {
			return fmt.Errorf("%s failed", scenes.all[i].name)
		}
	}
	return nil
}

package demo

import (
	"fmt"
	"time"
)

// play is one performance of a script under way.
type play struct {
	stage *stage
	lines *lines
	show  show
	began time.Time // of what is shown now: the zero of the audience's clock
}

// performance is what a script has come to.
type performance struct {
	claims  []claim
	figures any      // as JSON
	late    float64  // ms that the telephone itself was late, at worst
	wav     []byte   // what both ends heard
	look    []string // paths of the API that are worth a look afterwards
	call    string   // the first call, in the log
}

// begin begins a part of the play, with a title if there are several.
func (p *play) begin(title string) {
	if p.began = time.Now(); title != "" {
		p.show.scene(title)
	}
}

// tell gives a stage direction.
func (p *play) tell(format string, args ...any) {
	p.show.note(time.Since(p.began), fmt.Sprintf(format, args...))
}

package bridge

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// importTeller shows how an import goes: a bar on a terminal, and the bad lines.
type importTeller struct {
	json bool
	bars *progressbar.ProgressBar
}

func (t *importTeller) begin(size int64) {
	if t.json || !term.IsTerminal(int(os.Stderr.Fd())) {
		return
	}
	t.bars = progressbar.NewOptions64(size, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("importing"),
		progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
}

func (t *importTeller) progress(read int64) {
	if t.bars != nil {
		_ = t.bars.Set64(read) // it is only for the eye
	}
}

func (t *importTeller) bad(b badLine) {
	if t.json {
		_ = printJSON(b) // nobody is left to tell
		return
	}
	if t.bars != nil {
		_ = t.bars.Clear() // likewise
	}
	for _, e := range b.Errors {
		fmt.Fprintf(os.Stderr, "line %d: %s: %s\n", b.Line, e.Field, e.Detail)
	}
}

func (t *importTeller) finish() {
	if t.bars != nil {
		_ = t.bars.Finish() // likewise
	}
}

// countingReader counts what was read.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

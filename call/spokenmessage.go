package call

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/recording"
)

// SpokenMessage implements builtin.Controls.
func (a controls) SpokenMessage() []byte {
	taker, ok := a.c.link.agent.(agent.MessageTaker)
	if !ok || a.c.recordings == nil {
		return nil
	}
	return taker.Message()
}

// Archive implements builtin.Controls.
func (a controls) Archive() builtin.Archive {
	return archive{a.c.recordings, a.c.journal.out, a.c.journal.head.ID}
}

// archive is where the messages of a call are kept.
type archive struct {
	folder *recording.Folder
	log    *calllog.Writer
	call   string
}

// SaveMessage implements builtin.Archive.
func (a archive) SaveMessage(number int, ulaw []byte) error {
	return a.folder.SaveMessage(a.call, number, ulaw)
}

// Secure implements builtin.Archive.
func (a archive) Secure(ctx context.Context) error { return a.log.Secure(ctx) }

// unfinishedMessage keeps a message that the caller ended by hanging up.
func (c *Call) unfinishedMessage(now time.Time) {
	if err := c.errands.builtins.HangUp(controls{c}, now); err != nil {
		c.log.Error().Err(err).Msg("spoken message not saved")
	}
}

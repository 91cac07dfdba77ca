package call

import (
	"encoding/json"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
)

// spokenMessage is what the caller has said for a person to listen to, if the voice takes such
// messages and there is a place for them; else nil.
func (c *Call) spokenMessage() []byte {
	taker, ok := c.link.agent.(agent.MessageTaker)
	if !ok || c.recordings == nil {
		return nil
	}
	return taker.Message()
}

// unfinishedMessage keeps a message that the caller ended by hanging up.
func (c *Call) unfinishedMessage(now time.Time) {
	ulaw := c.spokenMessage()
	if ulaw == nil {
		return
	}
	c.messages++
	if err := c.recordings.SaveMessage(c.journal.head.ID, c.messages, ulaw); err != nil {
		c.log.Error().Err(err).Msg("spoken message not saved")
		return
	}
	about, err := json.Marshal(noted{Recording: c.messages})
	if err != nil {
		panic("internal error: call: " + err.Error())
	}
	c.journal.add(calllog.Entry{Kind: calllog.KindNote, Name: ToolTakeMessage, Text: "A spoken message, ended by hanging up.", Arguments: about}, now)
}

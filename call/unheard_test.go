package call_test

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/recording"
)

// What the agent said in a pause and is heard only after it isn't recorded either.
func TestPauseAndWhatIsYetToBeHeard(t *testing.T) {
	folder := recording.NewFolder(t.TempDir())
	inBubble(t, recorded(folder), func(b *bubble) {
		c, p := b.connected()
		b.pass(time.Second)
		p.Events <- agent.ToolCall{ID: "1", Name: builtin.PauseRecording, Arguments: "{}", WantAnswer: true}
		b.pass(time.Second)
		speaks(p, "a", "Your card is "+private, sound(4*time.Second, 3))
		p.Events <- agent.ToolCall{ID: "2", Name: builtin.ResumeRecording, Arguments: "{}", WantAnswer: true}
		b.pass(5 * time.Second)
		speaks(p, "b", "Thanks.", sound(time.Second, 4))
		b.pass(1500 * time.Millisecond)
		heard := c.Heard()
		c.HangUp()
		<-c.Done()
		_, right := tape(b, folder, b.record(c).ID)
		near(b, "of the pause's sound is heard", count(heard, 3), 4*time.Second)
		near(b, "of the pause's sound is recorded", count(right, 3), 0)
		near(b, "of the sound behind it is recorded", count(right, 4), time.Second)
		near(b, "the sound behind it", firstOf(right, 4), firstOf(heard, 4))
	})
}

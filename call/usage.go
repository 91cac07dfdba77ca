package call

import (
	"slices"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
)

// usagesMost bounds the rows of a call's usage: a model of a voice each.
const usagesMost = 16

// charge adds what a voice charges for to the call's log. It is false if that has too many rows.
func (j *journal) charge(voice string, ev agent.Usage) bool {
	head := &j.head
	head.Usage = slices.Clone(head.Usage) // the writer may hold the list
	i := slices.IndexFunc(head.Usage, func(u calllog.Usage) bool { return u.Voice == voice && u.Model == ev.Model })
	if i < 0 {
		if len(head.Usage) >= usagesMost {
			return false
		}
		i = len(head.Usage)
		head.Usage = append(head.Usage, calllog.Usage{Voice: voice, Model: ev.Model})
	}
	u := &head.Usage[i]
	u.TextIn += ev.TextIn
	u.TextCached += ev.CachedText
	u.TextOut += ev.TextOut
	u.AudioIn += ev.AudioIn
	u.AudioCached += ev.CachedAudio
	u.AudioOut += ev.AudioOut
	u.Seconds += ev.Seconds
	u.USD += ev.USD
	j.save()
	return true
}

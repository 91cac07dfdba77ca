package config

import (
	"fmt"

	"github.com/patchcord/patchcord/call"
)

// limitsBlock is how many calls that come in an agent's numbers take.
type limitsBlock struct {
	Caller quotaBlock `yaml:"caller"`
	Number quotaBlock `yaml:"number"`
	Say    string     `yaml:"say"`
}

type quotaBlock struct {
	AtOnce  *int `yaml:"at_once"`
	PerHour *int `yaml:"per_hour"`
}

// maxQuota bounds a limit: more is none.
const maxQuota = 1_000_000

// limits checks an agent's.
func (k *checker) limits(l limitsBlock, at func(...string) []string) {
	for name, q := range map[string]quotaBlock{"caller": l.Caller, "number": l.Number} {
		for key, n := range map[string]*int{"at_once": q.AtOnce, "per_hour": q.PerHour} {
			if n != nil && (*n < 1 || *n > maxQuota) {
				k.wrong(fmt.Sprintf("want 1 to %d calls", maxQuota), at("limits", name, key)...)
			}
		}
	}
	if len(l.Say) > maxSayLength {
		k.wrong(fmt.Sprintf("want at most %d bytes", maxSayLength), at("limits", "say")...)
	}
}

// Admission is the limits as a call meets them.
func (l limitsBlock) Admission() call.Admission {
	quota := func(q quotaBlock) (out call.Quota) {
		if q.AtOnce != nil {
			out.AtOnce = *q.AtOnce
		}
		if q.PerHour != nil {
			out.PerHour = *q.PerHour
		}
		return out
	}
	return call.Admission{Caller: quota(l.Caller), Number: quota(l.Number), Say: l.Say}
}

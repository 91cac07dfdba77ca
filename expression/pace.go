package expression

const (
	smooth    = 5   // steps on both sides that an envelope's point is the mean of: 110 ms in all
	rise      = 2.0 // dB that a peak stands above the valleys beside it
	apart     = 10  // steps between two peaks: nobody speaks more than ten syllables a second
	belowLoud = 25  // dB below the loudest step that a peak may be
)

// peaks counts the peaks of the energy in a turn's speech, which come about once a
// syllable. Merged syllables count as one, so that the count is an estimate from below.
func peaks(a activity) int {
	envelope := make([]float64, 0, a.last-a.first)
	loudest := quietest
	for i := a.first; i < a.last; i++ {
		from, until := max(a.first, i-smooth/2), min(a.last, i+smooth/2+1)
		var sum float64
		for _, v := range a.levels[from:until] {
			sum += v
		}
		v := sum / float64(until-from)
		loudest = max(loudest, v)
		envelope = append(envelope, v)
	}
	count, at := 0, -apart
	peak, peakAt, valley := quietest, 0, quietest
	climbing := true
	for i, v := range envelope {
		if climbing {
			if v > peak {
				peak, peakAt = v, i
			}
			if v < peak-rise || i == len(envelope)-1 {
				if peak >= valley+rise && peak > loudest-belowLoud && peakAt-at >= apart {
					count, at = count+1, peakAt
				}
				climbing, valley = false, v
			}
			continue
		}
		valley = min(valley, v)
		if v > valley+rise {
			climbing, peak, peakAt = true, v, i
		}
	}
	return count
}

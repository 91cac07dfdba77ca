package amd

import "github.com/patchcord/patchcord/media"

// The frames and bounds of [Beep]. What answering machines beep with is not standardized: it is one sine, most
// often of 440 to 480 Hz or 800 to 1400 Hz, for a fifth of a second to one and a half. The signals that must not
// be taken for it are those of ITU-T E.180, Q.23 (DTMF) and T.30 (fax).
const (
	beepFrame = 160 // samples: 20 ms, which tells tones apart that are 50 Hz from each other
	beepLow   = 438 // Hz. Below are Europe's signals of 425 Hz
	beepHigh  = 2000
	beepMin   = 6         // whole frames: a beep of 140 ms and more always has so many
	beepMax   = 100       // 2 s; what lasts longer is a dial tone, or a fax
	beepPure  = 0.72      // of the energy that the sine has to be. Of two equal tones, each is half
	beepOther = 16        // a second tone is weaker than the sine by so much, 12 dB. In a key it is not, by 8 dB (Q.24)
	beepDrift = 20        // Hz by which a frame may differ from those before it
	beepStep  = 1.8       // by which the power may, from one frame to the next: 2.5 dB
	beepDrop  = 4         // by which the power falls at its end: 6 dB
	beepFloor = 200 * 200 // mean square of the faintest beep: 41 dB below the loudest sine
	beepClear = 5         // frames before and after it in which there is no other tone
	quietest  = 130 * 130 // mean square of what counts as nothing: 45 dB below the loudest sine

	cngHz, cngDrift    = 1100, 38 // a calling fax, half a second of it (T.30, 4.3.3.1.2)
	cngShort, cngLong  = 21, 29   // frames
	scanFrom, scanStep = 400, 40  // Hz
	scanClear          = 2        // steps beyond which there may be a second tone
)

// Tone is a beep that was heard.
type Tone struct {
	Hz     float64
	Length int // samples, to within 320
	Ago    int // samples from its end to the end of the frame that proved it
}

// Beep finds the end of an answering machine's beep in µ-law at 8 kHz: a sine of 438 to 2000 Hz that stands for
// 140 ms to 2 s, steady in pitch and level and with nearly three quarters of the energy, and then stops. It says so
// 100 ms later, when nothing like it has followed. No beep to it are: two tones at once (DTMF, ringing, busy, dial
// tone); tones in a row (the three of a special information tone, a melody); 425 Hz (Europe's signals), 1100 Hz for
// half a second (a fax that calls) and 2100 Hz (one that is called); speech, music and noise.
//
// The zero value is ready. It has no clock; how its input is cut doesn't matter.
type Beep struct {
	frame [beepFrame]float32
	codes [beepFrame]byte // of the frame under way
	n     int             // of those
	quiet int             // whole frames without a sound, up to now

	run    toneRun // the tone under way
	recent int     // frames for which the last tone still counts as one in a row with the next

	found toneRun // a tone that may be a beep, if what follows is none
	wait  int     // frames of what follows, still to be seen; 0 if there is no candidate
	after float32 // their power
}

// toneRun is frames in a row with the same tone.
type toneRun struct {
	frames    int
	missed    bool // the newest frame did not have it, which may be a lost packet
	hz, power float32
	last      float32 // power of the newest frame
}

// Quiet is for how many samples there has been no sound, up to now.
func (b *Beep) Quiet() int { return b.quiet * beepFrame }

// Add hears more. It is true if a beep is over; of more than one, the newest is told.
func (b *Beep) Add(ulaw []byte) (heard Tone, over bool) {
	for len(ulaw) > 0 {
		n := copy(b.codes[b.n:], ulaw)
		ulaw = ulaw[n:]
		if b.n += n; b.n < beepFrame {
			break
		}
		b.n = 0
		if b.next() {
			heard, over = Tone{Hz: float64(b.found.hz), Length: b.found.frames * beepFrame, Ago: beepClear * beepFrame}, true
		}
	}
	return heard, over
}

// next takes the frame that is full.
func (b *Beep) next() (over bool) {
	var power float32
	var samples [beepFrame]int16
	for i, v := range media.AppendDecodeULaw(samples[:0], b.codes[:]) {
		x := float32(v)
		b.frame[i] = x
		power += x * x
	}
	power /= beepFrame
	if b.quiet++; power >= quietest {
		b.quiet = 0
	}
	hz, pure := float32(0), false
	if power >= beepFloor {
		hz, pure = b.pitch(power)
	}
	if over = b.follows(power, pure); over {
		return true
	}
	switch r := &b.run; {
	case r.frames == 0:
		b.begin(hz, power, pure)
	case pure && r.same(hz, power):
		if r.missed {
			r.frames++
		}
		r.missed = false
		r.hz += (hz - r.hz) / float32(r.frames+1)
		r.power += (power - r.power) / float32(r.frames+1)
		r.last = power
		r.frames++
	case !r.missed:
		r.missed = true
	default: // it was over a frame ago
		b.ends(power, pure)
		b.begin(hz, power, pure)
	}
	return false
}

func (r *toneRun) same(hz, power float32) bool {
	d := hz - r.hz
	return d <= beepDrift && d >= -beepDrift && power <= r.last*beepStep && power*beepStep >= r.last
}

// begin takes a frame that continues no tone.
func (b *Beep) begin(hz, power float32, pure bool) {
	switch {
	case pure:
		b.run = toneRun{frames: 1, hz: hz, power: power, last: power}
	case b.recent > 0:
		b.recent--
	}
}

// ends looks at the tone that is over. Two frames of what follows have been seen, this one and the one before,
// which may have half of the tone in it.
func (b *Beep) ends(power float32, pure bool) {
	r := b.run
	b.run = toneRun{}
	fax := r.hz > cngHz-cngDrift && r.hz < cngHz+cngDrift && r.frames >= cngShort && r.frames <= cngLong
	if r.frames >= beepMin && r.frames <= beepMax && b.recent == 0 && !fax && !pure {
		b.found, b.wait, b.after = r, beepClear-2, power
		return
	}
	if r.frames > 2 { // shorter ones are in every voice
		b.recent = beepClear
	}
}

// follows looks at what comes after a candidate. It is true when that was a beep.
func (b *Beep) follows(power float32, pure bool) bool {
	if b.wait == 0 {
		return false
	}
	b.after += power
	if pure { // tones in a row
		b.wait, b.recent = 0, beepClear
		return false
	}
	b.wait--
	return b.wait == 0 && b.after/(beepClear-1)*beepDrop <= b.found.power
}

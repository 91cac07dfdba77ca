package media

// A Downlink turns what the agent says into what the caller's telephone plays: WAV messages of any rate and
// up to 8 channels in, µ-law at 8 kHz out. The zero value is ready for use.
//
// Messages are pieces of one stream. The filter's state lives on from one to the next until Flush or Reset, and so
// does a frame whose bytes are split between two messages without a header of their own.
type Downlink struct {
	resampler  *Resampler
	channels   int
	headerless bool
	partial    [2 * maxChannels]byte // the beginning of a frame
	npartial   int                   // bytes in it
}

// Append converts one message, as ParseWAV reads it, and appends to dst what is ready: all but the last
// 2.3 ms. If the rate differs from that of the message before, what was left of that comes first. After an
// error dst is as it was, and the stream goes on with the next message.
func (d *Downlink) Append(dst, wav []byte) ([]byte, error) {
	w, err := ParseWAV(wav)
	if err != nil {
		return dst, err
	}
	if d.resampler == nil || d.resampler.in != w.Rate {
		r, err := NewResampler(w.Rate, Rate)
		if err != nil {
			return dst, err
		}
		dst = d.Flush(dst)
		d.resampler = r
	}
	if d.channels != w.Channels || !w.Headerless { // a header begins a frame
		d.channels, d.npartial = w.Channels, 0
	}
	d.headerless = w.Headerless

	frame, data := 2*w.Channels, w.Data
	if d.npartial > 0 {
		n := copy(d.partial[d.npartial:frame], data)
		data = data[n:]
		if d.npartial += n; d.npartial < frame {
			return dst, nil
		}
		dst = d.appendFrames(dst, d.partial[:frame])
	}
	whole := len(data) - len(data)%frame
	dst = d.appendFrames(dst, data[:whole])
	d.npartial = copy(d.partial[:], data[whole:])
	return dst, nil
}

// Flush appends what is left of the stream, to be called when the agent has finished speaking, and makes
// ready for another.
func (d *Downlink) Flush(dst []byte) []byte {
	d.npartial = 0
	if d.resampler == nil {
		return dst
	}
	return appendRoundedULaw(dst, d.resampler.flush())
}

// Reset drops what is left of the stream, to be called when the agent was interrupted, and makes ready for
// another.
func (d *Downlink) Reset() {
	d.npartial = 0
	if d.resampler != nil {
		d.resampler.Reset()
	}
}

// Headerless reports whether the last message had no WAV header and was taken for 48 kHz, one channel. It
// works, but whoever watches the agent may want to know.
func (d *Downlink) Headerless() bool { return d.headerless }

// appendFrames converts whole frames.
func (d *Downlink) appendFrames(dst, data []byte) []byte {
	r, frame := d.resampler, 2*d.channels
	for len(data) > 0 {
		block := r.block[:min(len(r.block), len(data)/frame)]
		mixdown(block, data, d.channels)
		data = data[frame*len(block):]
		dst = appendRoundedULaw(dst, r.convert(block))
	}
	return dst
}

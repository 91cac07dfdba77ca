package media

import "encoding/binary"

// An Uplink turns what the caller says into what the agent hears: µ-law at 8 kHz in, 16-bit little-endian
// samples at the agent's rate out. The zero value does so at 8 kHz, where every code becomes its sample at
// once and no filter is in the way.
type Uplink struct {
	resampler *Resampler // nil at 8 kHz
}

// NewUplink returns an Uplink to an agent that was told the given rate in Hz, from 1000 to 384000.
func NewUplink(rate int) (*Uplink, error) {
	if rate == Rate {
		return &Uplink{}, nil
	}
	r, err := NewResampler(Rate, rate)
	if err != nil {
		return nil, err
	}
	return &Uplink{resampler: r}, nil
}

// Append converts µ-law codes and appends to dst what is ready, always whole samples. At rates other than
// 8 kHz the last 2.3 ms come with the next call.
func (u *Uplink) Append(dst, ulaw []byte) []byte {
	r := u.resampler
	if r == nil {
		return appendDecoded(dst, ulaw)
	}
	for len(ulaw) > 0 {
		block := r.block[:min(len(r.block), len(ulaw))]
		for i, code := range ulaw[:len(block)] {
			block[i] = float32(decodeTable[code])
		}
		ulaw = ulaw[len(block):]
		dst = appendRoundedBytes(dst, r.convert(block))
	}
	return dst
}

// appendDecoded appends the sample of each µ-law code, as little-endian bytes.
func appendDecoded(dst, ulaw []byte) []byte {
	dst, out := extend(dst, 2*len(ulaw))
	for i, code := range ulaw {
		binary.LittleEndian.PutUint16(out[2*i:], uint16(decodeTable[code]))
	}
	return dst
}

// Reset forgets what was heard, for a new stream.
func (u *Uplink) Reset() {
	if u.resampler != nil {
		u.resampler.Reset()
	}
}

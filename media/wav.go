package media

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Format tags and the size of a header without extras (Microsoft, "Multiple Channel Audio Data and WAVE Files").
const (
	formatPCM        = 1
	formatExtensible = 0xFFFE
	wavHeaderSize    = 44
)

// maxChannels is the most channels a WAV may have: 7.1 surround, and far more than speech needs.
const maxChannels = 8

// A headerless message is taken for what Hume EVI sends inside its WAV files: 48 kHz, one channel.
const headerlessRate = 48000

// A WAV is the sound of one WAV file or message.
type WAV struct {
	Rate       int    // Hz
	Channels   int    // 1 to 8
	Headerless bool   // the bytes had no RIFF header; Rate and Channels are assumed
	Data       []byte // interleaved 16-bit little-endian samples; part of the parsed bytes, not a copy
}

// ParseWAV finds the sound in b by walking its RIFF chunks. It allocates nothing.
//
// It is as tolerant as the writers are careless: chunks before and after the sound are skipped, and a data
// size of 0, of 0xFFFFFFFF or beyond the end of b means all that is there. Bytes that do not begin with
// "RIFF" are raw 16-bit samples at 48 kHz, one channel. Data may end in a partial frame.
//
// It is an error if the samples are not 16-bit PCM, if the rate is below 1000 or above 384000 Hz, if there
// are no channels or more than 8, or if there is no sound at all.
func ParseWAV(b []byte) (WAV, error) {
	w, _, err := parseWAV(b, encoding.check16)
	return w, err
}

// parseWAV is ParseWAV for files whose samples may be written in other ways. Of such the Data has those.
func parseWAV(b []byte, check func(encoding) error) (WAV, encoding, error) {
	e := encoding{formatPCM, 16}
	if len(b) < 4 || string(b[:4]) != "RIFF" {
		return WAV{Rate: headerlessRate, Channels: 1, Headerless: true, Data: b}, e, nil
	}
	if len(b) < 12 || string(b[8:12]) != "WAVE" {
		return WAV{}, e, errors.New("media: wav: a RIFF file, but not of type WAVE")
	}
	var w WAV
	for rest := b[12:]; len(rest) >= 8; {
		id, size, body := rest[:4], uint64(binary.LittleEndian.Uint32(rest[4:])), rest[8:]
		present := min(size, uint64(len(body)))
		switch string(id) {
		case "fmt ":
			err := w.readFormat(body[:present], &e)
			if err == nil {
				err = check(e)
			}
			if err != nil {
				return WAV{}, e, fmt.Errorf("media: wav: %w", err)
			}
		case "data":
			if w.Channels == 0 {
				return WAV{}, e, errors.New("media: wav: the data chunk comes before the fmt chunk")
			}
			if size == 0 {
				present = uint64(len(body))
			}
			w.Data = body[:present:present]
			return w, e, nil
		}
		rest = body[min(size+size%2, uint64(len(body))):] // chunks begin at even offsets
	}
	return WAV{}, e, errors.New("media: wav: no data chunk")
}

// readFormat takes rate, channels and encoding from the body of a fmt chunk.
func (w *WAV) readFormat(body []byte, e *encoding) error {
	if len(body) < 16 {
		return fmt.Errorf("fmt chunk of %d bytes is shorter than 16", len(body))
	}
	e.tag, e.bits = binary.LittleEndian.Uint16(body), binary.LittleEndian.Uint16(body[14:])
	if e.tag == formatExtensible && len(body) >= 26 {
		e.tag = binary.LittleEndian.Uint16(body[24:]) // the true tag begins the subformat GUID
	}
	channels := binary.LittleEndian.Uint16(body[2:])
	if channels == 0 || channels > maxChannels {
		return fmt.Errorf("%d channels, want 1 to %d", channels, maxChannels)
	}
	rate := binary.LittleEndian.Uint32(body[4:])
	if err := checkRate("sample rate", int(min(rate, math.MaxInt32))); err != nil {
		return err
	}
	w.Rate, w.Channels = int(rate), int(channels)
	return nil
}

// AppendWAV appends to dst a WAV file of 16-bit PCM: a header of 44 bytes, then the samples, interleaved
// if there are several channels. A size beyond what the header can say (4 GiB) is written as 0xFFFFFFFF,
// which ParseWAV reads as "to the end".
func AppendWAV(dst []byte, rate, channels int, pcm []int16) []byte {
	dst = slices.Grow(dst, wavHeaderSize+2*len(pcm))
	dst = AppendWAVHeader(dst, rate, channels, 2*uint64(len(pcm)))
	dst, out := extend(dst, 2*len(pcm))
	putSamples(out, pcm)
	return dst
}

// WAVHeaderSize is what AppendWAVHeader appends, in bytes.
const WAVHeaderSize = wavHeaderSize

// AppendWAVHeader appends to dst the header of a WAV file of 16-bit PCM with so many bytes of sound. A size
// of math.MaxUint64, as of sound that is yet to come, is written as AppendWAV writes what is too large.
func AppendWAVHeader(dst []byte, rate, channels int, size uint64) []byte {
	le := binary.LittleEndian
	dst, out := extend(dst, wavHeaderSize)
	copy(out, "RIFF")
	le.PutUint32(out[4:], uint32(min(size, math.MaxUint32-(wavHeaderSize-8))+wavHeaderSize-8))
	copy(out[8:], "WAVEfmt ")
	le.PutUint32(out[16:], 16)
	le.PutUint16(out[20:], formatPCM)
	le.PutUint16(out[22:], uint16(channels))
	le.PutUint32(out[24:], uint32(rate))
	le.PutUint32(out[28:], uint32(2*rate*channels)) // bytes a second
	le.PutUint16(out[32:], uint16(2*channels))      // bytes a frame
	le.PutUint16(out[34:], 16)
	copy(out[36:], "data")
	le.PutUint32(out[40:], uint32(min(size, math.MaxUint32)))
	return dst
}

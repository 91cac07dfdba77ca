package evitest

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// The Forms that the audio of a Speech can have. All but Plain are what a
// client must also understand.
const (
	Plain      = "plain"      // a WAV file with the usual 44-byte header
	List       = "list"       // a LIST chunk of odd length before the data
	Trailer    = "trailer"    // a LIST chunk after the data
	Zero       = "zero"       // all lengths 0, as a streaming encoder leaves them
	Huge       = "huge"       // all lengths 0xFFFFFFFF, likewise
	Extensible = "extensible" // WAVE_FORMAT_EXTENSIBLE
	Raw        = "raw"        // samples without any header
)

// Forms are all of them.
var Forms = []string{Plain, List, Trailer, Zero, Huge, Extensible, Raw}

// pcmGUID says "PCM" in an extensible header, after its first two bytes
// (KSDATAFORMAT_SUBTYPE_PCM).
var pcmGUID = []byte{0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71}

// appendFile appends a file of 16-bit mono samples.
func appendFile(dst []byte, form string, rate int, pcm []int16) ([]byte, error) {
	if form == "" {
		form = Plain
	}
	if !slices.Contains(Forms, form) {
		return nil, fmt.Errorf("evitest: say: form %q: want one of %q", form, Forms)
	}
	if form == Raw {
		return appendSamples(dst, pcm), nil
	}
	start := len(dst)
	dst = append(dst, "RIFF\x00\x00\x00\x00WAVE"...)
	dst = appendChunk(dst, "fmt ", format(form == Extensible, rate))
	if form == List {
		dst = appendChunk(dst, "LIST", []byte("INFOISFT\x03\x00\x00\x00evi"))
	}
	data := len(dst)
	dst = appendChunk(dst, "data", appendSamples(nil, pcm))
	if form == Trailer {
		dst = appendChunk(dst, "LIST", []byte("INFO"))
	}
	riff, length := uint32(len(dst)-start-8), uint32(2*len(pcm))
	switch form {
	case Zero:
		riff, length = 0, 0
	case Huge:
		riff, length = 0xFFFFFFFF, 0xFFFFFFFF
	}
	binary.LittleEndian.PutUint32(dst[start+4:], riff)
	binary.LittleEndian.PutUint32(dst[data+4:], length)
	return dst, nil
}

// format is the body of a "fmt " chunk.
func format(extensible bool, rate int) []byte {
	tag := uint16(1) // PCM
	if extensible {
		tag = 0xFFFE
	}
	b := binary.LittleEndian.AppendUint16(nil, tag)
	b = binary.LittleEndian.AppendUint16(b, 1) // channel
	b = binary.LittleEndian.AppendUint32(b, uint32(rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(2*rate)) // bytes a second
	b = binary.LittleEndian.AppendUint16(b, 2)              // bytes a frame
	b = binary.LittleEndian.AppendUint16(b, 16)             // bits a sample
	if extensible {
		b = binary.LittleEndian.AppendUint16(b, 22) // bytes that follow
		b = binary.LittleEndian.AppendUint16(b, 16) // bits that count
		b = binary.LittleEndian.AppendUint32(b, 4)  // front centre
		b = binary.LittleEndian.AppendUint16(b, 1)  // PCM
		b = append(b, pcmGUID...)
	}
	return b
}

// appendChunk appends a chunk, padded to an even length.
func appendChunk(dst []byte, id string, body []byte) []byte {
	dst = append(dst, id...)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(body)))
	dst = append(dst, body...)
	if len(body)%2 != 0 {
		dst = append(dst, 0)
	}
	return dst
}

func appendSamples(dst []byte, pcm []int16) []byte {
	for _, v := range pcm {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(v))
	}
	return dst
}

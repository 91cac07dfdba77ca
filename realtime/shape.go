package realtime

import (
	"encoding/json"
	"maps"
	"slices"
)

// Settings and answers are written in the dialect's shape. They are rare, so this is
// done on maps.

type object = map[string]any

// session lays out settings, without those that the dialect has no field for.
func (d Dialect) session(c Config) (object, error) {
	t := d.Traits()
	if err := d.checkEffort(c.Reasoning); err != nil {
		return nil, err
	}
	if !t.Reasoning {
		c.Reasoning, c.ParallelTools = nil, Opt[bool]{}
	}
	if !t.Temperature {
		c.Temperature = Opt[float64]{}
	}
	if !t.Tracing {
		c.Tracing = Opt[Tracing]{}
	}
	if tr, ok := c.Audio.Input.Transcription.Get(); ok && tr.Model == "" {
		tr.Model = t.TranscriptionModel
		c.Audio.Input.Transcription = Set(tr)
	}
	c.Tools = functions(c.Tools)
	s, err := toObject(c)
	if err != nil {
		return nil, err
	}
	maps.Copy(s, c.Extra)
	switch t.Shape {
	case ShapeBeta:
		flatten(s, c.Audio.Input.Format, c.Audio.Output.Format)
		delete(s, "truncation") // came with GA, as did the next
		delete(s, "include")
	case ShapeTopVAD:
		move(s, "voice", "audio", "output", "voice")
		move(s, "turn_detection", "audio", "input", "turn_detection")
	default:
		s["type"] = "realtime"
	}
	return s, nil
}

// response lays out an answer that was asked for.
func (d Dialect) response(r ResponseConfig) (object, error) {
	t := d.Traits()
	if err := d.checkEffort(r.Reasoning); err != nil {
		return nil, err
	}
	if !t.Reasoning {
		r.Reasoning, r.ParallelTools = nil, Opt[bool]{}
	}
	r.Tools = functions(r.Tools)
	o, err := toObject(r)
	if err != nil {
		return nil, err
	}
	if t.Shape == ShapeBeta {
		flatten(o, AudioFormat{}, r.Audio.Output.Format)
		if items, ok := o["input"].([]any); ok {
			for _, item := range items {
				betaParts(item)
			}
		}
	}
	return o, nil
}

// item lays out an item.
func (d Dialect) item(i Item) (object, error) {
	o, err := toObject(i)
	if err == nil && d.Traits().Shape == ShapeBeta {
		betaParts(o)
	}
	return o, err
}

// flatten takes what is under audio to the top, by the beta's names. The beta speaks
// only if it may also write.
func flatten(o object, in, out AudioFormat) {
	move(o, "input_audio_transcription", "audio", "input", "transcription")
	move(o, "turn_detection", "audio", "input", "turn_detection")
	move(o, "input_audio_noise_reduction", "audio", "input", "noise_reduction")
	move(o, "voice", "audio", "output", "voice")
	move(o, "speed", "audio", "output", "speed")
	delete(o, "audio")
	if in != (AudioFormat{}) {
		o["input_audio_format"] = in.betaName()
	}
	if out != (AudioFormat{}) {
		o["output_audio_format"] = out.betaName()
	}
	rename(o, "output_modalities", "modalities")
	rename(o, "max_output_tokens", "max_response_output_tokens")
	if m, ok := o["modalities"].([]any); ok && slices.Contains(m, any(string(ModalityAudio))) {
		o["modalities"] = []any{string(ModalityAudio), string(ModalityText)}
	}
}

// betaParts gives an assistant's parts their old names.
func betaParts(item any) {
	o, _ := item.(object)
	parts, _ := o["content"].([]any)
	for _, p := range parts {
		if part, ok := p.(object); ok && part["type"] == string(PartOutputText) {
			part["type"] = string(PartText)
		}
	}
}

func rename(o object, from, to string) {
	if v, ok := o[from]; ok {
		o[to] = v
		delete(o, from)
	}
}

// move takes a value out of nested objects to the top, and drops those that are empty
// then.
func move(o object, to string, path ...string) {
	chain := []object{o}
	for _, name := range path[:len(path)-1] {
		next, ok := chain[len(chain)-1][name].(object)
		if !ok {
			return
		}
		chain = append(chain, next)
	}
	last := chain[len(chain)-1]
	if v, ok := last[path[len(path)-1]]; ok {
		delete(last, path[len(path)-1])
		o[to] = v
	}
	for i := len(chain) - 1; i > 0; i-- {
		if len(chain[i]) == 0 {
			delete(chain[i-1], path[i-1])
		}
	}
}

func toObject(v any) (object, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var o object
	return o, json.Unmarshal(b, &o)
}

package realtimetest

import "maps"

// wire is the answer as it is sent.
func (r *Response) wire(status string) object {
	output := []any{}
	for _, it := range r.items {
		output = append(output, r.conn.wire(it, false))
	}
	o := object{"object": "realtime.response", "id": r.ID, "status": status, "status_details": nil, "output": output,
		"conversation_id": r.conn.conversation, "output_modalities": []any{r.modality()}, "metadata": r.Asked["metadata"],
		"max_output_tokens": "inf", "usage": nil}
	if r.details != nil {
		o["status_details"] = maps.Clone(r.details)
	}
	if r.OutOfBand {
		o["conversation_id"] = nil
	}
	if status != "in_progress" && !r.conn.server.config.Odd {
		o["usage"] = r.usage()
	}
	return o
}

// modality is audio or text.
func (r *Response) modality() any {
	for _, o := range []object{r.Asked, r.conn.settings} {
		if m, _ := o["output_modalities"].([]any); len(m) > 0 {
			return m[0]
		}
	}
	return "audio"
}

// usage counts as OpenAI does, roughly: a token for 50 ms of the assistant's audio.
func (r *Response) usage() object {
	words, sound := 0, 0
	for _, it := range r.items {
		words, sound = words+len(it.text)/4, sound+int(it.audioMS)/50
	}
	in := 100 + 10*len(r.conn.items)
	return object{"total_tokens": in + words + sound, "input_tokens": in, "output_tokens": words + sound,
		"input_token_details": object{"text_tokens": in - 20, "audio_tokens": 20, "image_tokens": 0, "cached_tokens": in / 2,
			"cached_tokens_details": object{"text_tokens": in / 2, "audio_tokens": 0, "image_tokens": 0}},
		"output_token_details": object{"text_tokens": words, "audio_tokens": sound}}
}

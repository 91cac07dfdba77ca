package realtimetest

import "encoding/base64"

// The GA shape, as OpenAI's published reference and client libraries have it.

var (
	levels = word("minimal", "low", "medium", "high", "xhigh")

	format = variant("type", map[string]rule{
		"audio/pcmu": structure(fields{"type": text}),
		"audio/pcma": structure(fields{"type": text}),
		"audio/pcm":  structure(fields{"type": text, "*rate": integer(24000, 24000)}),
	})
	anyRate = variant("type", map[string]rule{
		"audio/pcmu": structure(fields{"type": text}),
		"audio/pcma": structure(fields{"type": text}),
		"audio/pcm":  structure(fields{"type": text, "*rate": integer(8000, 48000)}),
	})
	voice = either(text, structure(fields{"*id": text}))

	serverVAD = fields{"threshold": number(0, 1), "prefix_padding_ms": integer(0, 1e5),
		"silence_duration_ms": integer(0, 1e5),
		"idle_timeout_ms":     nullable(integer(5000, 30000)), "create_response": boolean, "interrupt_response": boolean}
	vads = map[string]rule{
		"server_vad": structure(join(serverVAD, fields{"type": text})),
		"semantic_vad": structure(fields{"type": text, "eagerness": word("low", "medium", "high", "auto"),
			"create_response": boolean, "interrupt_response": boolean}),
	}

	tool = variant("type", map[string]rule{
		"function": structure(fields{"type": text, "*name": text, "description": text, "parameters": jsonSchema}),
		"mcp": structure(fields{"type": text, "*server_label": text, "server_url": text, "tunnel_id": text,
			"authorization": text, "headers": free, "allowed_tools": free, "require_approval": free,
			"server_description": text, "defer_loading": boolean}),
	})
	toolChoice = either(word("auto", "none", "required"), variant("type", map[string]rule{
		"function": structure(fields{"type": text, "*name": text}),
		"mcp":      structure(fields{"type": text, "*server_label": text, "name": text}),
	}))

	// answering are the settings that a session and an answer share.
	answering = fields{"instructions": text, "output_modalities": modality, "tools": list(tool), "tool_choice": toolChoice,
		"parallel_tool_calls": boolean, "reasoning": structure(fields{"*effort": levels}),
		"max_output_tokens": either(integer(1, 4096), word("inf"))}

	sessionFields = join(answering, fields{
		"*type": word("realtime"), "model": text,
		"audio": structure(fields{
			"input": structure(fields{"format": format, "turn_detection": nullable(variant("type", vads)),
				"noise_reduction": nullable(structure(fields{"*type": word("near_field", "far_field"), "strength": number(0, 1)})),
				"transcription": nullable(structure(fields{"model": text, "language": text, "languages": list(text), "prompt": text,
					"keywords": list(text), "delay": levels}))}),
			"output": structure(fields{"format": format, "voice": voice, "speed": number(0.25, 1.5)}),
		}),
		"truncation": either(word("auto", "disabled"), structure(fields{"*type": word("retention_ratio"),
			"*retention_ratio": number(0, 1), "token_limits": structure(fields{"post_instructions": integer(0, 1e6)})})),
		"tracing": nullable(either(word("auto"),
			structure(fields{"workflow_name": text, "group_id": text, "metadata": free}))),
		"include": nullable(list(word("item.input_audio_transcription.logprobs"))),
	})

	answer = structure(join(answering, fields{"conversation": word("auto", "none"), "input": list(items(true)),
		"audio":    structure(fields{"output": structure(fields{"format": format, "voice": voice})}),
		"metadata": nullable(metadata)}))
)

func modality(at string, v any) *problem {
	if m, _ := v.([]any); len(m) != 1 || m[0] != "audio" && m[0] != "text" {
		return invalid(at, `is %v, not ["audio"] or ["text"]`, v)
	}
	return nil
}

// jsonSchema is an object, not text as other wires want it.
func jsonSchema(at string, v any) *problem {
	o, ok := v.(object)
	if !ok || len(o) > 0 && o["type"] != "object" {
		return invalid(at, "is not a JSON schema of an object")
	}
	return nil
}

func metadata(at string, v any) *problem {
	pairs, ok := v.(object)
	if !ok || len(pairs) > 16 {
		return invalid(at, "is not an object of up to 16 pairs")
	}
	for k, v := range pairs {
		if s, ok := v.(string); !ok || len(k) > 64 || len(s) > 512 {
			return invalid(path(at, k), "is not a string of up to 512 characters by a name of up to 64")
		}
	}
	return nil
}

func base64Audio(at string, v any) *problem {
	s, _ := v.(string)
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	switch {
	case err != nil || len(b) == 0:
		return invalid(at, "is not base64 of any audio")
	case len(b) > 15<<20:
		return invalid(at, "is longer than 15 MiB")
	}
	return nil
}

// items are what may be created or, with references, be the input of an answer. An
// assistant's audio can't be made.
func items(references bool) rule {
	common := fields{"id": text, "object": text, "status": word("completed", "incomplete", "in_progress"), "type": text}
	content := func(kinds map[string]rule) rule {
		return structure(join(common, fields{"role": text, "*content": list(variant("type", kinds))}))
	}
	written := structure(fields{"type": text, "*text": text})
	rules := map[string]rule{
		"message": variant("role", map[string]rule{
			"system": content(map[string]rule{"input_text": written}),
			"user": content(map[string]rule{"input_text": written,
				"input_audio": structure(fields{"type": text, "*audio": base64Audio, "transcript": text}),
				"input_image": structure(fields{"type": text, "*image_url": text, "detail": word("auto", "low", "high")})}),
			"assistant": content(map[string]rule{"output_text": written}),
		}),
		"function_call":        structure(join(common, fields{"*call_id": text, "*name": text, "*arguments": text})),
		"function_call_output": structure(join(common, fields{"*call_id": text, "*output": text})),
		"mcp_approval_response": structure(join(common, fields{"*approval_request_id": text, "*approve": boolean,
			"reason": nullable(text)})),
	}
	if references {
		rules["item_reference"] = structure(fields{"type": text, "*id": text})
	}
	return variant("type", rules)
}

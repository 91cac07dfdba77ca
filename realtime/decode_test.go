package realtime

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var place = Place{ResponseID: "resp_1", ItemID: "item_a1", OutputIndex: 1, ContentIndex: 2}

const at = `"event_id":"event_9","response_id":"resp_1","item_id":"item_a1","output_index":1,"content_index":2`

func TestDecode(t *testing.T) {
	for _, test := range []struct {
		name, raw string
		want      Event
	}{
		{"error", `{"type":"error","event_id":"event_a1","error":{"type":"invalid_request_error",
			"code":"conversation_already_has_active_response","message":"one runs","param":null,"event_id":"pc-42"}}`,
			&Error{EventID: "event_a1", Type: "invalid_request_error", Code: ErrResponseActive, Message: "one runs",
				Cause: "pc-42"}},
		{"error without anything", `{"type":"error"}`, &Error{}},
		{"session created", `{"type":"session.created","event_id":"event_1","session":{"type":"realtime",
			"object":"realtime.session","id":"sess_1","model":"gpt-realtime-2.1","expires_at":1795340000,
			"output_modalities":["audio"],
			"audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"transcription":null},
			"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin","speed":1}},"tools":[],"tool_choice":"auto",
			"max_output_tokens":"inf","truncation":"auto","tracing":"auto"}}`,
			SessionCreated{EventID: "event_1", Session: SessionInfo{ID: "sess_1", ExpiresAt: 1795340000,
				Config: Config{Model: "gpt-realtime-2.1", OutputModalities: []Modality{ModalityAudio},
					Audio: Audio{Input: AudioInput{Format: PCM(24000), Transcription: Null[Transcription]()},
						Output: AudioOutput{Format: PCM(24000), Voice: "marin", Speed: 1}},
					Tools: []Tool{}, ToolChoice: ToolChoice{Mode: ToolAuto}, MaxOutputTokens: Unbounded,
					Truncation: Truncation{Mode: TruncateAuto}, Tracing: Set(Tracing{})}}}},
		{"session updated", `{"type":"session.updated","session":{"id":"sess_1","audio":{"input":{"format":{
			"type":"audio/pcmu"},"turn_detection":{"type":"server_vad","threshold":0.5,"idle_timeout_ms":null,
			"create_response":true}},"output":{"voice":{"id":"voice_7"}}},
			"tool_choice":{"type":"function","name":"lookup"},"truncation":{"type":"retention_ratio","retention_ratio":0.8,
			"token_limits":{"post_instructions":8000}},"max_output_tokens":4096,"reasoning":{"effort":"low"}}}`,
			SessionUpdated{Session: SessionInfo{ID: "sess_1", Config: Config{Audio: Audio{Input: AudioInput{Format: PCMU(),
				TurnDetection: Set(TurnDetection{Type: ServerVAD, Threshold: Set(0.5), IdleTimeoutMS: Null[int](),
					CreateResponse: Set(true)})}, Output: AudioOutput{Voice: "voice_7"}},
				ToolChoice: ToolChoice{Function: "lookup"}, Truncation: Truncation{Mode: RetentionRatio, Ratio: 0.8,
					PostInstructions: 8000}, MaxOutputTokens: 4096, Reasoning: &Reasoning{Effort: "low"}}}}},
		{"session of the beta", `{"type":"session.updated","session":{"id":"sess_1","modalities":["audio","text"],
			"voice":"alloy","input_audio_format":"g711_ulaw","output_audio_format":"pcm16","turn_detection":{
			"type":"server_vad"},"input_audio_transcription":null,"max_response_output_tokens":"inf","temperature":0.8,
			"speed":1.25,"input_audio_noise_reduction":{"type":"far_field"}}}`,
			SessionUpdated{Session: SessionInfo{ID: "sess_1",
				Config: Config{OutputModalities: []Modality{ModalityAudio, ModalityText},
					Audio: Audio{Input: AudioInput{Format: PCMU(), Transcription: Null[Transcription](),
						TurnDetection: Set(TurnDetection{Type: ServerVAD}), NoiseReduction: Set(NoiseReduction{Type: FarField})},
						Output: AudioOutput{Format: PCM(24000), Voice: "alloy", Speed: 1.25}},
					MaxOutputTokens: Unbounded, Temperature: Set(0.8)}}}},
		{"session with odd fields", `{"type":"session.updated","session":{"id":"sess_1","audio":{"input":{"format":7,
			"turn_detection":"on"}},"tools":"none","max_output_tokens":[],"tool_choice":3,"expires_at":"soon"}}`,
			SessionUpdated{Session: SessionInfo{ID: "sess_1"}}},
		{"rate limits", `{"type":"rate_limits.updated","event_id":"e","rate_limits":[{"name":"tokens","limit":400000,
			"remaining":396200,"reset_seconds":0.6}]}`,
			RateLimitsUpdated{EventID: "e", RateLimits: []RateLimit{{Name: "tokens", Limit: 400000, Remaining: 396200,
				ResetSeconds: 0.6}}}},
		{"conversation", `{"type":"conversation.created","conversation":{"id":"conv_1","object":"realtime.conversation"}}`,
			ConversationCreated{Conversation: Conversation{ID: "conv_1"}}},
		{"speech started", `{"type":"input_audio_buffer.speech_started","event_id":"e","audio_start_ms":4120,
			"item_id":"item_u1"}`, SpeechStarted{EventID: "e", AudioStart: 4120, ItemID: "item_u1"}},
		{"speech started at a fraction", `{"type":"input_audio_buffer.speech_started","audio_start_ms":4120.5}`,
			SpeechStarted{AudioStart: 4120.5}},
		{"speech started at an odd time", `{"type":"input_audio_buffer.speech_started","audio_start_ms":"now",
			"item_id":"item_u1"}`, SpeechStarted{ItemID: "item_u1"}},
		{"speech stopped", `{"type":"input_audio_buffer.speech_stopped","audio_end_ms":5980,"item_id":"item_u1"}`,
			SpeechStopped{AudioEnd: 5980, ItemID: "item_u1"}},
		{"committed", `{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_u1"}`,
			AudioCommitted{ItemID: "item_u1"}},
		{"cleared", `{"type":"input_audio_buffer.cleared"}`, AudioCleared{}},
		{"timeout", `{"type":"input_audio_buffer.timeout_triggered","audio_start_ms":61200,"audio_end_ms":73220,
			"item_id":"item_u9"}`, TimeoutTriggered{AudioStart: 61200, AudioEnd: 73220, ItemID: "item_u9"}},
		{"key", `{"type":"input_audio_buffer.dtmf_event_received","event":"9","received_at":1795340000}`,
			DTMFReceived{Key: "9", ReceivedAt: 1795340000}},
		{"key of xAI", `{"type":"input_audio_buffer.dtmf_event_received","digit":"9"}`, DTMFReceived{Digit: "9"}},
		{"words", `{"type":"conversation.item.input_audio_transcription.delta","item_id":"item_u1","content_index":0,
			"delta":"Where is"}`, TranscriptionDelta{ItemID: "item_u1", Delta: "Where is"}},
		{"words so far", `{"type":"conversation.item.input_audio_transcription.updated","item_id":"item_u1",
			"transcript":"Where is my"}`, TranscriptionUpdated{ItemID: "item_u1", Transcript: "Where is my"}},
		{"all words", `{"type":"conversation.item.input_audio_transcription.completed","item_id":"item_u1",
			"content_index":0,"transcript":"Where is it?","usage":{"type":"tokens","total_tokens":29,"input_tokens":19,
			"output_tokens":10,"input_token_details":{"text_tokens":0,"audio_tokens":19}}}`,
			TranscriptionCompleted{ItemID: "item_u1", Transcript: "Where is it?", Usage: &TranscriptionUsage{Type: "tokens",
				Usage: Usage{TotalTokens: 29, InputTokens: 19, OutputTokens: 10,
					InputDetails: InputDetails{TokenDetails: TokenDetails{Audio: 19}}}}}},
		{"words by time", `{"type":"conversation.item.input_audio_transcription.completed","usage":{"type":"duration",
			"seconds":3.5}}`, TranscriptionCompleted{Usage: &TranscriptionUsage{Type: "duration", Seconds: 3.5}}},
		{"words failed", `{"type":"conversation.item.input_audio_transcription.failed","item_id":"item_u2","error":{
			"type":"transcription_error","code":"audio_unintelligible","message":"m","param":null}}`,
			TranscriptionFailed{ItemID: "item_u2", Error: Error{Type: "transcription_error", Code: "audio_unintelligible",
				Message: "m"}}},
		{"segment", `{"type":"conversation.item.input_audio_transcription.segment","id":"s","item_id":"i","text":"x",
			"speaker":"A","start":0.5,"end":1}`,
			TranscriptionSegment{ID: "s", ItemID: "i", Text: "x", Speaker: "A", Start: 0.5, End: 1}},
		{"item added", `{"type":"conversation.item.added","previous_item_id":"item_u1","item":{"id":"item_a1",
			"object":"realtime.item","type":"message","role":"assistant","status":"in_progress","content":[]}}`,
			ItemAdded{PreviousItemID: "item_u1", Item: Item{ID: "item_a1", Type: TypeMessage, Role: RoleAssistant,
				Status: StatusInProgress, Content: []Part{}}}},
		{"item done", `{"type":"conversation.item.done","item":{"id":"item_a1","type":"message","role":"assistant",
			"content":[{"type":"output_audio","transcript":"Sure."}]}}`,
			ItemDone{Item: Item{ID: "item_a1", Type: TypeMessage, Role: RoleAssistant,
				Content: []Part{{Type: PartOutputAudio, Transcript: "Sure."}}}}},
		{"item of the beta", `{"type":"conversation.item.created","item":{"id":"item_a1","type":"function_call_output",
			"call_id":"call_9","output":"{}"}}`,
			ItemCreated{Item: Item{ID: "item_a1", Type: TypeFunctionCallOutput, CallID: "call_9", Output: "{}"}}},
		{"item retrieved", `{"type":"conversation.item.retrieved","item":{"id":"item_u1","type":"message","role":"user",
			"content":[{"type":"input_audio","audio":"AAEC","transcript":null}]}}`,
			ItemRetrieved{Item: Item{ID: "item_u1", Type: TypeMessage, Role: RoleUser,
				Content: []Part{{Type: PartInputAudio, Audio: []byte{0, 1, 2}}}}}},
		{"item truncated", `{"type":"conversation.item.truncated","item_id":"item_a1","content_index":0,
			"audio_end_ms":1480}`, ItemTruncated{ItemID: "item_a1", AudioEnd: 1480}},
		{"item deleted", `{"type":"conversation.item.deleted","item_id":"item_u9"}`, ItemDeleted{ItemID: "item_u9"}},
		{"response created", `{"type":"response.created","response":{"object":"realtime.response","id":"resp_1",
			"status":"in_progress","status_details":null,"output":[],"conversation_id":"conv_1","output_modalities":["audio"],
			"metadata":null,"usage":null}}`,
			ResponseCreated{Response: Response{ID: "resp_1", Status: StatusInProgress, Output: []Item{},
				ConversationID: "conv_1", OutputModalities: []Modality{ModalityAudio}}}},
		{"response done", `{"type":"response.done","response":{"id":"resp_3","status":"cancelled","status_details":{
			"type":"cancelled","reason":"turn_detected"},"metadata":{"pc":"say"},"usage":{"total_tokens":310,
			"input_tokens":250,"output_tokens":60,
			"input_token_details":{"text_tokens":190,"audio_tokens":60,"image_tokens":0,"cached_tokens":128,
			"cached_tokens_details":{"text_tokens":128}},"output_token_details":{"text_tokens":24,"audio_tokens":36}}}}`,
			ResponseDone{Response: Response{ID: "resp_3", Status: StatusCancelled,
				StatusDetails: &StatusDetails{Type: StatusCancelled,
					Reason: ReasonTurnDetected}, Metadata: map[string]string{"pc": "say"},
				Usage: &Usage{TotalTokens: 310, InputTokens: 250, OutputTokens: 60,
					InputDetails: InputDetails{TokenDetails: TokenDetails{Text: 190, Audio: 60}, Cached: 128,
						CachedDetails: TokenDetails{Text: 128}}, OutputDetails: TokenDetails{Text: 24, Audio: 36}}}}},
		{"response done with empty usage", `{"type":"response.done","response":{"id":"resp_3","usage":{}}}`,
			ResponseDone{Response: Response{ID: "resp_3", Usage: &Usage{}}}},
		{"output item", `{"type":"response.output_item.done","response_id":"resp_1","output_index":1,"item":{"id":"item_f1",
			"type":"function_call","status":"completed","call_id":"call_9","name":"order_status",
			"arguments":"{\"order_id\":\"A-17\"}"}}`,
			OutputItemDone{ResponseID: "resp_1", OutputIndex: 1,
				Item: Item{ID: "item_f1", Type: TypeFunctionCall, Status: StatusCompleted, CallID: "call_9", Name: "order_status",
					Arguments: `{"order_id":"A-17"}`}}},
		{"part", `{"type":"response.content_part.added",` + at + `,"part":{"type":"audio","transcript":""}}`,
			ContentPartAdded{EventID: "event_9", Place: place, Part: Part{Type: PartAudio}}},
		{"audio", `{"type":"response.output_audio.delta",` + at + `,"delta":"AP9/"}`,
			&AudioDelta{Place: place, Audio: []byte{0, 0xff, 0x7f}}},
		{"audio of the beta", `{"type":"response.audio.delta",` + at + `,"delta":"AP9/"}`,
			&AudioDelta{Place: place, Audio: []byte{0, 0xff, 0x7f}}},
		{"audio in Python's way", `{"type": "response.output_audio.delta", "delta": "AP9/", "item_id": "item_a1"}`,
			&AudioDelta{Place: Place{ItemID: "item_a1"}, Audio: []byte{0, 0xff, 0x7f}}},
		{"audio with escapes", `{"type":"response.output_audio.delta","item_id":"item\u005fa1","delta":"\/\/8="}`,
			&AudioDelta{Place: Place{ItemID: "item_a1"}, Audio: []byte{0xff, 0xff}}},
		{"audio with more than we know", `{"delta":"AP9/","type":"response.output_audio.delta","words":[1]}`,
			&AudioDelta{Audio: []byte{0, 0xff, 0x7f}}},
		{"empty audio", `{"type":"response.output_audio.delta","delta":""}`, &AudioDelta{Audio: []byte{}}},
		{"audio done", `{"type":"response.output_audio.done",` + at + `}`, AudioDone{EventID: "event_9", Place: place}},
		{"audio done of the beta", `{"type":"response.audio.done",` + at + `}`, AudioDone{EventID: "event_9", Place: place}},
		{"transcript", `{"type":"response.output_audio_transcript.delta",` + at + `,"delta":"Sure, "}`,
			AudioTranscriptDelta{EventID: "event_9", Place: place, Delta: "Sure, "}},
		{"transcript of the beta", `{"type":"response.audio_transcript.done",` + at + `,"transcript":"Sure."}`,
			AudioTranscriptDone{EventID: "event_9", Place: place, Transcript: "Sure."}},
		{"text", `{"type":"response.output_text.delta",` + at + `,"delta":"Yes"}`,
			TextDelta{EventID: "event_9", Place: place, Delta: "Yes"}},
		{"text of the beta", `{"type":"response.text.done",` + at + `,"text":"Yes."}`,
			TextDone{EventID: "event_9", Place: place, Text: "Yes."}},
		{"arguments", `{"type":"response.function_call_arguments.delta",` + at + `,"call_id":"call_9","delta":"{\"or"}`,
			ArgumentsDelta{EventID: "event_9", Place: place, CallID: "call_9", Delta: `{"or`}},
		{"all arguments", `{"type":"response.function_call_arguments.done",` + at + `,"call_id":"call_9","name":"n",
			"arguments":"{}"}`, ArgumentsDone{EventID: "event_9", Place: place, CallID: "call_9", Name: "n", Arguments: "{}"}},
		{"played", `{"type":"output_audio_buffer.started","response_id":"resp_1"}`, OutputAudioStarted{ResponseID: "resp_1"}},
		{"MCP list", `{"type":"mcp_list_tools.in_progress","item_id":"item_m1"}`,
			MCPListTools{State: MCPInProgress, ItemID: "item_m1"}},
		{"MCP call", `{"type":"response.mcp_call.failed","event_id":"e","item_id":"item_m1","output_index":2}`,
			MCPCall{State: MCPFailed, EventID: "e", ItemID: "item_m1", OutputIndex: 2}},
		{"MCP arguments", `{"type":"response.mcp_call_arguments.done",` + at + `,"arguments":"{}"}`,
			MCPArgumentsDone{EventID: "event_9", Place: place, Arguments: "{}"}},
		{"a type of tomorrow", `{"type":"response.mood","mood":"good"}`,
			Unknown{Type: "response.mood", Raw: []byte(`{"type":"response.mood","mood":"good"}`)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, DecodeEvent([]byte(test.raw))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeMalformed(t *testing.T) {
	for _, raw := range []string{
		"", "hello", "[]", "null", "7", `"error"`, "{}", `{"type":null}`, `{"type":5}`, `{"type":""}`, `{"type":"error"`,
		`{"type":"error"} x`,
		`{"type":"response.output_audio.delta"}`,
		`{"type":"response.output_audio.delta","delta":null}`,
		`{"type":"response.output_audio.delta","delta":5}`,
		`{"type":"response.output_audio.delta","delta":"not base64!"}`,
		`{"type":"response.audio.delta","delta":"AP9/` + "\n" + `"}`,
	} {
		if e, ok := DecodeEvent([]byte(raw)).(Malformed); !ok || e.Err == nil {
			t.Errorf("%q: got %#v, want Malformed with a reason", raw, e)
		}
	}
}

// What is handed out must not change when the message's buffer is used again.
func TestDecodeKeepsNothingOfTheMessage(t *testing.T) {
	for _, raw := range []string{
		`{"type":"response.output_audio.delta","response_id":"resp_1","item_id":"item_1","delta":"AP9/"}`,
		`{"type":"response.output_item.done","item":{"type":"mcp_call","tools":[{"a":1}],"error":{"b":2}}}`,
		`{"type":"session.updated","session":{"tools":[{"type":"function","name":"x","parameters":{"type":"object"}}]}}`,
		`{"type":"response.mood"}`,
	} {
		b := []byte(raw)
		got := DecodeEvent(b)
		clear(b)
		if diff := cmp.Diff(DecodeEvent([]byte(raw)), got); diff != "" {
			t.Errorf("%s: %s", raw, diff)
		}
	}
}

func TestMillis(t *testing.T) {
	for m, want := range map[Millis]time.Duration{0: 0, 1480: 1480 * time.Millisecond, 0.5: 500 * time.Microsecond,
		-3: 0, 1e300: 0} {
		if got := m.Duration(); got != want {
			t.Errorf("%v: got %v, want %v", m, got, want)
		}
	}
}

func TestUnixTime(t *testing.T) {
	if got := UnixTime(1795340000.7).Time(); got.Unix() != 1795340000 {
		t.Errorf("got %v", got)
	}
	for _, u := range []UnixTime{0, -1, 1e300} {
		if got := u.Time(); !got.IsZero() {
			t.Errorf("%v: got %v, want none", u, got)
		}
	}
}

// A failed answer says why, and what to do.
func TestResponseErr(t *testing.T) {
	for _, test := range []struct {
		raw  string
		want Class
		code Code
	}{
		{`{"status":"failed","status_details":{"type":"failed","error":{"type":"insufficient_quota",
			"code":"insufficient_quota"}}}`, Fatal, ErrQuota},
		{`{"status":"failed","status_details":{"error":{"code":"rate_limit_exceeded"}}}`, RateLimited, ErrRateLimit},
		{`{"status":"failed","status_details":{"error":{"type":"server_error","code":null}}}`, Retry, ""},
		{`{"status":"failed","status_details":null}`, Other, ""},
	} {
		r := fields[Response]([]byte(test.raw))
		if err := r.Err(); err == nil || err.Class() != test.want || err.Code != test.code || !errors.Is(err, test.code) {
			t.Errorf("%s: got %#v, want class %v", test.raw, err, test.want)
		}
	}
	if r := (Response{Status: StatusCancelled}); r.Err() != nil {
		t.Errorf("a cancelled answer: got %v", r.Err())
	}
}

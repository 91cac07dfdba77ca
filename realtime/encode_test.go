package realtime

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// phone has most of what a session can be asked for.
var phone = Config{
	OutputModalities: []Modality{ModalityAudio},
	Instructions:     Set("Be brief."),
	Audio: Audio{
		Input: AudioInput{Format: PCMU(), NoiseReduction: Set(NoiseReduction{Type: NearField}),
			Transcription: Set(Transcription{Language: "en", Keywords: []string{"Riverbend"}}),
			TurnDetection: Set(TurnDetection{Type: ServerVAD, Threshold: Set(0.5), PrefixPaddingMS: Set(300),
				SilenceDurationMS: Set(500), IdleTimeoutMS: Null[int](), CreateResponse: Set(true),
				InterruptResponse: Set(false)})},
		Output: AudioOutput{Format: PCMU(), Voice: "marin", Speed: 1.25},
	},
	Tools: []Tool{{Name: "order_status", Description: "Look up an order",
		Parameters: json.RawMessage(`{"type":"object"}`)}},
	ToolChoice:      ToolChoice{Mode: ToolAuto},
	Reasoning:       &Reasoning{Effort: "low"},
	MaxOutputTokens: Unbounded,
	Truncation:      Truncation{Mode: RetentionRatio, Ratio: 0.8},
	Tracing:         Null[Tracing](),
	Temperature:     Set(0.7),
	Extra:           map[string]any{"own": 1},
}

const tools = `[{"type":"function","name":"order_status","description":"Look up an order","parameters":{
	"type":"object"}}]`

// Each event, as it is on OpenAI's wire.
func TestEncodeClient(t *testing.T) {
	for _, test := range []struct {
		name  string
		event ClientEvent
		want  string
	}{
		{"settings", SessionUpdate{phone}, `{"type":"session.update","event_id":"e","session":{"type":"realtime",
			"output_modalities":["audio"],"instructions":"Be brief.",
			"audio":{"input":{"format":{"type":"audio/pcmu"},"noise_reduction":{"type":"near_field"},
			"transcription":{"model":"gpt-transcribe","language":"en","keywords":["Riverbend"]},
			"turn_detection":{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":500,
			"idle_timeout_ms":null,"create_response":true,"interrupt_response":false}},
			"output":{"format":{"type":"audio/pcmu"},"voice":"marin","speed":1.25}},
			"tools":` + tools + `,"tool_choice":"auto","reasoning":{"effort":"low"},"max_output_tokens":"inf",
			"truncation":{"type":"retention_ratio","retention_ratio":0.8},"tracing":null,"own":1}}`},
		{"nothing changed", SessionUpdate{}, `{"type":"session.update","event_id":"e","session":{"type":"realtime"}}`},
		{"things taken away", SessionUpdate{Config{Instructions: Set(""), Tools: []Tool{},
			Audio: Audio{Input: AudioInput{NoiseReduction: Null[NoiseReduction](), Transcription: Null[Transcription](),
				TurnDetection: Null[TurnDetection]()}}}},
			`{"type":"session.update","event_id":"e","session":{"type":"realtime","instructions":"","tools":[],"audio":{
				"input":{"noise_reduction":null,"transcription":null,"turn_detection":null}}}}`},
		{"choices", SessionUpdate{Config{ToolChoice: ToolChoice{Function: "f"},
			Truncation: Truncation{Mode: TruncateDisabled}, Tracing: Set(Tracing{GroupID: "g"}), MaxOutputTokens: 100,
			Audio: Audio{Output: AudioOutput{Voice: "voice_1"}}}},
			`{"type":"session.update","event_id":"e","session":{"type":"realtime","tool_choice":{"type":"function","name":"f"},
				"truncation":"disabled","tracing":{"group_id":"g"},"max_output_tokens":100,"audio":{"output":{"voice":{
				"id":"voice_1"}}}}}`},
		{"MCP", SessionUpdate{Config{Tools: []Tool{{Type: ToolMCP, ServerLabel: "l", ServerURL: "u",
			RequireApproval: "never"}}, ToolChoice: ToolChoice{MCPServer: "l", MCPTool: "t"}}},
			`{"type":"session.update","event_id":"e","session":{"type":"realtime","tools":[{"type":"mcp","server_label":"l",
				"server_url":"u","require_approval":"never"}],"tool_choice":{"type":"mcp","server_label":"l","name":"t"}}}`},
		{"commit", AudioCommit{}, `{"type":"input_audio_buffer.commit","event_id":"e"}`},
		{"clear", AudioClear{}, `{"type":"input_audio_buffer.clear","event_id":"e"}`},
		{"clear what is played", OutputAudioClear{}, `{"type":"output_audio_buffer.clear","event_id":"e"}`},
		{"system item", ItemCreate{Item: SystemText("The caller pressed 2.")},
			`{"type":"conversation.item.create","event_id":"e","item":{"type":"message","role":"system",
			"content":[{"type":"input_text","text":"The caller pressed 2."}]}}`},
		{"first item", ItemCreate{Previous: RootItem, Item: AssistantText("Hello.")},
			`{"type":"conversation.item.create","event_id":"e","previous_item_id":"root","item":{"type":"message",
			"role":"assistant","content":[{"type":"output_text","text":"Hello."}]}}`},
		{"user's audio", ItemCreate{Item: Item{ID: "i", Type: TypeMessage, Role: RoleUser,
			Content: []Part{{Type: PartInputAudio, Audio: []byte{0, 0xff}}}}},
			`{"type":"conversation.item.create","event_id":"e","item":{"id":"i","type":"message","role":"user",
				"content":[{"type":"input_audio","audio":"AP8="}]}}`},
		{"call", ItemCreate{Item: FunctionCall("call_9", "f", `{"a":1}`)},
			`{"type":"conversation.item.create","event_id":"e","item":{"type":"function_call","call_id":"call_9","name":"f",
			"arguments":"{\"a\":1}"}}`},
		{"output", ItemCreate{Item: FunctionOutput("call_9", "")},
			`{"type":"conversation.item.create","event_id":"e","item":{"type":"function_call_output","call_id":"call_9",
			"output":""}}`},
		{"approval", ItemCreate{Item: Item{Type: TypeMCPApproval, ApprovalRequestID: "m", Approve: Set(false),
			Reason: "no"}}, `{"type":"conversation.item.create","event_id":"e","item":{"type":"mcp_approval_response",
			"approval_request_id":"m","approve":false,"reason":"no"}}`},
		{"word for word", ItemCreate{Item: ForceMessage("Hello.", false)},
			`{"type":"conversation.item.create","event_id":"e","item":{"type":"force_message","role":"assistant",
			"interruptible":false,"content":[{"type":"output_text","text":"Hello."}]}}`},
		{"truncate", ItemTruncate{ItemID: "i", AudioEndMS: 1480},
			`{"type":"conversation.item.truncate","event_id":"e","item_id":"i","content_index":0,"audio_end_ms":1480}`},
		{"truncate at nothing", ItemTruncate{ItemID: "i"},
			`{"type":"conversation.item.truncate","event_id":"e","item_id":"i","content_index":0,"audio_end_ms":0}`},
		{"delete", ItemDelete{"i"}, `{"type":"conversation.item.delete","event_id":"e","item_id":"i"}`},
		{"retrieve", ItemRetrieve{"i"}, `{"type":"conversation.item.retrieve","event_id":"e","item_id":"i"}`},
		{"response", ResponseCreate{}, `{"type":"response.create","event_id":"e"}`},
		{"response out of band", ResponseCreate{&ResponseConfig{Conversation: ConversationNone, Input: []Item{},
			OutputModalities: []Modality{ModalityAudio}, ToolChoice: ToolChoice{Mode: ToolNone}, Instructions: "Say it.",
			Metadata: map[string]string{"pc": "say"}, MaxOutputTokens: 400, Audio: ResponseAudio{ResponseOutput{Format: PCMU(),
				Voice: "cedar"}}}},
			`{"type":"response.create","event_id":"e","response":{"conversation":"none","input":[],
				"output_modalities":["audio"],"tool_choice":"none","instructions":"Say it.","metadata":{"pc":"say"},
				"max_output_tokens":400,"audio":{"output":{"format":{"type":"audio/pcmu"},"voice":"cedar"}}}}`},
		{"response to something", ResponseCreate{&ResponseConfig{Input: []Item{ItemReference("i"), UserText("x")}}},
			`{"type":"response.create","event_id":"e","response":{"input":[{"type":"item_reference",
				"id":"i"},{"type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}]}}`},
		{"cancel", ResponseCancel{}, `{"type":"response.cancel","event_id":"e"}`},
		{"cancel one", ResponseCancel{"resp_3"}, `{"type":"response.cancel","event_id":"e","response_id":"resp_3"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := EncodeClient(OpenAI, "e", test.event)
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, test.want)
		})
	}
}

func same(t *testing.T, got []byte, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal(got, &g); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w, g); diff != "" {
		t.Error(diff)
	}
}

// The same settings, in each other shape.
func TestEncodeShapes(t *testing.T) {
	turns := `{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":500,
		"idle_timeout_ms":null,"create_response":true,"interrupt_response":false}`
	for d, want := range map[Dialect]string{
		XAI: `{"output_modalities":["audio"],"instructions":"Be brief.","voice":"marin","turn_detection":` + turns + `,
			"audio":{"input":{"format":{"type":"audio/pcmu"},"noise_reduction":{"type":"near_field"},
			"transcription":{"model":"grok-transcribe","language":"en","keywords":["Riverbend"]}},
			"output":{"format":{"type":"audio/pcmu"},"speed":1.25}},
			"tools":` + tools + `,"tool_choice":"auto","reasoning":{"effort":"high"},"max_output_tokens":"inf",
			"truncation":{"type":"retention_ratio","retention_ratio":0.8},"own":1}`,
		Speaches: `{"modalities":["audio","text"],"instructions":"Be brief.","voice":"marin","turn_detection":` + turns + `,
			"input_audio_format":"g711_ulaw","output_audio_format":"g711_ulaw",
			"input_audio_transcription":{"language":"en","keywords":["Riverbend"]},
			"tools":` + tools + `,"tool_choice":"auto","max_response_output_tokens":"inf","input_audio_noise_reduction":{"type":"near_field"},"speed":1.25,
			"temperature":0.7,"own":1}`,
		LocalAI: `{"type":"realtime","output_modalities":["audio"],"instructions":"Be brief.",
			"audio":{"input":{"format":{"type":"audio/pcmu"},"noise_reduction":{"type":"near_field"},
			"transcription":{"language":"en","keywords":["Riverbend"]},"turn_detection":` + turns + `},
			"output":{"format":{"type":"audio/pcmu"},"voice":"marin","speed":1.25}},
			"tools":` + tools + `,"tool_choice":"auto","max_output_tokens":"inf",
			"truncation":{"type":"retention_ratio","retention_ratio":0.8},"own":1}`,
	} {
		t.Run(string(d), func(t *testing.T) {
			c := phone
			if d == XAI {
				c.Reasoning = &Reasoning{Effort: "high"}
			}
			got, err := EncodeClient(d, "", SessionUpdate{c})
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, `{"type":"session.update","session":`+want+`}`)
		})
	}
	got, err := EncodeClient(Speaches, "", ResponseCreate{&ResponseConfig{Input: []Item{AssistantText("x")},
		OutputModalities: []Modality{ModalityText}, Reasoning: &Reasoning{Effort: "low"},
		Audio: ResponseAudio{ResponseOutput{PCM(24000), "v"}}}})
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, `{"type":"response.create","response":{"input":[{"type":"message","role":"assistant",
		"content":[{"type":"text","text":"x"}]}],"modalities":["text"],"voice":"v","output_audio_format":"pcm16"}}`)
}

// What every server would refuse is refused here.
func TestEncodeRefused(t *testing.T) {
	turns := func(v TurnDetection) ClientEvent {
		return SessionUpdate{Config{Audio: Audio{Input: AudioInput{TurnDetection: Set(v)}}}}
	}
	response := func(r ResponseConfig) ClientEvent { return ResponseCreate{&r} }
	for want, e := range map[string]ClientEvent{
		"OutputModalities": SessionUpdate{Config{OutputModalities: []Modality{ModalityAudio,
			ModalityText}}},
		"Audio.Input.Format.Rate is 4000":        SessionUpdate{Config{Audio: Audio{Input: AudioInput{Format: PCM(4000)}}}},
		`Audio.Output.Format is "audio/mp3"`:     SessionUpdate{Config{Audio: Audio{Output: AudioOutput{Format: AudioFormat{Type: "audio/mp3"}}}}},
		"Audio.Output.Speed is 9":                SessionUpdate{Config{Audio: Audio{Output: AudioOutput{Speed: 9}}}},
		`NoiseReduction.Type is "far"`:           SessionUpdate{Config{Audio: Audio{Input: AudioInput{NoiseReduction: Set(NoiseReduction{Type: "far"})}}}},
		`Transcription.Delay is "no"`:            SessionUpdate{Config{Audio: Audio{Input: AudioInput{Transcription: Set(Transcription{Delay: "no"})}}}},
		`TurnDetection.Type is "vad"`:            turns(TurnDetection{Type: "vad"}),
		"TurnDetection.IdleTimeoutMS is 100":     turns(TurnDetection{Type: ServerVAD, IdleTimeoutMS: Set(100)}),
		"TurnDetection.SilenceDurationMS is set": turns(TurnDetection{Type: SemanticVAD, SilenceDurationMS: Set(100)}),
		"TurnDetection.Threshold is 2":           turns(TurnDetection{Type: ServerVAD, Threshold: Set(2.0)}),
		"TurnDetection.Eagerness is set":         turns(TurnDetection{Type: ServerVAD, Eagerness: "low"}),
		`TurnDetection.Eagerness is "very"`:      turns(TurnDetection{Type: SemanticVAD, Eagerness: "very"}),
		"Tools[0].Name":                          SessionUpdate{Config{Tools: []Tool{{}}}},
		"Tools[0].Parameters": SessionUpdate{Config{Tools: []Tool{{Name: "x",
			Parameters: json.RawMessage(`"{}"`)}}}},
		"Tools[0].ServerLabel":   SessionUpdate{Config{Tools: []Tool{{Type: ToolMCP}}}},
		`Tools[0].Type is "api"`: SessionUpdate{Config{Tools: []Tool{{Type: "api"}}}},
		"more than one of Mode": SessionUpdate{Config{ToolChoice: ToolChoice{Mode: ToolAuto,
			Function: "f"}}},
		"MCPTool without":            SessionUpdate{Config{ToolChoice: ToolChoice{MCPTool: "f"}}},
		`ToolChoice.Mode is "maybe"`: SessionUpdate{Config{ToolChoice: ToolChoice{Mode: "maybe"}}},
		`Reasoning.Effort is ""`:     SessionUpdate{Config{Reasoning: &Reasoning{}}},
		"MaxOutputTokens is 5000":    SessionUpdate{Config{MaxOutputTokens: 5000}},
		"Truncation.Ratio is 2": SessionUpdate{Config{Truncation: Truncation{Mode: RetentionRatio,
			Ratio: 2}}},
		`Truncation.Mode is "half"`: SessionUpdate{Config{Truncation: Truncation{Mode: "half"}}},
		"unsupported value: +Inf": SessionUpdate{Config{Extra: map[string]any{"x": 1},
			Temperature: Set(math.Inf(1))}},
		"ItemID is empty":                        ItemTruncate{},
		"AudioEndMS is -1":                       ItemTruncate{ItemID: "i", AudioEndMS: -1},
		"item_reference":                         ItemCreate{Item: ItemReference("i")},
		`Item.Type is ""`:                        ItemCreate{},
		`Item.Role is "tool"`:                    ItemCreate{Item: Item{Type: TypeMessage, Role: "tool"}},
		"Item.Content is empty":                  ItemCreate{Item: Item{Type: TypeMessage, Role: RoleUser}},
		"Item.Content[0] is empty":               ItemCreate{Item: UserText("")},
		`Item.Content[0].Type is "output_audio"`: ItemCreate{Item: message(RoleAssistant, PartOutputAudio, "x")},
		"Item.CallID":                            ItemCreate{Item: FunctionOutput("", "x")},
		"Item.Name":                              ItemCreate{Item: FunctionCall("c", "", "{}")},
		"Item.Arguments":                         ItemCreate{Item: FunctionCall("c", "f", "{")},
		"Item.ApprovalRequestID":                 ItemCreate{Item: Item{Type: TypeMCPApproval}},
		"Input[0].ID":                            response(ResponseConfig{Input: []Item{ItemReference("")}}),
		`Conversation is "new"`:                  response(ResponseConfig{Conversation: "new"}),
		`Metadata["` + strings.Repeat("k",
			65) + `"]`: response(ResponseConfig{Metadata: map[string]string{strings.Repeat("k", 65): ""}}),
	} {
		d := OpenAI
		if strings.Contains(want, "Inf") {
			d = Speaches
		}
		if b, err := EncodeClient(d, "e", e); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %s, %v, want %q", b, err, want)
		}
	}
	for _, e := range []ClientEvent{
		SessionUpdate{Config{Reasoning: &Reasoning{Effort: "low"}}},
		ResponseCreate{&ResponseConfig{Reasoning: &Reasoning{Effort: "low"}}},
	} {
		if b, err := EncodeClient(XAI, "", e); err == nil || !strings.Contains(err.Error(), `Reasoning.Effort is "low"`) {
			t.Errorf("got %s, %v", b, err)
		}
	}
	if _, err := EncodeClient("cisco", "", AudioCommit{}); err == nil || !strings.Contains(err.Error(),
		`field Dialect is "cisco"`) {
		t.Errorf("got %v", err)
	}
}

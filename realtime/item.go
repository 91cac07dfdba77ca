package realtime

import "encoding/json"

// ItemID names an item of a conversation. A client may choose it.
type ItemID string

// CallID names one call of a tool.
type CallID string

// RootItem, as the item before, is the beginning of a conversation.
const RootItem ItemID = "root"

// Item is one of a conversation: a message, a call of a tool, its output. Which
// fields count depends on its Type.
type Item struct {
	ID      ItemID   `json:"id,omitempty"`
	Type    ItemType `json:"type"`
	Status  Status   `json:"status,omitempty"` // some servers leave it out
	Role    Role     `json:"role,omitempty"`   // of a message
	Content []Part   `json:"content,omitempty"`

	CallID    CallID `json:"call_id,omitempty"`   // of a function_call and its output
	Name      string `json:"name,omitempty"`      // of the tool
	Arguments string `json:"arguments,omitempty"` // JSON, as text
	Output    string `json:"output,omitempty"`    // any text

	ServerLabel       string          `json:"server_label,omitempty"` // this and what follows: of MCP
	Tools             json.RawMessage `json:"tools,omitempty"`
	Error             json.RawMessage `json:"error,omitempty"`
	ApprovalRequestID string          `json:"approval_request_id,omitempty"`
	Approve           Opt[bool]       `json:"approve,omitzero"`
	Reason            string          `json:"reason,omitempty"`

	Interruptible Opt[bool] `json:"interruptible,omitzero"` // of a force_message
}

// ItemType says what an Item is.
type ItemType string

// The types of an item. TypeForceMessage is xAI's: text that is spoken as it is.
const (
	TypeMessage            ItemType = "message"
	TypeFunctionCall       ItemType = "function_call"
	TypeFunctionCallOutput ItemType = "function_call_output"
	TypeItemReference      ItemType = "item_reference"
	TypeMCPListTools       ItemType = "mcp_list_tools"
	TypeMCPCall            ItemType = "mcp_call"
	TypeMCPApprovalRequest ItemType = "mcp_approval_request"
	TypeMCPApproval        ItemType = "mcp_approval_response"
	TypeForceMessage       ItemType = "force_message"
)

// Role is whose message it is.
type Role string

// The roles.
const (
	RoleSystem    Role = "system"
	RoleUser      Role = "user"
	RoleAssistant Role = "assistant"
)

// Status is how far an item or a response has come.
type Status string

// The statuses. An item is never cancelled or failed.
const (
	StatusInProgress Status = "in_progress"
	StatusCompleted  Status = "completed"
	StatusIncomplete Status = "incomplete"
	StatusCancelled  Status = "cancelled"
	StatusFailed     Status = "failed"
)

// Part is a part of a message.
type Part struct {
	Type       PartType `json:"type"`
	Text       string   `json:"text,omitempty"`
	Audio      []byte   `json:"audio,omitempty"` // in the session's format
	Transcript string   `json:"transcript,omitempty"`
	ImageURL   string   `json:"image_url,omitempty"` // a data URI
	Detail     string   `json:"detail,omitempty"`    // of an image: "auto", "low", "high"
}

// PartType says what a Part is. In the events of a response the types are PartText and
// PartAudio, as in the beta.
type PartType string

// The types of a part.
const (
	PartInputText   PartType = "input_text"
	PartInputAudio  PartType = "input_audio"
	PartInputImage  PartType = "input_image"
	PartOutputText  PartType = "output_text"
	PartOutputAudio PartType = "output_audio"
	PartText        PartType = "text"
	PartAudio       PartType = "audio"
)

// SystemText is context for the model that nobody says aloud.
func SystemText(text string) Item { return message(RoleSystem, PartInputText, text) }

// UserText is a turn of the user's, as text.
func UserText(text string) Item { return message(RoleUser, PartInputText, text) }

// AssistantText is what the assistant has said.
func AssistantText(text string) Item { return message(RoleAssistant, PartOutputText, text) }

func message(role Role, kind PartType, text string) Item {
	return Item{Type: TypeMessage, Role: role, Content: []Part{{Type: kind, Text: text}}}
}

// FunctionCall is a call of a tool; arguments are JSON, as text.
func FunctionCall(id CallID, name, arguments string) Item {
	return Item{Type: TypeFunctionCall, CallID: id, Name: name, Arguments: arguments}
}

// FunctionOutput answers a call. There is no form for an error: say it in output.
func FunctionOutput(id CallID, output string) Item {
	return Item{Type: TypeFunctionCallOutput, CallID: id, Output: output}
}

// ItemReference is an item of the conversation, in the input of a response.
func ItemReference(id ItemID) Item { return Item{Type: TypeItemReference, ID: id} }

// ForceMessage is text that xAI speaks as it is, without a response.create.
func ForceMessage(text string, interruptible bool) Item {
	i := message(RoleAssistant, PartOutputText, text)
	i.Type, i.Interruptible = TypeForceMessage, Set(interruptible)
	return i
}

// MarshalJSON writes the fields that must be there even if they are empty.
func (i Item) MarshalJSON() ([]byte, error) {
	type plain Item
	w := struct {
		plain
		Content   *[]Part `json:"content,omitempty"`
		Arguments *string `json:"arguments,omitempty"`
		Output    *string `json:"output,omitempty"`
	}{plain: plain(i)}
	parts := i.Content
	if parts == nil {
		parts = []Part{}
	}
	if i.Type == TypeMessage || i.Content != nil {
		w.Content = &parts
	}
	if i.Type == TypeFunctionCall || i.Arguments != "" {
		w.Arguments = &i.Arguments
	}
	if i.Type == TypeFunctionCallOutput || i.Output != "" {
		w.Output = &i.Output
	}
	return json.Marshal(w)
}

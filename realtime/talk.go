package realtime

// ItemAdded announces a new item; an assistant's is still empty.
type ItemAdded struct {
	EventID        EventID `json:"event_id,omitempty"`
	PreviousItemID ItemID  `json:"previous_item_id,omitempty"`
	Item           Item    `json:"item"`
}

// ItemDone tells that an item is all there.
type ItemDone struct {
	EventID        EventID `json:"event_id,omitempty"`
	PreviousItemID ItemID  `json:"previous_item_id,omitempty"`
	Item           Item    `json:"item"`
}

// ItemCreated is sent by older servers in place of ItemAdded and ItemDone.
type ItemCreated struct {
	EventID        EventID `json:"event_id,omitempty"`
	PreviousItemID ItemID  `json:"previous_item_id,omitempty"`
	Item           Item    `json:"item"`
}

// ItemRetrieved answers an [ItemRetrieve], audio included.
type ItemRetrieved struct {
	EventID EventID `json:"event_id,omitempty"`
	Item    Item    `json:"item"`
}

// ItemTruncated answers an [ItemTruncate].
type ItemTruncated struct {
	EventID      EventID `json:"event_id,omitempty"`
	ItemID       ItemID  `json:"item_id"`
	ContentIndex int     `json:"content_index"`
	AudioEnd     Millis  `json:"audio_end_ms"` // of the item's audio
}

// ItemDeleted answers an [ItemDelete].
type ItemDeleted struct {
	EventID EventID `json:"event_id,omitempty"`
	ItemID  ItemID  `json:"item_id"`
}

// OutputAudioStarted tells that the server began to play an answer.
type OutputAudioStarted struct {
	EventID    EventID    `json:"event_id,omitempty"`
	ResponseID ResponseID `json:"response_id"`
}

// OutputAudioStopped tells that the server has played all of an answer.
type OutputAudioStopped struct {
	EventID    EventID    `json:"event_id,omitempty"`
	ResponseID ResponseID `json:"response_id"`
}

// OutputAudioCleared tells that the server stopped playing an answer.
type OutputAudioCleared struct {
	EventID    EventID    `json:"event_id,omitempty"`
	ResponseID ResponseID `json:"response_id"`
}

// MCPListTools tells how far an MCP server's list of tools has come.
type MCPListTools struct {
	State   MCPState `json:"-"`
	EventID EventID  `json:"event_id,omitempty"`
	ItemID  ItemID   `json:"item_id"`
}

// MCPCall tells how far a call of an MCP server's tool has come.
type MCPCall struct {
	State       MCPState `json:"-"`
	EventID     EventID  `json:"event_id,omitempty"`
	ItemID      ItemID   `json:"item_id"`
	OutputIndex int      `json:"output_index"`
}

// MCPState is the last word of the event's type.
type MCPState string

// The states.
const (
	MCPInProgress MCPState = "in_progress"
	MCPCompleted  MCPState = "completed"
	MCPFailed     MCPState = "failed"
)

// MCPArgumentsDelta is more of the arguments of an MCP call.
type MCPArgumentsDelta struct {
	EventID EventID `json:"event_id,omitempty"`
	Place
	Delta string `json:"delta"`
}

// MCPArgumentsDone has all of them.
type MCPArgumentsDone struct {
	EventID EventID `json:"event_id,omitempty"`
	Place
	Arguments string `json:"arguments"`
}

func (ItemAdded) kind() string          { return "conversation.item.added" }
func (ItemDone) kind() string           { return "conversation.item.done" }
func (ItemCreated) kind() string        { return "conversation.item.created" }
func (ItemRetrieved) kind() string      { return "conversation.item.retrieved" }
func (ItemTruncated) kind() string      { return "conversation.item.truncated" }
func (ItemDeleted) kind() string        { return "conversation.item.deleted" }
func (OutputAudioStarted) kind() string { return "output_audio_buffer.started" }
func (OutputAudioStopped) kind() string { return "output_audio_buffer.stopped" }
func (OutputAudioCleared) kind() string { return "output_audio_buffer.cleared" }
func (m MCPListTools) kind() string     { return "mcp_list_tools." + string(m.State) }
func (m MCPCall) kind() string          { return "response.mcp_call." + string(m.State) }
func (MCPArgumentsDelta) kind() string  { return "response.mcp_call_arguments.delta" }
func (MCPArgumentsDone) kind() string   { return "response.mcp_call_arguments.done" }

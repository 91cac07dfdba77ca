package realtime

// Code is the code of an [Error], such as "rate_limit_exceeded". Codes are errors so
// that errors.Is can look for one.
type Code string

// The codes that mean something to a program. Servers know more.
const (
	ErrResponseActive     Code = "conversation_already_has_active_response"
	ErrNothingToCancel    Code = "response_cancel_not_active"
	ErrTruncateItem       Code = "item_truncate_invalid_item_id"
	ErrDeleteItem         Code = "item_delete_invalid_item_id"
	ErrRetrieveItem       Code = "item_retrieve_invalid_item_id"
	ErrCommitEmpty        Code = "input_audio_buffer_commit_empty"
	ErrInvalidValue       Code = "invalid_value"
	ErrUnknownParameter   Code = "unknown_parameter"
	ErrMissingParameter   Code = "missing_required_parameter"
	ErrInvalidEvent       Code = "invalid_event"
	ErrInvalidJSON        Code = "invalid_json"
	ErrVoiceFixed         Code = "cannot_update_voice"
	ErrItemExists         Code = "item_already_exists"
	ErrItemNotFound       Code = "item_not_found"
	ErrRateLimit          Code = "rate_limit_exceeded"
	ErrInferenceRateLimit Code = "inference_rate_limit_exceeded"
	ErrSessionLimit       Code = "session_limit_reached" // speech-to-speech: all its sessions are taken
	ErrSessionExpired     Code = "session_expired"
	ErrAPIKey             Code = "invalid_api_key"
	ErrQuota              Code = "insufficient_quota"
	ErrDeactivated        Code = "account_deactivated"
	ErrBillingLimit       Code = "billing_hard_limit_reached"
	ErrBetaShape          Code = "beta_api_shape_disabled"
	ErrModelNotFound      Code = "model_not_found"
	ErrModelLoad          Code = "model_load_error" // LocalAI
	ErrServer             Code = "server_error"
)

// Error is the code, said to be one of this wire's.
func (c Code) Error() string {
	if c == "" {
		return "realtime error without a code"
	}
	return "realtime error " + string(c)
}

// Class says what to do about the code, as OpenAI's reference and the clients of
// others do.
func (c Code) Class() Class {
	switch c {
	case ErrResponseActive, ErrNothingToCancel, ErrTruncateItem, ErrDeleteItem, ErrRetrieveItem, ErrCommitEmpty:
		return Benign
	case ErrInvalidValue, ErrUnknownParameter, ErrMissingParameter, ErrInvalidEvent, ErrInvalidJSON, ErrVoiceFixed,
		ErrItemExists, ErrItemNotFound:
		return Misuse
	case ErrRateLimit, ErrInferenceRateLimit, ErrSessionLimit:
		return RateLimited
	case ErrSessionExpired:
		return Expired
	case ErrAPIKey, ErrQuota, ErrDeactivated, ErrBillingLimit, ErrBetaShape, ErrModelNotFound, ErrModelLoad:
		return Fatal
	case ErrServer:
		return Retry
	}
	return Other
}

// Class is what to do about an error.
type Class int

// The classes.
const (
	Other       Class = iota // log it; the session goes on unless it is closed
	Benign                   // a race that belongs to this wire; count it
	Misuse                   // a mistake of the client's; the session goes on without it
	RateLimited              // later; at a handshake once more, after 250 to 500 ms
	Expired                  // the session is over, or the server goes: dial another
	Retry                    // the server's fault, or the network's: the same again may work
	Fatal                    // the same will never work: key, quota, model or settings
)

// String is the class's name in small letters.
func (c Class) String() string {
	names := []string{"other", "benign", "misuse", "rate limited", "expired", "retry", "fatal"}
	if c < 0 || int(c) >= len(names) {
		return "unknown"
	}
	return names[c]
}

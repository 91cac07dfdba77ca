package api

// Headers of requests.
const (
	// ViaHeader is how the commands of this program say that a request is a file's, or a
	// person's at a terminal. It can only say less than an API request may do: no header
	// makes a request one of the routes on which the person themselves acted.
	ViaHeader = "Patchcord-Via"

	// IdempotencyHeader is for POST /v1/calls and POST /v1/reminders: the same key answers
	// the same call, however often it is asked for. 1 to 255 printable ASCII characters.
	IdempotencyHeader = "Idempotency-Key"

	// LastEventHeader says where a stream of events goes on: behind the id of one that came.
	LastEventHeader = "Last-Event-ID"
)

// SealedHeader tells that an export leaves out what is personal although that was not
// asked for, because its key lacks the right to see numbers.
const SealedHeader = "Patchcord-Sealed"

// Package realtime is a client of OpenAI's Realtime wire in its GA shape, as
// OpenAI and several other vendors and self-hosted servers speak it, over one
// WebSocket.
//
// [Dial] opens a [Session]. It returns once the server has created the session
// and confirmed its first [Config], audio formats included. One goroutine calls
// [Session.Receive] in a loop and switches over the [Event] it gets; any
// goroutine may send: sound by [Session.AppendAudio], everything else as a
// [ClientEvent] by [Session.Send]. Where servers differ, a [Dialect] says how,
// and sessions are written in its shape; what is received may have any shape,
// the names of the beta included.
//
// An [*Error] event does not end a session: most are harmless, and [Code.Class]
// says what to do about each. A [*CloseError] or [*HandshakeError] has a Class,
// too. An answer that failed is a [ResponseDone] whose [Response.Err] is not nil.
//
// Audio is bytes in the format that was agreed on; this package neither encodes
// nor decodes sound. An answer's audio comes faster than it is spoken, in pieces
// of any size, and belongs to the [Place] in it.
//
// The package imports nothing but the standard library, gorilla/websocket and
// segmentio/asm, and its kit realtimetest is a server of the same wire to test
// against. The events are those of OpenAI's published API reference and client
// libraries.
package realtime

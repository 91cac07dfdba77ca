// Package evi is a client of the chat socket of Hume's Empathic Voice
// Interface (EVI): the whole protocol, in both directions, over one WebSocket.
//
// [Dial] opens a [Chat] and returns once EVI has named it. One goroutine calls
// [Chat.Receive] in a loop and switches over the [Event] it gets; any goroutine
// may send ([Chat.SendAudio], [Chat.SendToolResponse], …). EVI reports trouble
// with an [*Error] event and then, often, a close that looks polite, so the
// [*CloseError] that ends Receive carries the error that came before it.
//
// Audio goes to EVI as linear16 at whatever rate was declared, and comes back
// as one small WAV file per [*AudioOutput]; this package reads neither.
//
// The package imports nothing but the standard library and gorilla/websocket,
// and its kit evitest is a server of the same protocol to test against. The
// message shapes are those of Hume's published EVI reference and client
// libraries.
package evi

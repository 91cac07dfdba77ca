// Package wire is the client's end of a voice's WebSocket: what [evi] and [realtime] have in
// common below their messages. It opens the connection, keeps it alive and ends it, reads messages
// within a budget and writes them one at a time. What a message means is for its [Codec] to say.
//
// [evi]: https://pkg.go.dev/github.com/patchcord/patchcord/evi
// [realtime]: https://pkg.go.dev/github.com/patchcord/patchcord/realtime
package wire

// Package expression listens beside a call and says how the caller's turns sounded.
//
// An [Observer] gets a copy of the caller's sound. It answers each turn with a
// [Result], some time later or never. It is never in the audio's way: what it is
// given goes into a queue of two seconds, of which the oldest is dropped and
// counted when it is full, and everything else happens on goroutines of its own.
// A backend that is slow, wrong or gone costs the results and nothing else.
//
// Three backends answer:
//
//   - [Decisions] asks Hume's Audio Decisions your own questions about one clip a turn:
//     https://dev.hume.ai/audio-decisions/docs/realtime
//   - [Measurement] streams the caller's sound to Hume's Expression Measurement:
//     https://dev.hume.ai/expression-measurement/docs/audio/realtime
//   - [Prosody] computes level, pace, pitch, pauses and talking over on this machine.
//     These are measures of the sound. They are not emotions and are never called so.
//
// Neither of Hume's services was at hand when this was written. What their public
// pages show is followed to the letter. What they leave open (how a span's times are
// named, how a measurement is nested) is decoded leniently: an answer that can't be
// understood is left out, and one without any that can is an error.
//
// Whether any of these scores hold for telephone sound, which has nothing above
// 3.4 kHz, is not established. They estimate how listeners would judge a voice, not
// what a person feels.
//
// [Decisions] and [Measurement] send the caller's voice to one more company. A voice
// may be biometric data where the caller lives; get their consent before you turn it on.
package expression

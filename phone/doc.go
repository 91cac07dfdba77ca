// Package phone holds the telephone number as the rest of the program sees it: a
// value that has been parsed, and that hides itself.
//
// A [Number] prints, logs and marshals redacted ("+1415…0142"), whatever the verb or
// encoder, so that a number reaches a log line only by an explicit call of
// [Number.E164]. [Redact] does the same for caller ids that are no numbers at all,
// such as "sip:alice@example.com" or "anonymous".
//
// [Parse] takes what programs write, [Read] what people do, and neither guesses.
//
// What a number's first digits say is [Number.Area]: the state, and every time zone
// that any part of the area keeps. It is a hint of where a person is, never more.
package phone

// Package amd finds out who answered a call that we placed: a person, a mailbox, an assistant that screens calls, a
// phone menu or a fax machine. Values go in, verdicts come out: it has no clock and no goroutine, and acts on nothing.
//
// [ToneDetector] hears beeps and silence in the line's sound. [Who] knows machines by their words, in English and
// Spanish. [Detector] puts both together with the carrier's own verdict and says what the call has to do. What is not
// known is a person: nobody is hung up on by mistake.
package amd

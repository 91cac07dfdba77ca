// Package leg is the sound of one stream of a call. [Playout] releases the agent's voice to the line, never more than
// half a second ahead of the caller's ear, and knows by marks what was heard. [Uplink] fills holes in the caller's sound
// and keeps it while nobody listens; [Bypass] carries it past the call's own goroutine. A [Tap] hears both sides.
//
// It knows no agent, no tool and no carrier: bytes, times and the line's three verbs. Sound is µ-law at 8 kHz, one byte a
// sample. Time is what the caller says it is; nothing in here waits.
package leg

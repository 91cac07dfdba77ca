// Package optout reads what people say about being called: that they want no more calls, that
// they want none at some time, that this is the wrong number. It knows words alone: who said
// them, on which line and what follows is for the caller of the package.
//
// It reads English and Spanish, spoken (as a speech recognizer writes it down) and texted.
package optout

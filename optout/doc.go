// Package optout reads what people say about being called: that they want no more calls, that
// they want none at some time, that this is the wrong number. It knows words alone: who said
// them, on which line and what follows is for the caller of the package.
//
// It reads English and Spanish, spoken (as a speech recognizer writes it down) and texted, by a
// grammar: english.txt and spanish.txt. A refusal is a verb of ending or removing and a thing of
// ours (calls, number, name, list, contact, messages), or a negated wish and calling me. What
// stands right before it may take it back (a no, a report, a condition, what somebody else does),
// and a time makes it a [Preference]. To mend the reading of a sentence is to mend a rule; the
// sentence goes to testdata.
//
// The grammar is compiled when it is first asked for, or by [Compile], which takes 10 ms and 1.2 MB.
package optout

// Package twiml writes the few TwiML documents with which we answer Twilio: start a
// media stream, refuse, put through to a person, fall back to one, hang up, answer a
// text, do nothing.
//
// Serve them with status 200 and Content-Type text/xml. The order of an element's
// attributes differs from one document to the next, so compare them parsed.
package twiml

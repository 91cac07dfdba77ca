// Package account is a client of the part of Hume's REST API that holds what EVI
// is made of: tools, prompts and configurations, each in versions.
//
// A [Client] lists them, creates them, and adds versions. It deletes nothing and
// has no way to. It asks each thing once: [Retryable] tells of an error whether
// to ask again, and [Ambiguous] whether something may have been done all the
// same. The API key goes into a header and nowhere else; no error quotes it.
//
// The package imports the standard library alone, and its kit accounttest is a
// server of the same routes to test against. The shapes are those of Hume's
// published reference and client libraries; hosted EVI was announced to end on
// 2026-11-13, so nothing here was tried against it.
package account

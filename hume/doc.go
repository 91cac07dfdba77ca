// Package hume is what Hume's platform offers beside the chat itself, which is package evi: the
// account's REST API, the tokens of a chat, and the webhooks that Hume posts.
//
// A [Client] is of the part of the REST API that holds what EVI is made of: tools, prompts and
// configurations, each in versions. It lists them, creates them, and adds versions. It deletes
// nothing and has no way to. It asks each thing once: [Retryable] tells of an error whether to
// ask again, and [Ambiguous] whether something may have been done all the same. The API key goes
// into a header and nowhere else; no error quotes it. [Tokens] gets the access tokens that chats
// are opened with, and [Verify] and [ParseWebhook] take what Hume posts.
//
// The package imports the standard library alone, so that another program can take it as it is,
// and its kit humetest is a server of the same routes to test against. The shapes are those of
// Hume's published reference and client libraries; hosted EVI was announced to end on
// 2026-11-13, so nothing here was tried against it.
package hume

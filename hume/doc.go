// Package hume holds what Hume's platform offers beside the chat itself: the
// webhooks that it posts. The chat is package evi, the account's REST API
// evi/account.
//
// The package imports none of ours, so that another program can take it as it is.
package hume

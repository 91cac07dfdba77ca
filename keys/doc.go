// Package keys says who may do what: API keys with rights, of which only a hash is
// kept, and the limit on guessing them.
//
// [Checker.Check] finds the [Key] of a secret; [Key.May] and [Key.Sees] say what it
// opens. Keys are kept by a [Store]; its SQL is in postgres/keys.go. The bootstrap
// key, BRIDGE_API_TOKEN, has every right and is in no store.
package keys

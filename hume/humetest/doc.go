// Package humetest is a server that plays the part of Hume's REST API that holds
// tools, prompts and configurations, to test clients against without an account.
//
// It is strict where Hume's reference says how a thing has to be: a key in its
// header, JSON with the fields of the reference and no others, pages of 1 to 100,
// versions that count up, configurations that name what is there. It answers as
// Hume does, with whole tools and prompts in a configuration and fields that no
// client knows. It can be told to fail before or after it has done a thing. It
// deletes nothing.
//
// What it can't show: Hume's own sentences, its rate limits, and rules that its
// reference does not tell, such as whether two tools may have one name (here they
// may not).
package humetest

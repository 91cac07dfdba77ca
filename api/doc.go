// Package api is the operators' API, /v1, seen from outside: the JSON of every request and
// answer as Go types, the parameters of every query, the errors, and one client.
//
// The server answers with these types and reads its requests by their fields, so that what a
// program sends and what the service takes can't differ. Numbers are in E.164 form; a key
// without the right numbers gets them masked, such as +1415…0142, so they are strings here.
package api

// Package wiretest has what the test kits of voices have in common, and what their tests need to
// do things that no library would do.
package wiretest

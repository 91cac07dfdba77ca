package migrations

import (
	"io/fs"
	"regexp"
	"strings"
)

var creates = regexp.MustCompile(`(?im)^create (?:or replace )?(?:unlogged )?(?:table|type|sequence|view|function) (?:if not exists )?(\w+)`)

// made is what the files create, by name.
var made = func() map[string]bool {
	names := map[string]bool{"goose_db_version": true}
	list, err := fs.Glob(files, "*.sql")
	if err != nil {
		panic("migrations: internal error: " + err.Error())
	}
	for _, name := range list {
		text, err := files.ReadFile(name)
		if err != nil {
			panic("migrations: internal error: " + err.Error())
		}
		for _, m := range creates.FindAllSubmatch(text, -1) {
			names[string(m[1])] = true
		}
	}
	return names
}()

// Made tells whether a table, type, sequence, view or function of this name comes
// from a migration: the schema may also hold what other programs have put there.
func Made(name string) bool { return made[name] || strings.HasPrefix(name, "river_") }

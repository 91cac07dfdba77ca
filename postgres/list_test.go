package postgres_test

import (
	"github.com/patchcord/patchcord/calllog"
)

func ids(calls []calllog.Call) []string {
	got := make([]string, len(calls))
	for i, c := range calls {
		got[i] = c.ID
	}
	return got
}

package server_test

func stop(kind string) string {
	return `{"type":"` + kind + `","number":"` + caller + `","seller":"riverbend","occurred_at":"2026-01-02T15:04:05Z","source":"phone"}`
}

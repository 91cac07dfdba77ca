package server

// Patterns is every route that a server with this configuration has, by who may call it: operators, Twilio, anybody.
func Patterns(c Config) (operators, webhooks, doors []string) {
	s := New(c)
	for _, rt := range s.routes() {
		operators = append(operators, rt.pattern)
	}
	for _, rt := range s.webhooks() {
		webhooks = append(webhooks, rt.pattern)
	}
	for _, rt := range s.doors() {
		doors = append(doors, rt.pattern)
	}
	return operators, webhooks, doors
}

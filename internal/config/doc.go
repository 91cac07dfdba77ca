// Package config reads and checks everything that the program is told: the environment, .env and bridge.yaml.
// Nothing else reads settings. All problems of a configuration are reported at once ([Error]), each with the
// setting or the line that it is about.
//
// [LoadEnvironment] is for commands that speak to a running service or to the database, [Load] for what serves, and
// [Examine] for whoever goes on with what can be read. What bridge.yaml describes is handed over as the types of
// the packages that use it: voices, tools, sellers, a policy. Nothing here is started and no host is asked; package
// service does that.
package config

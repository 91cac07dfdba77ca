// Serve runs clients that others wrote against the test kits, and judges what they did.
//
// Usage: serve DIR, where DIR has the clients ready to run (see clients/run). Each gets
// the addresses and the key in its environment, and has to complete one session, with a
// tool and an interruption. The exit code is 0 if all did.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const (
	key     = "key-of-the-clients"
	timeout = time.Minute // for one client
)

// client is a program and the server that it is run against.
type client struct {
	name    string
	command []string
	serve   func(dir string) (server, error)
}

// server is one of the kits.
type server interface {
	env() []string // for the client
	verdict() error
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: serve DIR")
		os.Exit(2)
	}
	dir := os.Args[1]
	failed := 0
	for _, c := range []client{
		{"openai-go", []string{filepath.Join(dir, "openai-go")}, plainRealtime},
		{"openai", []string{"node", filepath.Join(dir, "openai.mjs")}, tlsRealtime},
		{"agents-realtime", []string{"node", filepath.Join(dir, "agents.mjs")}, plainRealtime},
		{"hume", []string{"node", filepath.Join(dir, "hume.mjs")}, evi},
	} {
		if err := c.run(dir); err != nil {
			failed++
			fmt.Printf("FAIL  %s: %v\n", c.name, err)
		} else {
			fmt.Printf("ok    %s\n", c.name)
		}
	}
	if failed > 0 {
		os.Exit(1)
	}
}

// run runs the client and asks its server what it thinks.
func (c client) run(dir string) error {
	s, err := c.serve(dir)
	if err != nil {
		return err
	}
	fmt.Printf("      %s: %v\n", c.name, s.env())
	ctx, cancel := context.WithTimeoutCause(context.Background(), timeout, fmt.Errorf("not done within %v", timeout))
	defer cancel()
	command := exec.CommandContext(ctx, c.command[0], c.command[1:]...)
	command.Env = append(os.Environ(), s.env()...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.WaitDelay = time.Second
	ran := command.Run()
	if ctx.Err() != nil {
		ran = context.Cause(ctx)
	}
	if err := s.verdict(); err != nil {
		return err
	}
	return ran
}

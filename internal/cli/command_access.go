package cli

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"strconv"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/server"
)

// recordCommand writes down that a command which opens the database itself is about to lift
// what holds calls. Without the record it does nothing.
func recordCommand(ctx context.Context, audit server.Audit, command string) error {
	err := audit.RecordAccess(ctx, consent.Access{Key: "cli:" + systemUser(), Right: server.Override, Route: command,
		Outcome: consent.AccessGranted, Via: consent.ViaCLI})
	if err != nil {
		return fmt.Errorf("record who runs this command, which it requires: %w", err)
	}
	return nil
}

// systemUser is whom the system takes the caller of a command for. No key's name has a colon,
// so that nobody's key is named like one.
func systemUser() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return strconv.Itoa(os.Geteuid())
}

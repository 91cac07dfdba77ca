package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/internal/plain"
)

type callsFollowCmd struct {
	apiFlags
	ID string `arg:"" help:"The call's id, or its beginning."`
}

func (*callsFollowCmd) Help() string {
	return "Shows the conversation live, from the beginning of the call; a call that is over is shown at once. " +
		"Ctrl-C stops following without ending the call."
}

func (c *callsFollowCmd) Run(ctx context.Context) error {
	a, id, err := c.call(ctx, c.ID)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	_, err = a.follow(ctx, id, c.JSON)
	return err
}

type callsHangupCmd struct {
	apiFlags
	ID string `arg:"" help:"The call's id, or its beginning."`
}

func (c *callsHangupCmd) Run(ctx context.Context) error {
	return c.order(ctx, c.ID, "hanging up", func(a *client, id string) (api.Accepted, error) {
		return a.HangUp(ctx, id)
	})
}

type callsTransferCmd struct {
	apiFlags
	ID      string `arg:"" help:"The call's id, or its beginning."`
	To      string `arg:"" help:"The destination: a name or number from the agent's transfer_to."`
	Summary string `placeholder:"TEXT" help:"What the person hears before they are connected to the caller."`
}

func (*callsTransferCmd) Help() string {
	return "If nobody takes the call, the caller returns to the agent."
}

func (c *callsTransferCmd) Run(ctx context.Context) error {
	return c.order(ctx, c.ID, "transferring", func(a *client, id string) (api.Accepted, error) {
		return a.TransferCall(ctx, id, api.Transfer{To: c.To, Summary: c.Summary})
	})
}

type callsSayCmd struct {
	apiFlags
	ID   string   `arg:"" help:"The call's id, or its beginning."`
	Text []string `arg:"" help:"What the agent says to the caller, verbatim."`
}

func (c *callsSayCmd) Run(ctx context.Context) error {
	return c.order(ctx, c.ID, "text sent to the agent", func(a *client, id string) (api.Accepted, error) {
		return a.SayInCall(ctx, id, strings.Join(c.Text, " "))
	})
}

// call is the service, and the id of the call that is meant.
func (f *apiFlags) call(ctx context.Context, prefix string) (*client, string, error) {
	a, err := f.open()
	if err != nil {
		return nil, "", err
	}
	id, err := a.callID(ctx, prefix)
	return a, id, err
}

// order gives a live call an order, and says what the service makes of it.
func (f *apiFlags) order(ctx context.Context, prefix, doing string,
	give func(a *client, id string) (api.Accepted, error)) error {
	a, id, err := f.call(ctx, prefix)
	if err != nil {
		return err
	}
	done, err := give(a, id)
	if err != nil {
		return err
	}
	if f.JSON {
		return printJSON(map[string]string{"id": id, "status": done.Status})
	}
	plain.Printf("%s  %s\n", id, doing)
	return nil
}

// Lengths of ids: a kind, an underscore and 26 letters and digits.
const (
	callIDLength     = len("call_") + 26
	reminderIDLength = len("rem_") + 26
)

// callID is the id of the one call whose id begins so.
func (a *client) callID(ctx context.Context, prefix string) (string, error) {
	if len(prefix) >= callIDLength {
		return prefix, nil
	}
	if prefix == "" {
		return "", &exitError{exitUsage, "ID: want a call's id, or its beginning"}
	}
	list, err := a.Calls(ctx, api.CallFilter{Limit: 4, ID: prefix})
	if err != nil {
		return "", err
	}
	var ids []string
	for _, c := range list.Calls {
		ids = append(ids, c.ID)
	}
	return theOne("call", prefix, ids)
}

// reminderID is the id of the one reminder whose id begins so.
func (a *client) reminderID(ctx context.Context, prefix string) (string, error) {
	if len(prefix) >= reminderIDLength {
		return prefix, nil
	}
	if prefix == "" {
		return "", &exitError{exitUsage, "ID: want a reminder's id, or its beginning"}
	}
	list, err := a.Reminders(ctx, api.ReminderFilter{Limit: 4, ID: prefix})
	if err != nil {
		return "", err
	}
	var ids []string
	for _, r := range list.Reminders {
		ids = append(ids, r.ID)
	}
	return theOne("reminder", prefix, ids)
}

// theOne is the only id of those that were found, at most four.
func theOne(kind, prefix string, ids []string) (string, error) {
	switch len(ids) {
	case 0:
		return "", fmt.Errorf("there is no %s whose id begins with %q", kind, prefix)
	case 1:
		return ids[0], nil
	case 4:
		ids[3] = "more"
	}
	return "", &exitError{exitUsage, fmt.Sprintf("%q begins the id of several %ss: %s", prefix, kind, strings.Join(ids, ", "))}
}

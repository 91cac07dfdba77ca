package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/internal/plain"
)

type consentEraseCmd struct {
	Number  string        `arg:"" help:"The number: +14155550123, or (415) 555-0123."`
	Why     string        `required:"" placeholder:"TEXT" help:"The reason. Stored unencrypted, so it must not name the person."`
	Without string        `placeholder:"INSTANCE" help:"Stop waiting for this instance: its disk is lost."`
	Wait    time.Duration `default:"1m" help:"How long to wait for all instances. The erasure continues after the command ends."`
	Yes     bool          `help:"Do not ask for confirmation."`
	apiFlags
}

func (*consentEraseCmd) Help() string {
	return "Deletes on all instances: the number and the transcripts of its calls, recordings and voice messages, variables, reminders, permits, stored API responses, and data queued on disk. " +
		"Ledger records are encrypted under the person's own key, which is destroyed. Call records remain without number and transcript; the chain still verifies, and opt-outs still apply. This can't be undone. " +
		"Waits for the person's live calls to end. A legal hold stops the erasure (bridge consent hold). Prints what remains and why, such as earlier backups. " +
		"Run the command again to see the progress; it continues where it stopped. The exit code is 1 until the erasure is complete."
}

func (c *consentEraseCmd) Run(ctx context.Context) error {
	n, err := knownNumber(c.Number)
	if err != nil {
		return &exitError{exitUsage, "NUMBER: " + err.Error()}
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	if !c.Yes {
		if !term.IsTerminal(int(os.Stdin.Fd())) {
			return &exitError{exitUsage, "this can't be undone: confirm with --yes"}
		}
		plain.Printf("Delete all personal data of %s? This can't be undone. Type yes: ", n.E164())
		line, _ := bufio.NewReader(os.Stdin).ReadString('\n') // an end of the input is no yes
		if strings.TrimSpace(line) != "yes" {
			return &exitError{exitFailed, "nothing was erased"}
		}
	}
	e, err := a.Erase(ctx, n.E164(), api.EraseQuery{Why: c.Why, Without: c.Without})
	var refused *api.Problem
	if errors.As(err, &refused) && refused.Status == http.StatusConflict {
		return &exitError{exitFailed, refused.Detail}
	}
	if err != nil {
		return refusal(err, c.JSON)
	}
	if e, err = c.follow(ctx, a, e); err != nil {
		return err
	}
	return c.print(e)
}

// eraseEvery is how often it is asked how far an erasure is.
const eraseEvery = 500 * time.Millisecond

// follow waits until an erasure is done, and shows on a terminal how far it is.
func (c *consentEraseCmd) follow(ctx context.Context, a *client, e api.Erasure) (api.Erasure, error) {
	shows := !c.JSON && term.IsTerminal(int(os.Stderr.Fd()))
	tick := time.NewTicker(eraseEvery)
	defer tick.Stop()
	late := time.After(c.Wait)
	for e.Status != api.ErasureDone {
		if shows {
			plain.Fprintf(os.Stderr, "\r\x1b[K%s: %s", e.Status, counted(e.Erased))
		}
		select {
		case <-tick.C:
		case <-late:
			return e, nil
		case <-ctx.Done():
			return e, ctx.Err()
		}
		waiting := e.Waiting
		now, err := a.Erasure(ctx, e.ID)
		if err != nil {
			return e, err
		}
		e = now
		if len(e.Waiting) == 0 && e.Status != api.ErasureDone {
			e.Waiting = waiting
		}
	}
	if shows {
		plain.Fprintf(os.Stderr, "\r\x1b[K")
	}
	return e, nil
}

// print tells what was erased, what stays, and what is still to be done.
func (c *consentEraseCmd) print(e api.Erasure) error {
	if c.JSON {
		if err := printJSON(e); err != nil {
			return err
		}
	} else {
		plain.Printf("erased: %s\n", counted(e.Erased))
		if e.Seq > 0 {
			plain.Printf("the person's key is destroyed (row %d of the ledger)\n", e.Seq)
		}
		plain.Println("what remains:")
		for _, k := range e.Kept {
			plain.Println("  " + k)
		}
		for _, w := range e.Waiting {
			plain.Println("waiting for " + w)
		}
	}
	if e.Status == api.ErasureDone {
		return nil
	}
	text := "not finished yet; it continues in the background. Run the command again to see the progress."
	if e.Status == api.ErasureHeld {
		text = "stopped by a legal hold; it continues when the hold is released."
	}
	return &exitError{exitFailed, text}
}

// counted is what was erased, in words.
func counted(all map[string]int) string {
	var parts []string
	for _, what := range slices.Sorted(maps.Keys(all)) {
		parts = append(parts, fmt.Sprintf("%d %s", all[what], what))
	}
	if len(parts) == 0 {
		return "nothing outside the ledger"
	}
	return strings.Join(parts, ", ")
}

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
	Why     string        `required:"" placeholder:"TEXT" help:"The reason. It is kept in clear, so it must not name the person."`
	Without string        `placeholder:"INSTANCE" help:"Don't wait for this instance any more: its disk is gone for good."`
	Wait    time.Duration `default:"1m" help:"How long to wait until all instances are done. It goes on without this command, too."`
	Yes     bool          `help:"Don't ask."`
	apiFlags
}

func (*consentEraseCmd) Help() string {
	return "It deletes, on all instances: the number and what was said in the calls with it, recordings and spoken messages, variables, reminders, permits, kept answers to requests, and what waits on disk. " +
		"What the ledger has is sealed under the person's own key, which is destroyed. That there were calls stays, without number and words; the chain still verifies, and an opt-out still holds. It can't be undone. " +
		"A call of the person that is live is waited for. A legal hold stops it (bridge consent hold). What stays, and why, is printed; backups made before are among it. " +
		"Run it again to see how far it is: it goes on where it was. The exit code is 1 while it is not finished."
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
			return &exitError{exitUsage, "it can't be undone: say --yes"}
		}
		plain.Printf("Delete all personal data of %s? It can't be undone. Type yes: ", n.E164())
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
			plain.Printf("the person's key is destroyed: row %d of the ledger says so\n", e.Seq)
		}
		plain.Println("what stays:")
		for _, k := range e.Kept {
			plain.Println("  " + k)
		}
		for _, w := range e.Waiting {
			plain.Println("it waits for " + w)
		}
	}
	if e.Status == api.ErasureDone {
		return nil
	}
	text := "not finished yet; it goes on by itself. Run the command again to see how far it is."
	if e.Status == api.ErasureHeld {
		text = "a legal hold has stopped it; it goes on when the hold is released."
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
		return "nothing beside the ledger's"
	}
	return strings.Join(parts, ", ")
}

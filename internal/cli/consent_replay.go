package cli

import (
	"context"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
)

type consentReplayCmd struct {
	Seq int64 `arg:"" name:"row" help:"The decision's row in the ledger, as printed by check, call and show."`
	apiFlags
}

func (*consentReplayCmd) Help() string {
	return "Repeats the decision under the running service's rules, from the ledger: the request, the person's rows at that time, " +
		"the policy's text and the seller's record. The exit code is 1 if the outcome differs."
}

// Run replays a decision.
func (c *consentReplayCmd) Run(ctx context.Context) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	r, err := a.Replay(ctx, c.Seq)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := printJSON(r); err != nil {
			return err
		}
	} else {
		printReplayed(r)
	}
	if !r.Same {
		return &exitError{exitFailed, ""}
	}
	return nil
}

func printReplayed(r consent.Replayed) {
	word, colour := "SAME", green
	if !r.Same {
		word, colour = "DIFFERENT", red
	}
	plain.Printf("%s  row %d of %s: recorded %s, replayed %s, %d rules, policy %s\n", paint(colour+";"+bold, word), r.Seq,
		r.Recorded.EvaluatedAt.Local().Format("2006-01-02 15:04:05 MST"), r.Recorded.Outcome, r.Again.Outcome, len(r.Again.Results),
		shortHash(r.Recorded.Policy))
	for _, d := range r.Different {
		plain.Println("  " + d)
	}
}

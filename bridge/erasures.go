package bridge

import (
	"context"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/erasure"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/recording"
)

// disk is what this instance keeps of people in BRIDGE_DATA_DIR.
type disk struct {
	writer     *calllog.Writer
	facts      *consent.Spool
	ledger     consent.Ledger
	recordings *recording.Folder
}

// Flush implements erasure.Local.
func (d disk) Flush(ctx context.Context) error {
	if err := d.writer.Empty(ctx); err != nil {
		return err
	}
	return d.facts.Replay(ctx, d.ledger)
}

// CallsWith implements erasure.Local.
func (d disk) CallsWith(n phone.Number) ([]string, error) { return d.writer.RejectedWith(n.E164()) }

// Erase implements erasure.Local.
func (d disk) Erase(n phone.Number, calls []string) (erasure.Counts, error) {
	lines, err := d.writer.EraseRejected(n.E164(), calls)
	if err != nil {
		return nil, err
	}
	files, err := d.recordings.Erase(calls)
	return erasure.Counts{"recordings": files.Recordings, "messages": files.Messages, "rejected": lines}, err
}

// Recorded implements erasure.Local.
func (d disk) Recorded() ([]string, error) { return d.recordings.Calls() }

// erasing makes what deletes people's data.
func (s *service) erasing(master []byte, log zerolog.Logger) (*erasure.Service, error) {
	key, err := subkey(master, "erasures")
	if err != nil {
		return nil, err
	}
	return erasure.New(erasure.Config{Store: s.db.Erasures(), Ledger: s.gate.ledger, Key: key, Instance: s.instance.name, Log: log,
		Local: disk{s.writer, s.gate.Spool, s.gate.ledger, s.recordings}, Permits: s.permits.Person})
}

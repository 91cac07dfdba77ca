package service

import (
	"context"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/erasure"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/recording"
)

// Disk is what this instance keeps of people in BRIDGE_DATA_DIR.
type Disk struct {
	Writer     *calllog.Writer
	Facts      *consent.Spool
	Ledger     consent.Ledger
	Recordings *recording.Folder
}

// Flush implements erasure.Local.
func (d Disk) Flush(ctx context.Context) error {
	if err := d.Writer.Empty(ctx); err != nil {
		return err
	}
	return d.Facts.Replay(ctx, d.Ledger)
}

// CallsWith implements erasure.Local.
func (d Disk) CallsWith(n phone.Number) ([]string, error) { return d.Writer.RejectedWith(n.E164()) }

// Erase implements erasure.Local.
func (d Disk) Erase(n phone.Number, calls []string) (erasure.Counts, error) {
	lines, err := d.Writer.EraseRejected(n.E164(), calls)
	if err != nil {
		return nil, err
	}
	files, err := d.Recordings.Erase(calls)
	return erasure.Counts{"recordings": files.Recordings, "messages": files.Messages, "rejected": lines}, err
}

// Recorded implements erasure.Local.
func (d Disk) Recorded() ([]string, error) { return d.Recordings.Calls() }

// erasing makes what deletes people's data.
func (s *Service) erasing(master []byte, log zerolog.Logger) (*erasure.Service, error) {
	key, err := subkey(master, "erasures")
	if err != nil {
		return nil, err
	}
	return erasure.New(erasure.Config{Store: s.DB.Erasures(), Ledger: s.Gate.PGLedger, Key: key, Instance: s.Instance.Name, Log: log,
		Local: Disk{s.Writer, s.Gate.Spool, s.Gate.PGLedger, s.Recordings}, Permits: s.permits.Person})
}

package service

import (
	"context"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/twiliocarrier"
	"github.com/patchcord/patchcord/postgres"
)

// SharedSteps is what the instances know together, with the steps that calls follow as
// documents of their carrier: so a row can be answered by an instance of any version.
type SharedSteps struct {
	*postgres.DB
	Documents twiliocarrier.Documents
}

var _ call.Shared = SharedSteps{}

// SetNext keeps the step that a call shall follow after its stream.
func (s SharedSteps) SetNext(ctx context.Context, id carrier.CallID, step carrier.Step) error {
	document, err := s.Documents.Write(step)
	if err != nil {
		return err
	}
	return s.DB.SetNext(ctx, string(id), document)
}

// TakeNext returns what SetNext has left, once.
func (s SharedSteps) TakeNext(ctx context.Context, id carrier.CallID) (carrier.Step, bool, error) {
	document, found, err := s.DB.TakeNext(ctx, string(id))
	if err != nil || !found {
		return nil, false, err
	}
	return carrier.Document{Text: document}, true, nil
}

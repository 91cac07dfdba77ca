package service

import (
	"context"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/twiliocarrier"
	"github.com/patchcord/patchcord/postgres"
)

// SharedSteps is what the instances know together. The steps that calls follow are kept as
// steps and as documents of their carrier, so that an instance of either version can answer
// what one of the other has left.
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
	encoded, err := carrier.EncodeStep(step)
	if err != nil {
		return err
	}
	return s.DB.SetNext(ctx, string(id), postgres.Next{Document: document, Step: string(encoded)})
}

// TakeNext returns what SetNext has left, once.
func (s SharedSteps) TakeNext(ctx context.Context, id carrier.CallID) (carrier.Step, bool, error) {
	next, found, err := s.DB.TakeNext(ctx, string(id))
	if err != nil || !found {
		return nil, false, err
	}
	step, err := carrier.DecodeStep([]byte(next.Step))
	if err != nil { // of another version: answered as it is
		step = carrier.Document{Text: next.Document}
	}
	return step, true, nil
}

package permits

import "context"

// Seller is on whose behalf a permit was issued. The error is [ErrUnknown] or one of the
// store; while that is away, this instance still knows the permits that it issued last.
func (s *Service) Seller(ctx context.Context, id string) (name string, err error) {
	if req, ok := s.recent.get(id); ok {
		return req.Seller.Name, nil
	}
	err = s.cfg.Store.ReportPermit(ctx, id, "", func(r *Record, _ *Claim) (*Claim, error) {
		err := s.vault.open(r, s.cfg.Sellers)
		name = r.request.Seller.Name
		return nil, err
	})
	return name, err
}

package bridge

// finding is what the doctor found in one place.
type finding struct {
	What  string `json:"what"`
	State string `json:"state"` // ok | warning | wrong
	Say   string `json:"say"`
}

const (
	well    = "ok"
	warning = "warning"
	wrong   = "wrong"
)

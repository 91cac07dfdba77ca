package chaos

import "testing"

// What a plan fails without is left out.
func TestShrink(t *testing.T) {
	var p Plan
	for seed := uint64(1); len(p.Faults) < 3 || len(p.Calls) < 3; seed++ {
		p = NewPlan(seed)
	}
	guilty := p.Faults[1]
	small := Shrink(p, func(p Plan) bool {
		for _, f := range p.Faults {
			if f == guilty {
				return true
			}
		}
		return false
	})
	if len(small.Faults) != 1 || small.Faults[0] != guilty || len(small.Calls) != 1 || len(small.Calls[0].Acts) != 0 {
		t.Errorf("as small as it can be:\n%v", small)
	}
	if small := Shrink(p, func(Plan) bool { return false }); len(small.Calls) != len(p.Calls) {
		t.Error("a plan that fails only as a whole has become smaller")
	}
}

// A seed's plan is the same each time, and a new row of a table changes few of them.
func TestPlansStay(t *testing.T) {
	old := make([]string, 400)
	for seed := range old {
		if old[seed] = NewPlan(uint64(seed)).String(); old[seed] != NewPlan(uint64(seed)).String() {
			t.Fatalf("seed %d has two plans", seed)
		}
	}
	before := LineFaults
	defer func() { LineFaults = before }()
	LineFaults = append(append([]*Event{}, before...), &Event{Name: "a new one"})
	changed := 0
	for seed := range old {
		if NewPlan(uint64(seed)).String() != old[seed] {
			changed++
		}
	}
	if changed == 0 || changed > len(old)/8 {
		t.Errorf("%d of %d plans have changed", changed, len(old))
	}
}

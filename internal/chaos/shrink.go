package chaos

import "slices"

// Shrink leaves out of a plan what it fails without: faults one by one, then calls, then what is done in them. It is
// asked of each plan whether it still fails.
func Shrink(p Plan, fails func(Plan) bool) Plan {
	for again := true; again; {
		again = false
		for _, smaller := range p.smaller() {
			if fails(smaller) {
				p, again = smaller, true
				break
			}
		}
	}
	return p
}

// smaller is the plans that have one thing less.
func (p Plan) smaller() (list []Plan) {
	for i := range p.Faults {
		less := p
		less.Faults = slices.Delete(slices.Clone(p.Faults), i, i+1)
		list = append(list, less)
	}
	for i, c := range p.Calls {
		if len(p.Calls) == 1 {
			break
		}
		less := p
		less.Calls = slices.Delete(slices.Clone(p.Calls), i, i+1)
		less.Faults = slices.DeleteFunc(slices.Clone(p.Faults), func(f Planned) bool { return f.Call == c.N })
		list = append(list, less)
	}
	for i, c := range p.Calls {
		for k := range c.Acts {
			less := p
			less.Calls = slices.Clone(p.Calls)
			less.Calls[i].Acts = slices.Delete(slices.Clone(c.Acts), k, k+1)
			list = append(list, less)
		}
	}
	return list
}
